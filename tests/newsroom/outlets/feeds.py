"""Outlets whose articles are all in a feed and nowhere else: one for each kind of feed, with its usual faults."""

from __future__ import annotations

import json
from email.utils import format_datetime
from html import escape
from typing import ClassVar

from tests.newsroom import feeds
from tests.newsroom.answers import Page
from tests.newsroom.outlets.outlet import Outlet, Query

__all__ = ["Atom", "Damaged", "JsonFeed", "Rdf", "Rss091", "Rss2"]

_PER_PAGE = 5


class Rss091(Outlet):
    """RSS 0.91 with its document type, in ISO 8859-1, with HTML's entities and links without a scheme."""

    name = "rss091"
    routes: ClassVar = {r"/backend\.php": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="text/xml" href="/backend.php"><link rel="feed" href="/backend.php">'

    def feed(self, query: Query) -> Page:
        address = self.base.removeprefix("http:")
        items = "".join(
            f"<item><title>{escape(a.title)} &eacute;t&eacute; &nbsp;</title><link>\n {address}{a.path} </link></item>"
            for a in self.articles
        )
        text = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Caf\u00e9</title><link>{self.base}/</link><language>en</language>
{items}</channel></rss>"""
        return self.document(text.encode("iso-8859-1", "xmlcharrefreplace"), "text/xml")


class Rdf(Outlet):
    """RSS 1.0, in UTF-16, served as plain text."""

    name = "rdf"
    routes: ClassVar = {r"/index\.rdf": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="application/rdf+xml" href="/index.rdf">'

    def feed(self, query: Query) -> Page:
        items = "".join(
            f"""<item rdf:about="{self.base}{a.path}"><title>{escape(a.title)}</title><link>{self.base}{a.path}</link>
<dc:date>{a.published.isoformat()}</dc:date><dc:creator>{escape(a.authors[0])}</dc:creator>
<dc:language>{a.language}</dc:language></item>"""
            for a in self.articles
        )
        text = f"""<?xml version="1.0" encoding="UTF-16"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{self.base}/"><title>News</title></channel>
{items}</rdf:RDF>"""
        return self.document(text.encode("utf-16"), "text/plain")


class Rss2(Outlet):
    """RSS 2.0 with media and a feed service's own links, addresses in CDATA, served as a page."""

    name = "rss2"
    routes: ClassVar = {r"/rss": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="application/rss+xml" href="/rss">'

    def feed(self, query: Query) -> Page:
        items = "".join(
            f"""<item><title><![CDATA[{a.title}]]></title><media:content url="{self.base}{a.image}" medium="image">
<media:title>Picture</media:title></media:content><link>https://feeds.example/~r/{a.number}</link>
<feedburner:origLink><![CDATA[{self.base}{a.path}?utm_source=feed&utm_medium=rss]]></feedburner:origLink>
<pubDate>{format_datetime(a.published)}</pubDate><guid isPermaLink="false">{a.number}</guid></item>"""
            for a in self.articles
        )
        text = f"""<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>News</title>{items}</channel></rss>"""
        return self.document(text.encode(), "text/html; charset=utf-8")


class Atom(Outlet):
    """Atom over several pages (RFC 5005), with relative links below an xml:base."""

    name = "atom"
    routes: ClassVar = {r"/feeds/all\.atom": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="application/atom+xml" href="/feeds/all.atom">'

    def feed(self, query: Query) -> Page:
        page = int(query.get("page", "1"))
        entries = "".join(
            f"""<entry><title type="html">{escape(escape(a.title))}</title><id>urn:a:{a.number}</id>
<link href="{a.path.lstrip("/")}"/><link rel="enclosure" href="sound.mp3"/><updated>{a.updated.isoformat()}</updated>
<published>{a.published.isoformat()}</published><author><name>{escape(a.authors[0])}</name></author></entry>"""
            for a in self.articles[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        )
        onward = f'<link rel="next" href="/feeds/all.atom?page={page + 1}"/>' if entries else ""
        text = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{self.base}/"><title>News</title>
{onward}{entries}</feed>"""
        return self.document(text.encode(), "application/atom+xml")


class JsonFeed(Outlet):
    """JSON Feed over several pages."""

    name = "jsonfeed"
    routes: ClassVar = {r"/feed\.json": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="application/feed+json" href="feed.json">'

    def feed(self, query: Query) -> Page:
        page = int(query.get("page", "1"))
        chosen = self.articles[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        whole = json.loads(feeds.json_feed(chosen, self.url, self.base))
        if page * _PER_PAGE < len(self.articles):
            whole["next_url"] = f"{self.base}/feed.json?page={page + 1}"
        return self.document(json.dumps(whole).encode(), "application/json")


class Damaged(Outlet):
    """RSS that no parser takes: bare ampersands, a tag left open, a warning before it, and the end missing."""

    name = "damaged"
    routes: ClassVar = {r"/feed\.xml": "feed"}

    def head(self) -> str:
        return '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'

    def feed(self, query: Query) -> Page:
        items = "".join(
            f"""<item><title>Bread & butter <b>{escape(a.title)}</title><link>{a.path}?a=1&utm_campaign=x</link>
<description>3 < 4 &bull; &undeclared; \x0b</description></item>"""
            for a in self.articles
        )
        text = f"<br />\n<b>Warning</b>: mysql in /var/www on line <b>3</b><br />\n<rss version='2.0'><channel>{items}"
        return self.document(text.encode(), "application/rss+xml")
