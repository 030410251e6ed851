"""An HTML document with its addresses led back into the archive, without scripts, and otherwise as it was. Pure.

Only tags that change are written anew; every other character stays. A lazy image, for which a script would have come,
gets the address that waits in its ``data-`` attributes; so does a style sheet that a script would have switched on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Final

from archive.replay import attributes, css
from archive.replay.lazy import loaded, without_doubles
from archive.replay.links import Links
from archive.replay.tokens import Attribute, Token, first, tokens, with_attribute

__all__ = ["rewrite"]

_MAX_DEPTH: Final = 3
"""Documents within ``srcdoc`` within documents."""
_BASE_WITHIN: Final = 10_000
"""Tags within which the ``base`` element is looked for."""
_POLICIES: Final = frozenset({"content-security-policy", "content-security-policy-report-only", "set-cookie"})
_CHARSET: Final = re.compile(r"(charset\s*=\s*)[\"']?[^\s;\"']+[\"']?", re.IGNORECASE)


def rewrite(text: str, links: Links, *, depth: int = 0) -> str:
    """The document; `links.base` is its own URL, which a ``base`` element in it may change."""
    if depth >= _MAX_DEPTH:
        return ""
    own = replace(links, base=_base(text, links)) if "<base" in text.lower() else links
    return "".join(
        _written(token, links if token.name == "base" else own, depth) for token in without_doubles(tokens(text))
    )


def _base(text: str, links: Links) -> str:
    """What the first ``base`` element says that links are relative to."""
    for token in islice(tokens(text), _BASE_WITHIN):
        if token.kind == "start" and token.name == "base" and (href := first(token.attributes, "href")) is not None:
            return links.absolute(href)
    return links.base


def _written(token: Token, links: Links, depth: int) -> str:
    if token.name == "script":
        return ""
    if token.kind == "text":
        return css.rewrite(token.written, links.to) if token.name == "style" else token.written
    if token.kind == "end":
        return token.written
    named = _named(token)
    if named is None:
        return ""
    changed = False
    parts: list[str] = []
    for attribute in named:
        value = _value(token, attribute, links, depth)
        changed |= value != attribute.value or not attribute.written
        if value is None:
            continue
        same = value == attribute.value and attribute.written
        parts.append(_apart(attribute.written) if same else f' {attribute.name}="{_escaped(value)}"')
    if not changed and len(named) == len(token.attributes):
        return token.written
    between = " " if token.closed == "/>" else ""
    return f"<{token.written[1 : len(token.name) + 1]}{''.join(parts)}{between}{token.closed}"


def _named(token: Token) -> tuple[Attribute, ...] | None:
    """The attributes as scripts would have left them; None for a tag that has no place here."""
    found = token.attributes
    match token.name:
        case "meta":
            equiv = (first(found, "http-equiv") or "").strip().lower()
            if equiv in _POLICIES or (first(found, "name") or "").strip().lower() == "referrer":
                return None
        case "link":
            return _switched_on(found)
    return loaded(token)


def _switched_on(found: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """``rel=preload as=style onload="this.rel='stylesheet'"`` and ``media=print onload="this.media='all'"``."""
    loaded = first(found, "onload") or ""
    relation = (first(found, "rel") or "").strip().lower()
    if "rel" in loaded and relation == "preload" and (first(found, "as") or "").strip().lower() == "style":
        return with_attribute(found, "rel", "stylesheet")
    if "media" in loaded and relation == "stylesheet":
        return with_attribute(found, "media", "all")
    return found


def _value(token: Token, attribute: Attribute, links: Links, depth: int) -> str | None:
    name, value = attribute.name, attribute.value
    if name.startswith("="):  # no name at all, and read as a value where the one before it goes
        return None
    if token.name == "meta":
        if name == "charset":
            return "utf-8"
        if name == "content" and (equiv := (first(token.attributes, "http-equiv") or "").strip().lower()):
            return attributes.refresh(value, links) if equiv == "refresh" else _CHARSET.sub(r"\1utf-8", value)
    if name != "data" or token.name == "object":
        return attributes.rewrite(name, value, links, lambda inner: rewrite(inner, links, depth=depth + 1))
    return value


def _apart(written: str) -> str:
    """The attribute with something before its name: a quote that ended the one before it may be gone."""
    return written if written[0] in "\t\n\f\r /" else f" {written}"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
