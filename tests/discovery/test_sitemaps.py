"""Sitemaps in every form, lists, robots.txt, and gzip that lies."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import classify, payload, sitemaps
from crawler.discovery.candidates import Candidate, Listing

URL = "https://news.example/sitemap.xml"
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

URLSET = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {SCHEMA} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/1</loc><lastmod>2024-02-03</lastmod><image:image><image:loc>https://news.example/i.jpg</image:loc>
</image:image></url><url><loc> /2?a=1&amp;b=2 </loc><lastmod>2024-02-03T10:15+01:00</lastmod></url></urlset>""".encode()

NEWS = f"""<urlset {SCHEMA} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>
<n:news><n:publication><n:name>N</n:name><n:language>zh-cn</n:language></n:publication>
<n:publication_date>2024-02-03T10:15:00Z</n:publication_date><n:title>标题</n:title></n:news></url></urlset>""".encode()

INDEX = f"""<sitemapindex {SCHEMA}><sitemap><loc>https://news.example/s/1.xml.gz</loc><lastmod>2024-02-03</lastmod></sitemap>
<sitemap><loc>//news.example/s/2.xml</loc></sitemap></sitemapindex>""".encode()


def read(data: bytes) -> Listing:
    listing = classify.listing(data, url=URL, content_type="text/plain")
    assert listing is not None
    assert listing.kind == "sitemap"
    return listing


def test_urlset() -> None:
    assert read(URLSET).candidates == (
        Candidate(url="https://news.example/1", lastmod="2024-02-03"),
        Candidate(url="https://news.example/2?a=1&b=2", lastmod="2024-02-03T10:15:00+01:00"),
    )


def test_news() -> None:
    assert read(NEWS).candidates == (
        Candidate(url="https://news.example/1", title="标题", published="2024-02-03T10:15:00+00:00", language="zh-cn"),
    )


def test_index() -> None:
    listing = read(INDEX)
    assert listing.candidates == ()
    assert listing.listings == (
        Candidate(url="https://news.example/s/1.xml.gz", lastmod="2024-02-03"),
        Candidate(url="https://news.example/s/2.xml"),
    )


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(URLSET, mtime=0),
        gzip.compress(URLSET[:50], mtime=0) + gzip.compress(URLSET[50:], mtime=0),
        gzip.compress(URLSET, mtime=0) + b"\0\0trailing rubbish",
        URLSET.replace(SCHEMA.encode(), b""),
        URLSET.replace(b"http://www.sitemaps.org", b"https://www.sitemaps.org"),
        URLSET.replace(SCHEMA.encode(), b'xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        URLSET.replace(b"<urlset xmlns=", b"<s:urlset xmlns:s=")
        .replace(b"</url", b"</s:url")
        .replace(b"<url>", b"<s:url>"),
    ],
)
def test_the_same_in_other_wrappings(data: bytes) -> None:
    assert [candidate.url for candidate in read(data).candidates] == [
        "https://news.example/1",
        "https://news.example/2?a=1&b=2",
    ]


def test_a_cut_off_gzip_yields_what_is_there() -> None:
    many = f"<urlset {SCHEMA}>" + "".join(f"<url><loc>/{zlib.crc32(bytes([n]))}</loc></url>" for n in range(200))
    listing = read(gzip.compress(many.encode(), mtime=0)[:-400])
    assert len(listing.candidates) > 50
    assert "gzip" in listing.faults[0]


def test_damaged_gzip_yields_what_is_before_the_damage() -> None:
    many = f"<urlset {SCHEMA}>" + "".join(f"<url><loc>/{zlib.crc32(bytes([n]))}</loc></url>" for n in range(250))
    packed = bytearray(gzip.compress(many.encode(), mtime=0))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    listing = read(bytes(packed))
    assert len(listing.candidates) > 20
    assert "gzip" in listing.faults[0]


def test_a_gzip_bomb_is_read_up_to_the_limit_only() -> None:
    bomb = gzip.compress(b"0" * 20_000_000, mtime=0)
    data, fault = payload.inflate(bomb, 1000)
    assert len(data) == 1000
    assert fault


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example/1\nhttps://news.example/2\n",
        "\ufeff# a list\r\n\r\n https://news.example/1 \r\nhttps://news.example/2",
    ],
)
def test_a_plain_list(text: str) -> None:
    assert [candidate.url for candidate in read(text.encode()).candidates] == [
        "https://news.example/1",
        "https://news.example/2",
    ]


def test_a_line_that_is_no_url_is_said() -> None:
    listing = sitemaps.read_list("https://news.example/1\nrubbish here\n", url="")
    assert [candidate.url for candidate in listing.candidates] == ["https://news.example/1"]
    assert "rubbish here" in listing.faults[0]


def test_robots() -> None:
    text = (
        "User-agent: *\nsitemap:https://news.example/a.xml # main\n Sitemap : /b.xml\nSITEMAP: ftp://x/\nDisallow: /s\n"
    )
    assert sitemaps.robots(text, url="https://news.example/robots.txt") == (
        "https://news.example/a.xml",
        "https://news.example/b.xml",
    )


@given(
    st.binary(max_size=200), st.sampled_from([URLSET, NEWS, INDEX, gzip.compress(NEWS, mtime=0)]), st.integers(0, 500)
)
def test_no_bytes_make_a_reader_raise(noise: bytes, data: bytes, cut: int) -> None:
    for broken in (noise, data[:cut] + noise + data[cut:], data[:cut], noise + data):
        classify.listing(broken, url=URL)
        sitemaps.read(broken, url=URL)
        sitemaps.robots(broken.decode("latin-1"), url=URL)
