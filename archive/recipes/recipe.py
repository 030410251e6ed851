"""One recipe: a TOML file, checked and compiled, and what it finds on a page.

Every error names the file, the key and what was expected there.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

import msgspec
from lxml import html

from archive.errors import ConfigError
from archive.recipes.selectors import Selector, selector
from archive.urls import host_of, split

__all__ = ["Found", "Recipe", "parse"]

Day = datetime.date


_Kind = Literal["article", "news", "opinion", "live-blog", "gallery", "video", "press-release", "index", "other"]
"""``article``: of the kind that it is judged to be."""


class _Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    select: str
    attribute: str | None = None
    """Of the elements; else their text."""
    match: str | None = None
    """Regular expression: its first group, or all that it matches, is the value."""


class _Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str | _Rule | None = None
    authors: str | _Rule | None = None
    published: str | _Rule | None = None
    modified: str | _Rule | None = None
    language: str | _Rule | None = None
    site: str | _Rule | None = None
    section: str | _Rule | None = None
    tags: str | _Rule | None = None
    description: str | _Rule | None = None
    image: str | _Rule | None = None
    body: str | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ("/*",)
    valid_from: Day | None = None
    valid_until: Day | None = None
    kind: _Kind | None = None
    drop: tuple[str, ...] = ()
    fields: _Fields = _Fields()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pick:
    selector: Selector
    attribute: str | None
    match: re.Pattern[str] | None

    def values(self, tree: html.HtmlElement) -> tuple[str, ...]:
        found = self.selector.texts(tree, self.attribute)
        if self.match is None:
            return tuple(found)
        matches = [one for text in found if (one := self.match.search(text))]
        return tuple(one[1] if one.re.groups else one[0] for one in matches if (one[1] if one.re.groups else one[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a recipe finds on a page."""

    values: Mapping[str, tuple[str, ...]]
    """By field, as the page has them; fields it did not find are left out."""
    body: tuple[html.HtmlElement, ...]
    dropped: int
    """Elements that are not in the page any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    name: str
    digest: str
    """Of what it says of reading a page, not of how the file is written."""
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    valid_from: Day | None
    valid_until: Day | None
    """Both days included."""
    kind: str | None
    drops: tuple[Selector, ...]
    picks: Mapping[str, _Pick]
    body: Selector | None
    next: Selector | None
    """The link to the next page of an article: an element with a ``href``, or an address."""

    @property
    def id(self) -> str:
        """What readings by it say in their options."""
        return f"{self.name}:{self.digest}"

    def fit(self, url: str, day: Day | None) -> tuple[int, int] | None:
        """How closely it fits a page captured on that day (None: today's rules): longer is closer; None where not."""
        hosts = self._fitting(host_of(url))
        path = split(url).path or "/"
        paths = [each for each in self.paths if fnmatchcase(path, each)]
        if day is None:
            timely = self.valid_until is None
        else:
            timely = (self.valid_from or day) <= day <= (self.valid_until or day)
        return (max(map(_closeness, hosts)), max(map(_closeness, paths))) if hosts and paths and timely else None

    def covers(self, host: str) -> bool:
        """Whether it is for pages of this host."""
        return bool(self._fitting(host))

    def _fitting(self, host: str) -> list[str]:
        host = host.removeprefix("www.")
        return [each for each in self.hosts if host == each or (each[0] == "*" and f".{host}".endswith(each[1:]))]

    def apply(self, tree: html.HtmlElement) -> Found:
        """Find the fields, then take out of the page what is to be dropped."""
        values = {name: found for name, pick in self.picks.items() if (found := pick.values(tree))}
        dropped = [element for each in self.drops for element in each.elements(tree)]
        for element in dropped:
            if element.getparent() is not None:
                element.drop_tree()
        body = self.body.elements(tree) if self.body else []
        return Found(values=values, body=_outermost(body), dropped=len(dropped))

    def following(self, tree: html.HtmlElement) -> list[str]:
        """Where the next page of an article is said to be, as the page has it."""
        return self.next.texts(tree, "href") if self.next else []


def parse(name: str, text: str) -> Recipe:
    """The recipe of the file ``recipes/NAME.toml``; ConfigError where it is not right."""
    try:
        file = msgspec.toml.decode(text, type=_File)
    except msgspec.MsgspecError as error:
        raise _wrong(name, _plainly(str(error))) from error
    if not file.hosts:
        raise _wrong(name, "hosts: expected at least one host, such as example.org or *.example.org")
    for number, host in enumerate(file.hosts):
        bare = host.removeprefix("*.")
        if not bare or host_of(f"https://{bare}/") != bare:
            raise _wrong(
                name, f"hosts[{number}]: {host!r} is no host: expected example.org or *.example.org, lower case"
            )
    for number, path in enumerate(file.paths):
        if not path.startswith(("/", "*")):
            raise _wrong(name, f"paths[{number}]: {path!r}: expected a path, such as /news/*")
    if file.valid_from and file.valid_until and file.valid_until < file.valid_from:
        raise _wrong(name, f"valid_until: {file.valid_until} is before valid_from, {file.valid_from}")
    body = file.fields.body
    return Recipe(
        name=name,
        digest=hashlib.blake2b(msgspec.json.encode(_of_reading(file)), digest_size=6).hexdigest(),
        hosts=tuple(host.removeprefix("www.") for host in file.hosts),
        paths=file.paths,
        valid_from=file.valid_from,
        valid_until=file.valid_until,
        kind=file.kind,
        drops=tuple(_selector(name, f"drop[{number}]", each) for number, each in enumerate(file.drop)),
        picks={
            field: _pick(name, f"fields.{field}", rule)
            for field in _Fields.__struct_fields__
            if field != "body" and (rule := getattr(file.fields, field)) is not None
        },
        body=_selector(name, "fields.body", body) if body else None,
        next=_selector(name, "next", file.next) if file.next else None,
    )


def _of_reading(file: _File) -> dict[str, Any]:
    """What decides how a page is read: where the crawl goes on from it does not."""
    return {name: value for name, value in msgspec.structs.asdict(file).items() if name != "next"}


def _pick(name: str, key: str, rule: str | _Rule) -> _Pick:
    if isinstance(rule, str):
        return _Pick(selector=_selector(name, key, rule), attribute=None, match=None)
    try:
        match = re.compile(rule.match) if rule.match else None
    except re.error as error:
        raise _wrong(name, f"{key}.match: {rule.match!r} is no regular expression ({error})") from error
    return _Pick(selector=_selector(name, f"{key}.select", rule.select), attribute=rule.attribute, match=match)


def _selector(name: str, key: str, text: str) -> Selector:
    try:
        return selector(text)
    except ValueError as error:
        raise _wrong(name, f"{key}: {error}") from error


def _wrong(name: str, why: str) -> ConfigError:
    return ConfigError(f"recipes/{name}.toml: {why}")


_AT: Final = re.compile(r"(?P<what>.*) - at `\$\.?(?P<key>.*)`", re.DOTALL)


def _plainly(message: str) -> str:
    """msgspec's message, the key first."""
    at = _AT.fullmatch(message)
    what = (at["what"] if at else message).replace("Object contains unknown field", "unknown key")
    what = what.replace("Object missing required field", "missing key")
    return f"{at['key']}: {what}" if at and at["key"] else what


def _closeness(pattern: str) -> int:
    return len(pattern) + (1000 if "*" not in pattern else 0)


def _outermost(found: list[html.HtmlElement]) -> tuple[html.HtmlElement, ...]:
    """Those that are not within another of them."""
    chosen = set(found)
    return tuple(each for each in found if chosen.isdisjoint(each.iterancestors()))
