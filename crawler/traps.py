"""Which addresses are of the kind that sites make without end. Pure: addresses and digests in, verdicts out.

Two ways to tell. By its looks: paths that repeat themselves or go ever deeper, heaps of parameters. By experience: most
of the answers under one pattern of addresses have been the same page, so the others will be too; or one path comes with
ever other sets of parameters. Both let pass whatever a news site was seen to use: dates, numbers and ids are no sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from archive.urls import registrable_domain

__all__ = ["Experience", "Limits", "looks", "pattern"]

_LONGEST: Final = 4
"""Segments that are looked for three times in a row."""
_SAME: Final = 5
"""Times that one segment may occur in a path."""
_TRUSTED: Final = 50
_SAMPLED: Final = 8
"""Answers after which only every eighth is looked at, where few were the same so far."""

_NUMBER: Final = re.compile(r"\d+")
_ID: Final = re.compile(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,})*", re.IGNORECASE)
_SLUG: Final = re.compile(r"[^\W_]+(?:[-_+][^\W_]+){2,}")

_MOST_HOSTS: Final = 100_000
_MOST_PATTERNS: Final = 20_000
_MOST_MARKS: Final = 1_000
_MOST_SETS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is still taken for a site that means well; 0 turns a limit off."""

    length: int = 2083
    """Characters of an address."""
    depth: int = 16
    """Segments of a path."""
    parameters: int = 12
    """Parameters of a query."""
    same: int = 20
    """Answers under one pattern before it is judged: four of five the same page, and no more are asked for."""
    hosts: int = 100
    """Names of hosts below one registered domain."""
    sets: int = 30
    """Sets of parameter names that one path may come with."""


def looks(url: str, limits: Limits) -> str | None:
    """The limit that this address passes by its looks alone: ``length``, ``depth``, ``repetition``, ``parameters``."""
    if limits.length and len(url) > limits.length:
        return "length"
    if limits.parameters and "&" in url and url.count("&") >= limits.parameters:
        return "parameters"
    if not limits.depth:
        return None
    path = url.partition("?")[0].partition("//")[2].partition("/")[2]
    segments = path.split("/")
    if len(segments) > limits.depth:
        return "depth"
    once = set(segments)
    if len(once) == len(segments):
        return None
    repeated = _repeats(segments) or any(one and segments.count(one) >= _SAME for one in once)
    return "repetition" if repeated else None


def _repeats(segments: list[str]) -> bool:
    """Whether one to four, a letter in each, come three times in a row. (A pattern for it can take for ever.)"""
    for size in range(1, _LONGEST + 1):
        for at in range(len(segments) - 3 * size + 1):
            group = segments[at : at + size]
            again = group == segments[at + size : at + 2 * size] == segments[at + 2 * size : at + 3 * size]
            if again and all(any(map(str.isalpha, segment)) for segment in group):
                return True
    return False


@lru_cache(maxsize=1024)
def pattern(url: str) -> str:
    """What an address shares with its like: host, path without numbers, ids and slugs, names of parameters."""
    parts = urlsplit(url)
    path = "/".join(map(_kind_of, parts.path.split("/")))
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return f"{parts.netloc}{path}?{'&'.join(names)}" if names else f"{parts.netloc}{path}"


def _kind_of(segment: str) -> str:
    stem, dot, suffix = segment.rpartition(".")
    if dot and stem and len(suffix) <= 5:
        return f"{_kind_of(stem)}.{suffix}"
    bare = _NUMBER.sub("0", _ID.sub("0", segment))
    return "*" if _SLUG.fullmatch(bare) else bare


def _domain(host: str) -> str:
    """What somebody registered; below an ending that nobody knows, the last two labels (as publicsuffix.org has it)."""
    domain = registrable_domain(host)
    return ".".join(host.rsplit(".", 2)[-2:]) if domain == host and not host[-1:].isdigit() else domain


class Experience:
    """What the answers so far say of a pattern. Bounded: what more patterns there are, are not judged."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seen: dict[str, _Seen] = {}
        self._sets: dict[str, set[str]] = {}
        self._hosts: set[str] = set()
        self._names: dict[str, int] = {}

    def objection(self, url: str) -> str | None:
        """The limit that speaks against asking for this: ``hosts``, ``same-page`` or ``facets``."""
        if self._limits.hosts and (host := urlsplit(url).hostname or "") not in self._hosts:
            domain = _domain(host)
            if self._names.get(domain, 0) >= self._limits.hosts:
                return "hosts"
            if len(self._hosts) < _MOST_HOSTS:
                self._hosts.add(host)
                self._names[domain] = self._names.get(domain, 0) + 1
        kind = pattern(url)
        seen = self._seen.get(kind)
        if seen is not None and seen.closed:
            return "same-page"
        path, question, names = kind.partition("?")
        if not (question and self._limits.sets):
            return None
        sets = self._sets.get(path)
        if sets is None:
            if len(self._sets) >= _MOST_PATTERNS:
                return None
            sets = self._sets[path] = set()
        if names in sets:
            return None
        if len(sets) >= self._limits.sets:
            return "facets"
        sets.add(names)
        return None

    def answered(self, url: str) -> bool:
        """An answer came; whether to say with `told` what tells it from others."""
        if not self._limits.same:
            return False
        kind = pattern(url)
        seen = self._seen.get(kind)
        if seen is None:
            if len(self._seen) >= _MOST_PATTERNS:
                return False
            seen = self._seen[kind] = _Seen()
        seen.answers += 1
        return seen.doubtful or seen.answers % _SAMPLED == 0

    def told(self, url: str, mark: int) -> None:
        """`mark` is the same for answers that are the same."""
        self._seen[pattern(url)].add(mark, self._limits.same)


class _Seen:
    """Answers under one pattern."""

    __slots__ = ("answers", "closed", "looked_at", "marks", "repeats")

    def __init__(self) -> None:
        self.answers = self.looked_at = self.repeats = 0
        self.marks: set[int] = set()
        self.closed = False

    @property
    def doubtful(self) -> bool:
        return self.answers < _TRUSTED or self.repeats * 5 > self.looked_at

    def add(self, mark: int, enough: int) -> None:
        self.looked_at += 1
        if mark in self.marks:
            self.repeats += 1
        elif len(self.marks) < _MOST_MARKS:
            self.marks.add(mark)
        # Four of five of all answers so far: a site that is whole for a hundred pages is not shut for ten bad ones.
        self.closed = self.looked_at >= enough and self.repeats * 5 >= self.looked_at * 4
