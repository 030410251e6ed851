"""Feeds in every form they come in, whole and damaged."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import classify, feeds, jsonlist
from crawler.discovery.candidates import Candidate, Listing

URL = "https://news.example/feeds/all.xml"

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title>
<link>https://news.example/</link><language>en-GB</language>
<item><title>One &amp;amp; two</title>
<link>https://news.example/1</link>
<pubDate>Sat, 03 Feb 2024 10:15:00 +0100</pubDate><dc:creator>Ada Byron</dc:creator>
<dc:creator>Max Weil</dc:creator></item>
<item><title><![CDATA[<b>Three</b> & four]]></title><link>/2</link><author>desk@news.example (Eve Holt)</author></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://news.example/a/">
<title>Blatt</title><link rel="next" href="?page=2"/><author><name>Redaktion</name></author>
<entry><title type="html">&lt;i&gt;Eins&lt;/i&gt;</title><link rel="enclosure" href="x.mp3" type="audio/mpeg"/>
<link rel="alternate" type="application/json" href="1.json"/><link rel="alternate" type="text/html" href="1"/>
<published>2024-02-03T10:15:00+01:00</published><updated>2024-02-04T00:00:00Z</updated></entry>
<entry xml:lang="fr"><title>Deux</title><link href="2"/><author><name>Ana Lind</name></author></entry></feed>"""

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/">
<title>N</title><dc:language>nb</dc:language></channel><item rdf:about="https://news.example/1"><title>En</title>
<link>https://news.example/1</link><dc:date>2024-02-03</dc:date></item><item rdf:about="https://news.example/2"/></rdf:RDF>"""

RSS_090 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>N</title></channel>
<item><title>One</title><link>https://news.example/1</link></item></rdf:RDF>"""

RSS_091 = b"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Caf&eacute;</title><link>https://news.example/1</link></item></channel></rss>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "en",
        "next_url": "/feed.json?page=2",
        "authors": [{"name": "Desk"}],
        "items": [
            {"id": "1", "url": "/1", "title": "One", "date_published": "2024-02-03T10:15:00+01:00"},
            {"id": "https://news.example/2", "authors": [{"name": "Ada"}], "date_modified": "2024-02-04"},
            {"id": 3, "external_url": "//other.example/3", "language": "fr", "author": {"name": "Eve"}},
            "rubbish",
        ],
    }
).encode()


def read(data: bytes, content_type: str = "") -> Listing:
    listing = classify.listing(data, url=URL, content_type=content_type)
    assert listing is not None
    assert listing.kind == "feed"
    return listing


def urls(listing: Listing) -> list[str]:
    return [candidate.url for candidate in listing.candidates]


def test_rss() -> None:
    listing = read(RSS)
    assert listing.candidates == (
        Candidate(
            url="https://news.example/1",
            title="One & two",
            authors=("Ada Byron", "Max Weil"),
            published="2024-02-03T10:15:00+01:00",
            language="en-gb",
        ),
        Candidate(url="https://news.example/2", title="Three & four", authors=("Eve Holt",), language="en-gb"),
    )
    assert listing.faults == ()


def test_atom() -> None:
    listing = read(ATOM)
    assert listing.candidates == (
        Candidate(
            url="https://news.example/a/1",
            title="Eins",
            authors=("Redaktion",),
            published="2024-02-03T10:15:00+01:00",
            language="de",
            lastmod="2024-02-04T00:00:00+00:00",
        ),
        Candidate(url="https://news.example/a/2", title="Deux", authors=("Ana Lind",), language="fr"),
    )
    assert listing.pages == ("https://news.example/feeds/all.xml?page=2",)


def test_rdf() -> None:
    assert read(RDF).candidates == (
        Candidate(url="https://news.example/1", title="En", published="2024-02-03", language="nb"),
        Candidate(url="https://news.example/2", language="nb"),
    )


@pytest.mark.parametrize("data", [RSS_090, RSS_091])
def test_the_oldest_forms(data: bytes) -> None:
    assert urls(read(data)) == ["https://news.example/1"]


def test_html_entities_of_a_document_type_that_is_never_fetched() -> None:
    assert read(RSS_091).candidates[0].title == "Café"


