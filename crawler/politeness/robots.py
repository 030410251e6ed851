"""robots.txt as RFC 9309 has it: bytes to groups of rules, a group and a path to an answer. Pure.

Where the RFC leaves room: misspelt directives and missing colons are understood, as by Google's parser. Crawl-delay,
which we obey, and Content-Usage and Content-Signal, which we note, belong to their groups as rules do. Paths are
compared in one spelling (clause 2.2.2): escapes of unreserved characters undone, everything else but the delimiters
escaped, in capitals.
docs/decisions/0004-robots.md says why this is no library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

from crawler.agents import token_of

__all__ = ["ANYTHING", "LIMIT", "NOTHING", "Robots", "Rules"]

LIMIT = 500 * 1024
"""Bytes that are read (RFC 9309 clause 2.5); a line that this cuts is left out."""
_MAX_SITEMAPS = 1000

_LINE = re.compile(r"([^:\s]+(?:[ \t]+agent)?)(?:\s*(:)|\s)\s*(.*)", re.IGNORECASE | re.DOTALL)
_DELAY = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_KEYS = {
    **dict.fromkeys(("user-agent", "useragent", "user agent"), "agent"),
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), "disallow"),
    **dict.fromkeys(("sitemap", "site-map"), "sitemap"),
    **dict.fromkeys(("crawl-delay", "crawldelay"), "delay"),
    "allow": "allow",
    "content-usage": "usage",
    "content-signal": "signal",
}
_PLAIN = re.compile(r"[A-Za-z0-9\-._~/]*")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_KEPT_IN_PATH = "/%&="
_KEPT_IN_QUERY = "/?%&="


@dataclass(frozen=True, slots=True)
class Rules:
    """What a crawler may ask for, by the groups that name it."""

    allowed: Mapping[str, bool] = field(default_factory=dict)
    """Patterns without wildcards to whether they allow."""
    wild: tuple[tuple[str, bool], ...] = ()
    """Patterns with wildcards, the longest first, and among equals those that allow."""
    delay: float | None = None
    """Seconds between requests, as Crawl-delay asks."""
    lengths: tuple[int, ...] = ()
    """Of `allowed`'s patterns, the greatest first."""

    @classmethod
    def of(cls, patterns: Iterable[tuple[str, bool]], delay: float | None = None) -> Rules:
        """From patterns as a file spells them, and whether each allows."""
        plain: dict[str, bool] = {}
        wild: dict[str, bool] = {}
        for pattern, allows in dict.fromkeys(patterns):  # some repeat themselves to the limit
            if pattern := _pattern(pattern):
                kept = wild if "*" in pattern or pattern.endswith("$") else plain
                kept[pattern] = allows or kept.get(pattern, False)
        return cls(
            allowed=plain,
            wild=tuple(sorted(wild.items(), key=lambda rule: (-len(rule[0]), not rule[1]))),
            delay=delay,
            lengths=tuple(sorted({len(pattern) for pattern in plain}, reverse=True)),
        )

    def allows(self, path: str) -> bool:
        """Whether path and query of a URL may be asked for: the longest pattern decides, allow before disallow."""
        if not self.lengths and not self.wild:
            return True
        path = _spelt(path or "/")
        if path == "/robots.txt":
            return True
        longest, allowed = 0, True
        for length in self.lengths:
            if length <= len(path) and (found := self.allowed.get(path[:length])) is not None:
                longest, allowed = length, found
                break
        for pattern, allows in self.wild:
            if len(pattern) < longest or (len(pattern) == longest and not allows):
                break
            if _matches(pattern, path):
                return allows
        return allowed


ANYTHING = Rules()
NOTHING = Rules(allowed={"/": False}, lengths=(1,))


