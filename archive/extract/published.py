"""When a page was published and changed: which of the dates that it gives.

What it declares goes before what it shows, and where it declares nothing its address is the judge of what it shows. Of
the sources that agree on the day, the one with a time and a zone is taken; and an instant that is declared in UTC and
shown in the newsroom's own time is given in that, since its day is the one that readers know. htmldate, which searches
the whole page, is asked only when all else is silent.

A day after the capture, or before the Web, is believed only where nothing else is given and the page declares it, and
the day that machines count from never is: that is a date that was left empty. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from htmldate import find_date
from lxml import html

from archive.extract import dates, jsonld, language
from archive.extract.dates import Moment, Setting
from archive.extract.page import Page, dates_above
from archive.model import Discovery
from archive.urls import split

__all__ = ["Dated", "modified", "published", "setting"]

Dated = tuple[str, Moment]
"""Where a date came from, and the date."""

_OPENGRAPH: Final = (
    *("article:published_time", "article:published:time", "og:published_time", "og:article:published_time"),
    "article:published",
)
_META: Final = (
    *("parsely-pub-date", "sailthru.date", "datepublished", "date_published", "publication_date", "pubdate"),
    *("publish-date", "publishdate", "publish_date", "article.published", "dc.date.issued", "dcterms.created"),
    *("dc.date.created", "dc.date", "dcterms.date", "dcterms.issued", "dcterms.available", "pdate", "date"),
    *("citation_publication_date", "bt:pubdate", "cxenseparse:recs:publishtime", "article_date_original"),
)
_IN_PATH: Final = re.compile(
    r"(?<![^/_-])(?P<y>(?:19|20)\d\d)(?:(?P<part>[/-])(?P<m>\d\d?|[a-z]{3})(?P=part)(?P<d>\d\d?)|(?P<m2>\d\d)(?P<d2>\d\d))"
    r"(?![^/._-])",
    re.IGNORECASE | re.ASCII,
)
"""A day in an address: /2024/05/03/, /2024/may/03/, /2024-05-03-, /20240503/."""
_WEB: Final = "1990"
_EMPTY: Final = frozenset({"1970-01-01", "1969-12-31"})
"""The day from which machines count, and what it is west of Greenwich."""
_QUARTER: Final = timedelta(minutes=15)
"""What offsets from UTC are multiples of …"""
_WEST: Final = timedelta(hours=-9)
_EAST: Final = timedelta(hours=14)
"""… between these; what is further west is a clock of twelve hours."""


def setting(page: Page, captured: datetime | None) -> Setting:
    """Where and when the page's dates are read: of two tags for the same language, that which names a country."""
    own, other = page.language, page.first("og:locale")
    tags = [tag for tag in (own, other) if tag and language.code(tag) == language.code(own or other)]
    return Setting.of(max(tags, key=lambda tag: len(tag) > 3, default=None), page.url, captured)


def published(page: Page, tree: html.HtmlElement | None, hint: Discovery, setting: Setting) -> Dated | None:
    """When the page was published; the whole `tree` is searched as a last resort, where there is one."""
    declared = list(_moments(_declared(page, hint), setting))
    shown = _believed(_moments(_shown(page), setting), setting)
    if not declared and not shown and tree is not None:
        shown = _believed(_moments((("shown", text) for text in dates_above(tree)), setting), setting)
    if not declared and not shown:
        shown = _believed(_moments((("shown", text) for text in page.shown_recent), setting), setting)[:1]
    if not declared and (day := _in_address(page.url)):
        shown = [other for other in shown if _near(other[1], day)] or [("url", day)]
    found = _believed(declared, setting) + shown or declared
    if not found and tree is not None:
        found = list(_searched(page, tree))
    if not found:
        return None
    same_day = [other for other in found if other[1].day == found[0][1].day]
    return _local(max(same_day, key=lambda other: (other[1].precision != "day", other[1].zoned)), found)


