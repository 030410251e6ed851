"""Feeds and sitemaps over any run of articles, written as text the way content systems do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.newsroom.world import NAME, Article

__all__ = ["atom", "json_feed", "news_sitemap", "robots", "rss", "sitemap", "sitemap_index"]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"

Link = Callable[[Article], str]
"""The address by which a listing names an article: not always the one it lives at."""


def _newest(articles: Sequence[Article]) -> datetime | None:
    return max((article.updated for article in articles), default=None)


def rss(articles: Sequence[Article], link: Link, base: str, title: str = NAME) -> bytes:
    items = "".join(
        f"""<item><title>{escape(article.title)}</title>
<link>{escape(link(article))}</link>
<guid isPermaLink="false">courier-{article.number}</guid>
<pubDate>{format_datetime(article.published)}</pubDate>
{"".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in article.authors)}
<category>{article.section.title()}</category>
<description><![CDATA[<p>{escape(article.description)}</p>]]></description>
</item>
"""
        for article in articles
    )
    return f"""{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{escape(title)}</title><link>{base}/</link><description>All the news of the coast</description>
<language>en</language><atom:link href="{base}/feed.xml" rel="self" type="application/rss+xml"/>
{items}</channel></rss>
""".encode()


def atom(articles: Sequence[Article], link: Link, base: str) -> bytes:
    newest = _newest(articles)
    entries = "".join(
        f"""<entry><title type="text">{escape(article.title)}</title>
<link rel="alternate" type="text/html" href="{escape(link(article))}"/>
<id>tag:courier.example,2026:{article.number}</id>
<published>{article.published.isoformat()}</published><updated>{article.updated.isoformat()}</updated>
{"".join(f"<author><name>{escape(name)}</name></author>" for name in article.authors)}
<category term="{article.section}"/><summary type="text">{escape(article.description)}</summary></entry>
"""
        for article in articles
    )
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>{NAME}</title>
<id>tag:courier.example,2026:all</id><updated>{newest.isoformat() if newest else "2026-01-01T00:00:00Z"}</updated>
<link rel="self" href="{base}/feed.atom"/><link rel="alternate" href="{base}/"/>
{entries}</feed>
""".encode()


def json_feed(articles: Sequence[Article], link: Link, base: str) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": f"courier-{article.number}",
            "url": link(article),
            "title": article.title,
            "summary": article.description,
            "content_text": article.paragraphs[0],
            "image": base + article.image,
            "date_published": article.published.isoformat(),
            "date_modified": article.updated.isoformat(),
            "authors": [{"name": name} for name in article.authors],
            "tags": list(article.tags),
            "language": article.language,
        }
        for article in articles
    ]
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": NAME,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feed.json",
        "items": items,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def sitemap(articles: Iterable[Article], link: Link) -> bytes:
    urls = "".join(
        f"<url><loc>{escape(link(article))}</loc><lastmod>{article.updated.isoformat()}</lastmod></url>\n"
        for article in articles
    )
    return f'{_XML}<urlset xmlns="{_SITEMAPS}">\n{urls}</urlset>\n'.encode()


def news_sitemap(articles: Iterable[Article], link: Link) -> bytes:
    urls = "".join(
        f"""<url><loc>{escape(link(article))}</loc><news:news>
<news:publication><news:name>{NAME}</news:name><news:language>{article.language}</news:language></news:publication>
<news:publication_date>{article.published.isoformat()}</news:publication_date>
<news:title>{escape(article.title)}</news:title></news:news></url>
"""
        for article in articles
    )
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'{_XML}<urlset xmlns="{_SITEMAPS}" xmlns:news="{news}">\n{urls}</urlset>\n'.encode()


def sitemap_index(parts: Iterable[tuple[str, datetime | None]]) -> bytes:
    """An index of (URL, last change)."""
    entries = "".join(
        f"<sitemap><loc>{escape(url)}</loc>{f'<lastmod>{when.isoformat()}</lastmod>' if when else ''}</sitemap>\n"
        for url, when in parts
    )
    return f'{_XML}<sitemapindex xmlns="{_SITEMAPS}">\n{entries}</sitemapindex>\n'.encode()


def robots(base: str) -> bytes:
    return f"""# Everyone may read; drafts are nobody's business yet.
User-agent: *
Disallow: /private/
Disallow: /search

Sitemap: {base}/sitemap.xml
Sitemap: {base}/sitemaps/news.xml
""".encode()
