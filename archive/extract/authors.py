"""Who wrote an article: of all bylines that a page declares and shows, those of its writers.

The first source that names people is believed. Of several people, those whose byline says that they took the pictures,
checked or edited are no authors, as long as others are left; and where pages of several authors are linked, the line
that begins with "By" says which of them wrote. A login that is declared as the author gives way to a person who signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.extract import jsonld, names
from archive.extract.page import BY, Page
from archive.model import Discovery

__all__ = ["named"]

_WRITTEN_BY: Final = re.compile(
    r"(?:written|posted)\s+by|by|authors?|verfasst\s+von|autor(?:in)?|geschrieben\s+von|escrito\s+por|écrit\s+par|auteur"
    r"|scritto\s+da|autore|(?:door|geschreven\s+door)|napisane\s+przez|skrevet\s+av|skriven\s+av|skrevet\s+af|автор"
    r"|написано(?:\s+автором)?|kirjoittanut|yazan|napsal(?:\(a\))?|ditulis\s+oleh|作者|撰稿人|執筆者|投稿者|작성자|글쓴이",
    re.IGNORECASE,
)
_HELPED: Final = re.compile(
    r"""(?:with\ |additional\ )*(?:contributions?\ (?:from|by)
    |(?:photo(?:graph)?(?:y|s|ed)?|images?|pictures|video|graphics?|illustrat(?:ed|ions?)|styled|styling|produced|edited
    |translated|reporting|(?:fact[- ]|medically\ |expert\ )?(?:checked|reviewed))\ by
    |fotos?(?:\ (?:von|de))?:?|bilder\ von|mitarbeit:?|redaktion:|übersetzt\ von|photos?\ (?:de|par)|traduit\ par
    |traducción\ de)\s""",
    re.IGNORECASE | re.VERBOSE,
)
_LOGIN: Final = re.compile(r"(?=.*[._\d])\S+|[a-z]\S*|[A-Z][a-z]+[A-Z]", re.ASCII)
_AND: Final = re.compile(r"\s+(?:and|&|und|et|y|e|en|og|och)\s", re.IGNORECASE)
_LINKS: Final = 3

Bylines = tuple[str, list[str]]
"""Where they are from, and each."""


def named(page: Page, hint: Discovery, site_names: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The people of each source, the most trusted first; then the agency, desk or site that one declares.

    Then a name of any form that links to a page of authors and stands in a byline; then organisations, and desks that
    are only shown; and last a person whose name stands right before the date by the headline.
    """
    site = {names.folded(name) for name in site_names if name}
    logins: list[tuple[str, tuple[str, ...]]] = []
    declared: list[tuple[str, tuple[str, ...]]] = []
    shown: list[tuple[str, tuple[str, ...]]] = []
    for origin, bylines in _bylines(page, hint, site):
        people, others = names.authors(bylines, site, strict=origin == "byline")
        if len(people) > 1:
            people = _writers(people, page, site)
        elif people and origin != "byline":
            people = _with_others(people, page, site)
        is_login = origin != "byline" and len(people) == 1 and _LOGIN.fullmatch(people[0])
        if is_login:
            logins.append((origin, people))
        else:
            yield origin, people
        (shown if origin == "byline" else declared).append((origin, others))
    yield from logins
    yield from declared
    for link in page.author_links:
        if any(link in byline for byline in (*page.bylines, *page.shown_bylines)):
            yield "byline", names.authors([link], site)[0]
    if page.node is not None:
        for author in jsonld.resolve(page.node.get("author"), page.nodes):
            if _is_organization(author) and (name := jsonld.name(author)):
                yield "json-ld", (name,)
    yield from shown
    for date in page.shown_dates:
        yield "byline", names.before_date(date, site)


def _writers(people: tuple[str, ...], page: Page, site: set[str]) -> tuple[str, ...]:
    """Those of several people who wrote."""
    helped = [line[match.end() :] for line in page.bylines if (match := _HELPED.match(line))]
    helpers = {name.casefold() for line in helped for name in names.authors([line], site, strict=True)[0]}
    return tuple(name for name in people if name.casefold() not in helpers) or people


def _with_others(people: tuple[str, ...], page: Page, site: set[str]) -> tuple[str, ...]:
    """The one who is declared, and those whom a byline joins to that name."""
    for line in page.bylines:
        if BY.match(line) and (at := line.find(people[0])) >= 0 and _AND.match(line, at + len(people[0])):
            signing = names.authors([line], site, strict=True)[0]
            return signing if signing[:1] == people else people
    return people


def _bylines(page: Page, hint: Discovery, site: set[str]) -> Iterator[Bylines]:
    for key in ("author", "creator") if page.node is not None else ():
        found = jsonld.resolve(page.node.get(key), page.nodes) if page.node is not None else []
        yield "json-ld", [jsonld.name(author) for author in found if not _is_organization(author)]
    yield "meta", page.meta.get("author", [])
    yield "opengraph", page.meta.get("article:author", [])
    for key in ("parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "og:article:author"):
        yield "meta", page.meta.get(key, [])
    yield "meta", _labelled(page)
    yield "microdata", page.items.get("author", [])
    yield "feed", list(hint.authors)
    yield "byline", _linked(page, site)
    for byline in (*page.bylines, *page.shown_bylines):
        yield "byline", [byline]


def _labelled(page: Page) -> list[str]:
    """What a card for social media shows as "Written by", in whichever language: many systems write it first."""
    label, data = page.first("twitter:label1"), page.first("twitter:data1")
    return [data] if label and data and _WRITTEN_BY.fullmatch(label) else []


def _linked(page: Page, site: set[str]) -> list[str]:
    """The first people whose pages are linked; of several, those whom a line that begins with "By" names."""
    links = page.author_links[:_LINKS]
    people = names.authors(links, site, strict=True)[0]
    for line in (*page.bylines, *page.shown_bylines) if len(people) > 1 else ():
        if BY.match(line) and (signing := [name for name in people if name in line]):
            return signing
    return links


def _is_organization(value: object) -> bool:
    return isinstance(value, dict) and any(kind.endswith("Organization") for kind in jsonld.types(value))
