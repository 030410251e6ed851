"""Images that waited for a script, shown at last, and once: what stood in for them without scripts goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from archive.replay.tokens import Attribute, Token, first, with_attribute
from archive.requisites import IMAGE, IMAGES

__all__ = ["loaded", "without_doubles"]

_PICTURES: Final = frozenset({"img", "source", "amp-img"})
_MOST: Final = 30
"""Tokens of a ``noscript`` element that stands in for an image."""


def loaded(token: Token) -> tuple[Attribute, ...]:
    """The attributes of an image or another element, those of an image as a lazy loader would have left them."""
    found = token.attributes
    if token.name not in _PICTURES:
        return found
    for shown, *waiting in (IMAGE, IMAGES):
        value = next((value for name in waiting if (value := first(found, name))), None)
        if value and (first(found, shown) or "data:").lstrip().startswith("data:"):
            found = with_attribute(found, shown, value)
    return found


def without_doubles(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without the ``noscript`` elements that repeat, right before it or behind it, an image that waited."""
    held: list[Token] = []  # a noscript element, and the space behind it
    within = behind_lazy = False
    for token in tokens:
        if within:
            held.append(token)
            if token.kind == "end" and token.name == "noscript":
                within = False
                if behind_lazy and any(each.name == "img" for each in held):
                    held = []
            elif len(held) > _MOST:
                within = False
                yield from held
                held = []
            continue
        if token.kind == "text" and not token.written.strip():
            if held:
                held.append(token)
            else:
                yield token
            continue
        lazy = token.kind == "start" and loaded(token) is not token.attributes
        if not (lazy and any(each.name == "img" for each in held)):
            yield from held
        held = []
        if token.kind == "start" and token.name == "noscript":
            held, within = [token], True
            continue
        behind_lazy = lazy
        yield token
    yield from held