def test_json() -> None:
    listing = read(JSON)
    assert listing.candidates == (
        Candidate(
            url="https://news.example/1",
            title="One",
            authors=("Desk",),
            published="2024-02-03T10:15:00+01:00",
            language="en",
        ),
        Candidate(url="https://news.example/2", authors=("Ada",), language="en", lastmod="2024-02-04"),
        Candidate(url="https://other.example/3", authors=("Eve",), language="fr"),
    )
    assert listing.pages == ("https://news.example/feed.json?page=2",)
    assert listing.faults == ("an item that is no object",)


ITEM = "<item><title>Zürich</title><link>https://news.example/1</link></item>"


def rss(items: str, head: str = '<?xml version="1.0"?>') -> str:
    return f"{head}<rss version='2.0'><channel>{items}</channel></rss>"


@pytest.mark.parametrize(
    "data",
    [
        rss(ITEM).encode("utf-8-sig"),
        rss(ITEM).encode("utf-16"),
        rss(ITEM).encode("utf-16-le"),
        rss(ITEM).encode("cp1252"),
        rss(ITEM, '<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        rss(ITEM, '<?xml version="1.0" encoding="iso-8859-1"?>').encode(),
        rss(ITEM, '<?xml version="1.0" encoding="utf-8"?>').encode("latin-1"),
        rss(ITEM, '<?xml version="1.0" encoding="utf-16"?>').encode(),
        rss(ITEM, '<?xml version="1.0" encoding="no-such"?>').encode(),
        gzip.compress(rss(ITEM).encode(), mtime=0),
        b"\n\n " + rss(ITEM).encode(),
        b"<br />\n<b>Warning</b>: something in line 3<br />\n" + rss(ITEM).encode(),
        rss(ITEM).replace("<title>", "<title>\x00\x0b").encode(),
        rss(ITEM).replace("rss", "RSS").replace("channel", "Channel").encode(),
    ],
)
def test_any_encoding_and_any_declaration(data: bytes) -> None:
    candidate = read(data, "text/html; charset=x-unknown").candidates[0]
    assert (candidate.url, candidate.title) == ("https://news.example/1", "Zürich")


def test_an_encoding_only_the_header_names() -> None:
    item = "<item><title>毎日新聞</title><link>https://news.example/1</link></item>"
    assert read(rss(item).encode("shift_jis"), "text/xml; charset=Shift_JIS").candidates[0].title == "毎日新聞"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>//cdn.example/1?a=1&b=2</link>", "https://cdn.example/1?a=1&b=2"),
        ("<link>\n  https://news.example/very/\n  long\n</link>", "https://news.example/very/long"),
        ("<link><![CDATA[ https://news.example/1?a=1&b=2 ]]></link>", "https://news.example/1?a=1&b=2"),
        ("<link/><guid>https://news.example/1</guid>", "https://news.example/1"),
        ("<link href='https://news.example/1'/>", "https://news.example/1"),
        ("<atom:link href='https://news.example/1'/>", "https://news.example/1"),
        ("<guid isPermaLink='false'>https://news.example/x</guid><link>1</link>", "https://news.example/feeds/1"),
        (
            "<link>https://proxy.example/~r/1</link><feedburner:origLink>https://news.example/1</feedburner:origLink>",
            "https://news.example/1",
        ),
        ("<media:title>no</media:title><link>https://news.example/ü</link>", "https://news.example/%C3%BC"),
    ],
)
def test_links_however_written(item: str, url: str) -> None:
    assert urls(read(rss(f"<item>{item}</item>").encode())) == [url]


@pytest.mark.parametrize(
    "link",
    ["javascript:void(0)", "mailto:a@b.example", "http://", "ftp://a.example/x", "https://a.example/" + "x" * 3000],
)
def test_links_to_nowhere_are_said_and_left_out(link: str) -> None:
    listing = read(rss(f"<item><link>{link}</link></item>{ITEM}").encode())
    assert urls(listing) == ["https://news.example/1"]
    assert len(listing.faults) == 1


