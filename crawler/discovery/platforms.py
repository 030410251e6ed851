"""Platforms that many sites run on, how they are told, and where they list their articles. Pure.

A listing is a path below the site's root; ``{path}`` stands for that of the page at hand. Of each row the first that
holds a listing is used. Where one does not say how it goes on, it is asked on by the parameter that counts in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.discovery.page import Page

__all__ = ["PLATFORMS", "Platform", "at", "following", "of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    name: str
    generator: str = ""
    """What its generator element or header says, as a pattern."""
    resources: str = ""
    """Where its scripts, styles and links come from, or what a header of its is called, as a pattern."""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    """Listings of any section."""


PLATFORMS = (
    Platform(
        name="wordpress",
        generator=r"WordPress",
        resources=r"api\.w\.org|/wp-(?:content|includes|json)/",
        feeds=(
            "/wp-json/wp/v2/posts?_fields=link,title,date_gmt,modified_gmt&per_page=100&page=1",
            "/?rest_route=/wp/v2/posts&per_page=100&page=1",
            "/feed/?paged=1",
        ),
        sitemaps=("/wp-sitemap.xml", "/sitemap_index.xml"),
    ),
    Platform(name="ghost", generator=r"Ghost", feeds=("/rss/",), sitemaps=("/sitemap-posts.xml",)),
    Platform(
        name="substack",
        resources=r"substackcdn\.com|x-sub$",
        feeds=("/api/v1/archive?sort=new&limit=50&offset=0", "/feed"),
        sitemaps=("/sitemap.xml",),
    ),
    Platform(
        name="medium",
        resources=r"cdn-client\.medium\.com|com\.medium\.reader",
        feeds=("/feed{path}",),
        sitemaps=("/sitemap/sitemap.xml",),
    ),
    Platform(
        name="blogger",
        generator=r"blogger",
        resources=r"//www\.blogger\.com/",
        feeds=("/feeds/posts/default?max-results=150&start-index=1",),
        sitemaps=("/sitemap.xml",),
    ),
    Platform(name="drupal", generator=r"Drupal", feeds=("/rss.xml", "/node/feed"), sitemaps=("/sitemap.xml",)),
    Platform(
        name="squarespace",
        resources=r"static1\.squarespace\.com|x-contextid$",
        sitemaps=("/sitemap.xml",),
        sections=("{path}?format=json",),
    ),
    Platform(
        name="wix",
        generator=r"Wix\.com",
        resources=r"static\.parastorage\.com|x-wix-request-id$",
        feeds=("/blog-feed.xml",),
        sitemaps=("/blog-posts-sitemap.xml", "/sitemap.xml"),
    ),
    Platform(name="joomla", generator=r"Joomla", sections=("{path}?format=feed&type=rss",), sitemaps=("/sitemap.xml",)),
    Platform(
        name="tumblr", resources=r"assets\.tumblr\.com|x-tumblr-user$", feeds=("/rss",), sitemaps=("/sitemap1.xml",)
    ),
    Platform(name="hugo", generator=r"Hugo", feeds=("/index.xml", "/posts/index.xml"), sitemaps=("/sitemap.xml",)),
    Platform(name="jekyll", generator=r"Jekyll", feeds=("/feed.xml",), sitemaps=("/sitemap.xml",)),
    Platform(name="typo3", generator=r"TYPO3", sitemaps=("/sitemap.xml", "/?type=1533906435")),
    Platform(name="movable-type", generator=r"Movable Type", feeds=("/atom.xml", "/index.xml")),
)
"""Asked in this order; a platform more is an entry more."""

_COUNTING: tuple[tuple[str, str, int], ...] = (
    (r"/wp/v2/posts(?:[?&]|$)", "page", 1),
    (r"/feed/?\?(?:.*&)?paged=", "paged", 1),
    (r"/api/v1/archive\?", "offset", 0),
    (r"/feeds/posts/default(?:/-/[^?]+)?\?(?:.*&)?start-index=", "start-index", 0),
)
"""Addresses, the parameter that turns their pages, and by how much; 0: by the number of entries there were."""


def of(page: Page, headers: Mapping[str, str]) -> Platform | None:
    """The platform that a page is on; names of `headers` in lower case."""
    said = " ".join(
        [meta.get("content") or "" for meta in page.tree.iter("meta") if meta.get("name", "").lower() == "generator"]
        + [headers.get("x-generator", ""), headers.get("x-powered-by", "")]
    )
    used = "\n".join(
        [
            " ".join(element.get(name) or "" for name in ("href", "src", "rel", "content"))
            for element in page.tree.iter("link", "script", "meta")
        ]
        + [headers.get("link", ""), *headers]
    )
    for platform in PLATFORMS:
        if platform.generator and re.search(platform.generator, said, re.IGNORECASE):
            return platform
        if platform.resources and re.search(platform.resources, used, re.IGNORECASE | re.MULTILINE):
            return platform
    return None


def at(url: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Where listings of these names are, of the site, or the section, at `url`."""
    path = urlsplit(url).path.rstrip("/")
    return tuple(urljoin(url, name.format(path=path)) for name in names)


def following(url: str, count: int) -> str | None:
    """Where a platform's listing at `url`, which named `count` articles, goes on; None for other addresses."""
    for pattern, parameter, step in _COUNTING if count else ():
        if re.search(pattern, url):
            parts = urlsplit(url)
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            now = dict(pairs).get(parameter, "1" if step else "0")
            if not now.isdecimal():
                return None
            onward = [(name, value) for name, value in pairs if name != parameter]
            query = urlencode([*onward, (parameter, str(int(now) + (step or count)))], safe=",/")
            return parts._replace(query=query).geturl()
    return None