class Robots:
    """A robots.txt file: who may ask for what."""

    def __init__(self, body: bytes = b"") -> None:
        self._groups: dict[str, list[tuple[str, bool]]] = {}
        self._delays: dict[str, float] = {}
        self._usages: dict[str, list[tuple[str, str]]] = {}
        self.sitemaps: tuple[str, ...] = ()
        self._read(body)

    def names(self, token: str) -> bool:
        """Whether a group is for this crawler by name."""
        return token.lower() in self._groups

    def group(self, token: str) -> Sequence[tuple[str, bool]]:
        """The patterns of the groups that are for this crawler by name, and whether each allows."""
        return self._groups.get(token.lower(), ())

    def rules(self, token: str) -> Rules:
        """What holds for a crawler, by its product token: its own groups taken together, else those for all."""
        token = token.lower()
        token = token if token in self._groups else "*"
        return Rules.of(self._groups.get(token, ()), self._delays.get(token))

    def usages(self, token: str) -> Sequence[tuple[str, str]]:
        """What the groups that hold for a crawler say its finds may be used for: ``usage`` or ``signal``, and what."""
        token = token.lower()
        return self._usages.get(token if token in self._groups else "*", ())

    def _read(self, body: bytes) -> None:
        agents: list[str] = []
        open_ = False
        sitemaps: dict[str, None] = {}
        for key, value in _lines(body):
            if key == "agent":
                if not open_:
                    agents = []
                open_ = True
                if token := token_of(value):
                    agents.append(token)
                    self._groups.setdefault(token, [])
            elif key == "sitemap":
                if value and len(sitemaps) < _MAX_SITEMAPS:
                    sitemaps[value] = None
            else:
                open_ = False
                for agent in agents:
                    self._rule(agent, key, value)
        self.sitemaps = tuple(sitemaps)

    def _rule(self, agent: str, key: str, value: str) -> None:
        if key in ("usage", "signal"):
            self._usages.setdefault(agent, []).append((key, value))
        elif key != "delay":
            self._groups[agent].append((value, key == "allow"))
        elif number := _DELAY.match(value):
            self._delays[agent] = max(float(number[0]), self._delays.get(agent, 0.0))


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    """The lines that mean something: what they set, and its value without comments."""
    text = body[:LIMIT].replace(b"\0", b"").decode("utf-8", "replace")
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff\ufffd"))  # a byte order mark, or what was to be one
    if len(body) > LIMIT:
        lines.pop()
    for line in lines:
        found = _LINE.fullmatch(line.partition("#")[0].strip())
        if found and (key := _KEYS.get(" ".join(found[1].lower().split()))) and (found[2] or not found[3].count(" ")):
            yield key, found[3]


def _pattern(text: str) -> str:
    """A pattern in the one spelling; empty for one that says nothing. ``*`` and a final ``$`` keep their meaning."""
    if not text:
        return ""
    end = "$" if text.endswith("$") else ""
    spelt = _spelt(text.removesuffix("$"), wild=True)
    return ("" if spelt.startswith(("/", "*")) else "/") + spelt + end


def _spelt(text: str, *, wild: bool = False) -> str:
    if _PLAIN.fullmatch(text):
        return text
    path, mark, query = text.partition("?")
    keep = "*" if wild else ""
    path = quote(_unescaped(path, frozenset()), safe=_KEPT_IN_PATH + keep)
    return path + mark + quote(_unescaped(query, frozenset(b"/?")), safe=_KEPT_IN_QUERY + keep)


def _unescaped(text: str, also: frozenset[int]) -> bytes:
    """UTF-8, with escapes undone where they escape nothing that matters, in capitals where they do."""

    def undo(escape: re.Match[str]) -> str:
        byte = unquote_to_bytes(escape[0])[0]
        return chr(byte) if byte in _UNRESERVED or byte in also else escape[0].upper()

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(undo, text).encode("utf-8", "surrogatepass")


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern with wildcards matches from the start of the path. Linear: no pattern can make it slow."""
    anchored = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not parts:
        return len(path) == len(first) if anchored else True
    at = len(first)
    *middle, last = parts
    for part in middle:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
