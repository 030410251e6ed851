"""Title, authors, dates and the rest of an article's metadata, each with where it came from.

JSON-LD first, then OpenGraph, microdata, plain meta elements and what stands on the page; what a feed or sitemap said
fills the gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lxml import html

from archive.extract import authors, jsonld, language, published, titles
from archive.extract.page import Page
from archive.model import Discovery
from archive.urls import host_of, registrable_domain, split

__all__ = ["Metadata", "read"]

_MAX_TAGS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of a page beside its text; field names are those of Extraction."""

    title: str | None
    authors: tuple[str, ...]
    published: str | None
    published_precision: Literal["day", "hour", "minute", "second"] | None
    modified: str | None
    language: str | None
    """As declared."""
    site: str | None
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    image: str | None
    canonical_url: str | None
    origins: dict[str, str]


Found = tuple[str, str]
"""Where a value came from, and the value."""


def read(
    page: Page,
    tree: html.HtmlElement,
    hint: Discovery | None = None,
    *,
    thorough: bool = True,
    captured: datetime | None = None,
) -> Metadata:
    """The metadata of a page; `tree` is the one `page` was made from, `hint` what named it, `captured` when it was.

    Not `thorough` is enough for a page that is no article: the whole page is not searched for a date it may not have.
    """
    hint = hint or Discovery()
    origins: dict[str, str] = {}

    def one(field: str, found: Iterable[Found]) -> str | None:
        for origin, value in found:
            if value:
                origins[field] = origin
                return value
        return None

    def many(field: str, found: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
        for origin, values in found:
            if values:
                origins[field] = origin
                return values
        return ()

    site = one("site", _site(page))
    called = _site_names(page, site)
    title = titles.best(list(_titles(page, hint)), page.h1s, called)
    if title:
        origins["title"] = title[1]
    written = many("authors", authors.named(page, hint, called))
    setting = published.setting(page, captured)
    dated = published.published(page, tree if thorough else None, hint, setting)
    if dated:
        origins["published"] = dated[0]
    return Metadata(
        title=title[0] if title else None,
        authors=written,
        published=dated[1].value if dated else None,
        published_precision=dated[1].precision if dated else None,
        modified=one("modified", ((origin, moment.value) for origin, moment in published.modified(page, setting))),
        language=one("language", _language(page, hint)),
        site=site,
        section=one("section", _section(page)),
        tags=many("tags", _tags(page)),
        description=one("description", _description(page)),
        image=one("image", _image(page)),
        canonical_url=one("canonical_url", _canonical(page)),
        origins=origins,
    )


def _site(page: Page) -> Iterator[Found]:
    yield "opengraph", page.first("og:site_name") or ""
    if page.node is not None:
        for publisher in jsonld.resolve(page.node.get("publisher"), page.nodes):
            yield "json-ld", jsonld.name(publisher)
    for node in page.nodes:
        if "WebSite" in jsonld.types(node):
            yield "json-ld", jsonld.name(node)
    yield "meta", page.first("application-name", "dc.publisher", "publisher", "apple-mobile-web-app-title") or ""


def _site_names(page: Page, site: str | None) -> list[str]:
    """What the site may be called in titles: its name, its host and the host's own part."""
    host = host_of(page.url)
    domain = registrable_domain(host)
    published = [name for _, name in _site(page)]
    return [*published, site or "", host, host.removeprefix("www."), domain, domain.split(".")[0]]


def _titles(page: Page, hint: Discovery) -> Iterator[Found]:
    yield "json-ld", page.said("headline") or ""
    yield "opengraph", page.first("og:title") or ""
    yield "microdata", next(iter(page.items.get("headline", ())), "")
    yield "meta", page.first("twitter:title", "parsely-title", "sailthru.title", "dc.title", "title", "headline") or ""
    yield "json-ld", page.said("name") or ""
    yield "title", page.title or ""
    yield "feed", hint.title or ""


def _language(page: Page, hint: Discovery) -> Iterator[Found]:
    yield "html", language.code(page.language) or ""
    yield "json-ld", language.code(page.said("inLanguage")) or ""
    yield "opengraph", language.code(page.first("og:locale")) or ""
    yield "meta", language.code(page.first("content-language", "dc.language", "language")) or ""
    yield "feed", language.code(hint.language) or ""


def _section(page: Page) -> Iterator[Found]:
    yield "json-ld", page.said("articleSection") or ""
    yield "opengraph", page.first("article:section", "og:article:section") or ""
    yield "microdata", next(iter(page.items.get("articleSection", ())), "")
    yield "meta", page.first("parsely-section", "section", "cxenseparse:section", "dc.subject") or ""


def _tags(page: Page) -> Iterator[tuple[str, tuple[str, ...]]]:
    if page.node is not None:
        yield "json-ld", _tag_list(jsonld.strings(page.node.get("keywords")))
    yield "opengraph", _tag_list(page.meta.get("article:tag", ()))
    for key in ("news_keywords", "keywords", "parsely-tags", "sailthru.tags"):
        yield "meta", _tag_list(page.meta.get(key, ()))


def _tag_list(values: Iterable[str]) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for value in values:
        for tag in value.replace(";", ",").replace("、", ",").replace("،", ",").split(","):
            if 1 < len(tag := tag.strip()) <= 80 and "://" not in tag:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:_MAX_TAGS]


def _description(page: Page) -> Iterator[Found]:
    yield "opengraph", page.first("og:description") or ""
    yield "json-ld", page.said("description") or ""
    yield "meta", page.first("description", "twitter:description", "dc.description", "sailthru.description") or ""


def _image(page: Page) -> Iterator[Found]:
    for origin, link in (
        ("opengraph", page.first("og:image:secure_url", "og:image", "og:image:url")),
        ("json-ld", next(iter(_image_urls(page)), None)),
        ("meta", page.first("twitter:image", "twitter:image:src", "parsely-image-url")),
        ("link", page.links.get("image_src")),
    ):
        if link and (absolute := page.absolute(link)).startswith(("http://", "https://")):
            yield origin, absolute


def _image_urls(page: Page) -> Iterator[str]:
    for image in jsonld.resolve(page.node.get("image"), page.nodes) if page.node is not None else ():
        urls = [image.get("url"), image.get("contentUrl")] if isinstance(image, dict) else [image]
        yield from (url for url in urls if isinstance(url, str) and url)


def _canonical(page: Page) -> Iterator[Found]:
    """What the page calls itself, as long as that is on its own domain and no mere home page."""
    domain = registrable_domain(host_of(page.url))
    for origin, link in (
        ("link", page.links.get("canonical")),
        ("opengraph", page.first("og:url")),
        ("json-ld", page.said("mainEntityOfPage", "url")),
    ):
        absolute = page.absolute(link) if link else ""
        if absolute.startswith(("http://", "https://")) and registrable_domain(host_of(absolute)) == domain:
            home = split(absolute).path in ("", "/") and split(page.url).path not in ("", "/")
            if not home:
                yield origin, absolute
