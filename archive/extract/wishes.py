"""What a publisher asks not to be done with a page: robots directives, and reservations against training on it. Pure.

noindex nofollow noarchive    robots meta elements and X-Robots-Tag, for everybody or for us by name
unavailable-after             likewise, with the date in its origin
noai noimageai                likewise; ``noai`` also by Content-Usage or Content-Signal as header, and by robots.txt
tdm-reserved                  TDM Reservation Protocol: ``tdm-reservation: 1`` in the host's tdmrep.json, as header, or
                              as meta element; the later of these goes before the earlier ("Processing priority"), and
                              what is neither 0 nor 1 says nothing (section "tdm-reservation")
withheld                      the crawl kept to these, and one of them keeps the page out of the text feed

Each is a label; where it was said is its origin (``labels.noai``). Nothing here looks at the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from archive.extract import dates
from archive.http import Head
from archive.model import Discovery

__all__ = ["WISHES", "directives", "may_train", "wishes"]

WISHES: Final = (
    "noai",
    "noarchive",
    "nofollow",
    "noimageai",
    "noindex",
    "tdm-reserved",
    "unavailable-after",
    "withheld",
)
"""Labels that this module gives."""

_MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "none": ("noindex", "nofollow"),
    "nocache": ("noarchive",),
    **{word: (word,) for word in ("noindex", "nofollow", "noarchive", "noai", "noimageai")},
}
_CLOSED: Final = ("noindex", "noarchive")
"""What keeps a page from being shown, in full or at all."""
_TRAINING: Final = frozenset({"ai-train", "train-ai", "ai"})
_AFTER: Final = "unavailable_after"
_VALUED: Final = frozenset({_AFTER, "max-snippet", "max-image-preview", "max-video-preview"})
_LONGEST: Final = 2000
"""Characters of a policy's address."""
_MOST: Final = 100
"""Values, and words of one, that are looked at; hostile pages have thousands."""


def directives(values: Iterable[str], agent: str = "wirecopy") -> dict[str, str]:
    """What these ask of everybody or of `agent`: labels to what goes with them (the date of unavailable-after).

    `values` of robots meta elements or of X-Robots-Tag, where a part may be for one crawler: ``agent: noindex, …``
    up to the next that names one, or to the end.
    """
    found: dict[str, str] = {}
    for value in islice(values, _MOST):
        for scope, word, rest in _words(value):
            if scope not in ("", "*", "robots", agent):
                continue
            if word == _AFTER:
                moment = dates.parse(rest)
                if moment is not None:
                    found["unavailable-after"] = min(moment.value, found.get("unavailable-after", moment.value))
            else:
                found.update(dict.fromkeys(_MEANT.get(word, ()), ""))
    return found


def may_train(preferences: str) -> bool | None:
    """What a Content-Usage (draft-ietf-aipref-attach) or Content-Signal says of training; None where it says nothing.

    As in ``train-ai=n`` and ``search=yes, ai-train=no``; the more restrictive of several.
    """
    words = (word.partition("=") for word in re.split(r"[,;\s]+", preferences.lower()[:1000]))
    said = {value[:1] == "y" for name, _, value in words if name in _TRAINING and value in ("y", "yes", "n", "no")}
    return all(said) if said else None


def wishes(head: Head | None, meta: Mapping[str, Sequence[str]], hint: Discovery | None) -> dict[str, str]:
    """Labels to where each was said; `head` and `meta` of the page, `hint` of how the crawl came by it."""
    hint = hint or Discovery()
    agent = (hint.obeys or "wirecopy").lower()
    found: dict[str, str] = {}
    declared: str | None = None
    """Where rights are reserved and by which policy; empty where they are not, None where nothing was said."""
    if hint.reserved:
        declared = "tdmrep.json" if hint.reserved == "1" else f"tdmrep.json: {hint.reserved}"
    for origin, asked, reservations, policies in (
        ("header", _fields(head, "x-robots-tag"), _fields(head, "tdm-reservation"), _fields(head, "tdm-policy")),
        (
            "meta",
            [*meta.get("robots", ()), *(meta.get(agent, ()) if agent != "robots" else ())],
            meta.get("tdm-reservation", ()),
            meta.get("tdm-policy", ()),
        ),
    ):
        for label, said in directives(asked, agent).items():
            if label not in found or said < found[label].partition(": ")[2]:  # the earlier of two dates
                found[label] = f"{origin}: {said}" if said else origin
        if "1" in (values := {value.strip() for value in reservations}):
            declared = ": ".join((origin, *(url[:_LONGEST] for url in policies[:1])))
        elif "0" in values:
            declared = ""
    if declared:
        found["tdm-reserved"] = declared
    if "noai" not in found and any(
        may_train(said) is False for name in ("content-usage", "content-signal") for said in _fields(head, name)
    ):
        found["noai"] = "header"
    if hint.refused and "noai" not in found:
        found["noai"] = f"robots.txt: {', '.join(hint.refused)}"
    if hint.obeys and (closed := [label for label in _CLOSED if label in found]):
        found["withheld"] = ", ".join(closed)
    elif hint.obeys and (after := found.get("unavailable-after")):
        found["withheld"] = "from " + after.partition(": ")[2]
    return found


def _words(value: str) -> Iterator[tuple[str, str, str]]:
    """Whom a word is for (nobody in particular: nothing) and the word, in lower case; and what it is set to."""
    scope = ""
    pieces = iter(value.split(",")[:_MOST])
    for piece in pieces:
        name, rest = _pair(piece)
        if rest is not None and name not in _VALUED:
            scope = name
            name, rest = _pair(rest)
        if name == _AFTER and rest and rest.isalpha():  # Friday, 25 Jun 2027 15:00:00 GMT
            rest = next(pieces, "")
        yield scope, name, rest or ""


def _pair(text: str) -> tuple[str, str | None]:
    name, colon, rest = text.partition(":")
    return name.strip().lower(), rest.strip() if colon else None


def _fields(head: Head | None, name: str) -> Sequence[str]:
    return [value.decode("latin-1") for value in head.all(name.encode())] if head is not None else ()
