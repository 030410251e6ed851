"""OPML 2.0: the lists of feeds that feed readers take in and give out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from archive.errors import ConfigError
from archive.urls import host_of
from crawler.sources.source import Source

__all__ = ["read", "write"]


def read(data: bytes) -> list[dict[str, Any]]:
    """Entries for sources.toml, one a feed, in the order of the file; raises ConfigError for what is no OPML."""
    parser = etree.XMLParser(recover=True, no_network=True, resolve_entities=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"no OPML: {error}") from None
    entries: dict[str, dict[str, Any]] = {}
    for outline in root.iter("outline") if root is not None else ():
        attributes = {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}
        feed = attributes.get("xmlurl", "")
        if feed.startswith("feed:"):  # what browsers once handed to feed readers
            rest = feed.removeprefix("feed:")
            feed = f"http:{rest}" if rest.startswith("//") else rest
        if not feed.startswith(("http://", "https://")) or feed in entries:
            continue
        name = attributes.get("title") or attributes.get("text") or host_of(feed)
        page = attributes.get("htmlurl", "")
        url = page if page.startswith(("http://", "https://")) else feed
        entries[feed] = {"name": name, "url": url, "feeds": [feed]}
    if not entries:
        raise ConfigError("no OPML with feeds in it: expected <outline xmlUrl=…>")
    return list(entries.values())


def write(sources: Iterable[Source]) -> bytes:
    """One outline for each feed of each source; a source without feeds has one for its page."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "wirecopy"
    body = etree.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds or (source.url,):
            outline = etree.SubElement(body, "outline", text=source.name, title=source.name, type="rss")
            outline.set("xmlUrl", feed)
            outline.set("htmlUrl", source.url)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data