def items(count: int) -> str:
    return "".join(f"<item><title>T{n}</title><link>https://news.example/{n}</link></item>" for n in range(count))


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (rss(items(5))[:-80], 4),
        (rss(items(5)).replace("</title><link>https://news.example/2", "<link>https://news.example/2"), 5),
        (rss(items(5)).replace("T2", "<p>open <br> <b>tags"), 5),
        (rss(items(5)).replace("T2", "AT&T < R&D &nosuch; &#1; &#xFFFFFFF;"), 5),
        (rss(items(5)).replace("T2", "<![CDATA[ never closed"), 2),
        (rss(items(5)).replace("</item><item><title>T3", "<item><title>T3"), 5),
        (rss(items(5)).replace("<title>T2</title>", "<x:y:z q=1 q=2 'r'>T2</x>"), 4),
    ],
)
def test_damage_costs_the_broken_entry_only(data: str, count: int) -> None:
    found = urls(read(data.encode()))
    assert len(found) >= count
    assert found[:2] == ["https://news.example/0", "https://news.example/1"]


def test_damage_is_said() -> None:
    assert "damaged XML" in read(rss(items(3))[:-60].encode()).faults[0]


def test_undeclared_prefixes_are_understood() -> None:
    listing = read(
        rss("<item><link>/1</link><dc:creator>Ada</dc:creator><media:title>No</media:title></item>").encode()
    )
    assert listing.candidates[0].authors == ("Ada",)
    assert listing.candidates[0].title is None


BOMB = (
    "<!DOCTYPE rss [<!ENTITY a '"
    + "x" * 1000
    + "'>"
    + "".join(f"<!ENTITY {after} '{f'&{before};' * 20}'>" for before, after in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (BOMB, "&h;"),
        ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;"),
        ("<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p; <!ENTITY x ']>'>]>", "&x;"),
        ("<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>", "&x;"),
        ("<!DOCTYPE rss [<!ATTLIST item href CDATA 'https://evil.example/'>]>", "plain"),
    ],
)
def test_entities_are_never_declared_fetched_or_expanded(head: str, title: str) -> None:
    listing = read(rss(f"<item><title>{title}</title><link>/1</link></item>", head).encode())
    assert listing.candidates == (Candidate(url="https://news.example/1", title=title),)


@pytest.mark.parametrize(
    "hostile",
    [
        b"<!DOCTYPE rss [" + b"<!-- '" * 20_000 + RSS,
        b"<rss>" + b"<item " * 50_000,
        b"<rss><channel>" + b"<a>" * 100_000 + b"<item><link>/1</link></item>",
        b"<rss><channel>" + b"<![CDATA[" * 50_000,
        b'{"items":' + b"[" * 100_000,
    ],
)
def test_traps_for_parsers_are_left_in_no_time(hostile: bytes) -> None:
    """What went back over its input, or took every scrap for an entry, would take a minute for each of these."""
    began = time.process_time()
    assert feeds.read(hostile, url=URL).kind == jsonlist.read(hostile, url=URL).kind == "feed"
    assert time.process_time() - began < 10


def test_more_entries_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.discovery.candidates.MAX_CANDIDATES", 3)
    listing = read(rss(items(5)).encode())
    assert len(listing.candidates) == 3
    assert listing.faults == ("more than 3 entries: the rest is left out",)


def _mutilated(data: bytes) -> st.SearchStrategy[bytes]:
    """A feed with a piece of it replaced by something else."""
    place = st.integers(0, len(data))
    return st.builds(
        lambda a, b, new: data[: min(a, b)] + new + data[max(a, b) :], place, place, st.binary(max_size=20)
    )


@given(st.binary(max_size=300) | st.sampled_from([RSS, ATOM, RDF, JSON]).flatmap(_mutilated))
def test_no_bytes_make_a_reader_raise(data: bytes) -> None:
    classify.listing(data, url=URL, content_type="text/xml; charset=utf-7")
    feeds.read(data, url=URL)
    jsonlist.read(data, url=URL)


def test_references_in_a_damaged_feed_are_kept() -> None:
    """libxml2 leaves out those by name after the first fault, and two parameters became one."""
    item = "<item><title>Bread &amp; <b>butter &lt;1&gt;</title><link>/story?a=1&page=2&amp;b=3</link></item>"
    (found,) = feeds.read(f"<rss><channel>{item}".encode(), url="https://news.example/feed").candidates
    assert found.url == "https://news.example/story?a=1&page=2&b=3"
    assert (found.title or "").startswith("Bread &")
