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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from archive.asks import line, of_records
from archive.extract import dates
from archive.http import Head
from archive.model import Discovery

__all__ = ["WISHES", "asked", "directives", "may_train", "wishes"]

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
_AGENT: Final = "wirecopy"
_MOST: Final = 100
"""Values, and words of one, that are looked at; hostile pages have thousands."""


def directives(values: Iterable[str], agent: str = _AGENT) -> dict[str, str]:
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


def asked(head: Head | None, meta: Mapping[str, Sequence[str]], hint: Discovery | None) -> tuple[str, ...]:
    """What the page, the response and its host say of this, as lines (archive.asks); most say nothing.

    `head` and `meta` of the page, `hint` of how the crawl came by it.
    """
    hint = hint or Discovery()
    agent = (hint.obeys or _AGENT).lower()
    elements = [
        line(f"meta {name}", value)
        for name in dict.fromkeys(("robots", agent, "tdm-reservation", "tdm-policy"))
        for value in islice(meta.get(name, ()), _MOST)
        if name.startswith("tdm-") or directives([value], agent)  # most pages only say how they may be shown
    ]
    return (*of_records(head, hint), *elements)


def wishes(asks: Iterable[str]) -> dict[str, str]:
    """What the lines of `asked` come to: labels to where each was said."""
    said: dict[str, list[str]] = defaultdict(list)
    for each in asks:
        name, _, value = each.partition(": ")
        said[name].append(value)
    obeys = next(iter(said["crawl obeys"]), None)
    agent = (obeys or _AGENT).lower()
    found: dict[str, str] = {}
    reserved = None  # where, and by which policy; empty where rights are not, None where nothing was said
    for by in said["tdmrep.json reserves"]:
        reserved = "tdmrep.json" if by == "1" else f"tdmrep.json: {by}"
    for origin, values in (
        ("header", said["header x-robots-tag"]),
        ("meta", [*said["meta robots"], *(said[f"meta {agent}"] if agent != "robots" else ())]),
    ):
        for label, day in directives(values, agent).items():
            if label not in found or day < found[label].partition(": ")[2]:  # the earlier of two dates
                found[label] = f"{origin}: {day}" if day else origin
        declared = {value.strip() for value in said[f"{origin} tdm-reservation"]}
        if "1" in declared:
            reserved = ": ".join((origin, *said[f"{origin} tdm-policy"][:1]))
        elif "0" in declared:
            reserved = ""
    if reserved:
        found["tdm-reserved"] = reserved
    usages = [*said["header content-usage"], *said["header content-signal"]]
    if "noai" not in found and any(may_train(usage) is False for usage in usages):
        found["noai"] = "header"
    for names in said["robots.txt refuses"] if "noai" not in found else ():
        found["noai"] = f"robots.txt: {names}"
    if obeys and (closed := [label for label in _CLOSED if label in found]):
        found["withheld"] = ", ".join(closed)
    elif obeys and (after := found.get("unavailable-after")):
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