def _believed(found: Iterable[Dated], setting: Setting) -> list[Dated]:
    """Those that a page on the Web may have been published at by the time it was captured."""
    return [dated for dated in found if dated[1].value >= _WEB and not setting.is_ahead(dated[1])]


def modified(page: Page, setting: Setting) -> Iterator[Dated]:
    """When it says it was changed."""
    return _moments(_modified(page), setting)


def _declared(page: Page, hint: Discovery) -> Iterator[tuple[str, str]]:
    yield "json-ld", page.said("datePublished", "dateCreated", "uploadDate") or ""
    for origin, keys in (("opengraph", _OPENGRAPH), ("meta", _META)):
        for key in keys:
            for value in page.meta.get(key, ()):
                yield origin, value
    for value in page.items.get("datePublished", ()):
        yield "microdata", value
    for marked, value in page.times:
        if marked == "published":
            yield "time", value
    yield "feed", hint.published or ""


def _shown(page: Page) -> Iterator[tuple[str, str]]:
    """Last what is declared of the page rather than of its article: systems date pages anew that they only rebuild."""
    for text in page.shown_dates:
        yield "shown", text
    for marked, value in page.times[:1]:
        if not marked:
            yield "time", value
    for node in page.nodes:
        if "datePublished" in node and jsonld.names(node, page.own):
            yield from (("json-ld", value) for value in jsonld.strings(node["datePublished"])[:1])


def _searched(page: Page, tree: html.HtmlElement) -> Iterator[Dated]:
    day = find_date(tree, extensive_search=False, original_date=True, url=page.url, max_date="2100-01-01")
    return _moments([("htmldate", day or "")], dates.NOWHERE)


def _modified(page: Page) -> Iterator[tuple[str, str]]:
    yield "json-ld", page.said("dateModified") or ""
    yield (
        "opengraph",
        page.first("article:modified_time", "article:modified:time", "og:updated_time", "article:updated_time") or "",
    )
    yield "microdata", next(iter(page.items.get("dateModified", ())), "")
    yield "meta", page.first("dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revision_date") or ""
    for marked, value in page.times:
        if marked == "modified":
            yield "time", value


def _moments(found: Iterable[tuple[str, str]], setting: Setting) -> Iterator[Dated]:
    for origin, value in found:
        if (moment := dates.parse(value, setting)) and moment.day not in _EMPTY:
            yield origin, moment


def _in_address(url: str) -> Moment | None:
    """The day that stands in the path of an address."""
    match = _IN_PATH.search(split(url).path)
    if match is None:
        return None
    year, month, day = match["y"], match["m"] or match["m2"], match["d"] or match["d2"]
    return dates.parse(f"{year}-{month}-{day}" if month.isdecimal() else f"{day} {month} {year}")


def _near(moment: Moment, day: Moment) -> bool:
    """Whether it is that day somewhere on Earth."""
    return abs(date.fromisoformat(moment.day) - date.fromisoformat(day.day)) <= timedelta(days=1)


def _local(chosen: Dated, found: Sequence[Dated]) -> Dated:
    """`chosen`, in the time of the newsroom where it is in UTC and another date is the same instant there.

    A time without a zone is the same instant if it is some quarters of an hour away from it, as offsets are; and of
    instants on the quarter itself that says nothing.
    """
    origin, moment = chosen
    if moment.precision == "day" or not moment.zoned:
        return chosen
    instant = datetime.fromisoformat(moment.value)
    if instant.utcoffset():
        return chosen
    told = instant.minute % 15 != 0
    for _, other in found:
        if other.precision == "day":
            continue
        theirs = datetime.fromisoformat(other.value)
        if other.zoned:
            ahead = theirs.utcoffset() or timedelta()
            same = abs(theirs - instant) < timedelta(minutes=1)
        else:
            ahead = theirs.replace(second=0) - instant.replace(second=0)
            same = told and not ahead % _QUARTER and _WEST <= ahead <= _EAST
        if same and ahead:
            there = instant.astimezone(timezone(ahead))
            return origin, Moment(value=there.isoformat(), precision=moment.precision, zoned=True)
    return chosen
