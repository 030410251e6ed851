"""Credentials of the user's: sent to whom they are for, kept out of what is archived, and said to be."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ConfigError
from crawler.access import FileCookies, load_cookies
from tests.commands import environment, wirecopy
from tests.crawl.test_bad_input import refused
from tests.fetch.server import serving
from tests.newsroom import Newsroom

COOKIES = """# Netscape HTTP Cookie File
#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc123
.example.org\tTRUE\t/\tFALSE\t0\tother\tzzz999
"""
HEADERS = json.dumps({"Authorization": "Basic dTpzM2NyZXQ=", "Accept-Encoding": "gzip"})


def records(collection: Path) -> Iterator[tuple[str, str | None, bytes]]:
    for path in sorted((collection / "archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                yield record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read()


def everything(collection: Path) -> bytes:
    """All bytes of all files of a collection, those of WARC files unpacked."""
    files = [path for path in collection.rglob("*") if path.is_file()]
    return b"".join(gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files)


def test_credentials_are_sent_and_not_archived(tmp_path: Path) -> None:
    (tmp_path / "cookies.txt").write_text(COOKIES)
    crawl = ("crawl", "--cookies", "cookies.txt", "--set", f"DEFAULT_REQUEST_HEADERS={HEADERS}", "--no-extract")
    with Newsroom(articles=2) as newsroom:
        ran = wirecopy(*crawl, newsroom.url, "-c", "news", cwd=tmp_path)
        assert ran.code == 0, ran.err
        sent = sorted(served.request for served in newsroom.log)
    assert sent
    for request in sent:
        assert b"\r\nAuthorization: Basic dTpzM2NyZXQ=\r\n" in request
        assert b"\r\nCookie: session=abc123\r\n" in request
    kept = list(records(tmp_path / "news"))
    assert [block for kind, _, block in kept if kind == "request"], "something was fetched"
    assert sorted(block for kind, _, block in kept if kind == "request") == sorted(
        request.replace(b"Basic dTpzM2NyZXQ=", b"(redacted)").replace(b"session=abc123", b"(redacted)")
        for request in sent
    ), "all else is as sent"
    for kind, url, block in kept:
        if kind == "metadata" and url and url.startswith("http"):
            assert b"\r\nrequest-redacted: Authorization\r\nrequest-redacted: Cookie\r\n" in block
        if kind == "warcinfo":
            assert b"\r\nrequest-redaction: Authorization, Proxy-Authorization, configured cookies" in block
    held = everything(tmp_path / "news")
    assert b"dTpzM2NyZXQ=" not in held
    assert b"abc123" not in held
    verified = wirecopy("verify", "-c", "news", cwd=tmp_path)
    assert verified.code == 0, verified.out


def test_unless_told_otherwise(tmp_path: Path) -> None:
    with Newsroom(articles=1) as newsroom:
        given = ("--set", f"DEFAULT_REQUEST_HEADERS={HEADERS}", "--set", "WIRECOPY_REDACT=False", "--no-extract")
        assert wirecopy("crawl", newsroom.url, "-c", "news", *given, cwd=tmp_path).code == 0
        sent = sorted(served.request for served in newsroom.log)
    kept = list(records(tmp_path / "news"))
    assert sorted(block for kind, _, block in kept if kind == "request") == sent
    assert b"(redacted)" not in b"".join(block for kind, url, block in kept if url and url.startswith("http"))
    assert b"redact" not in next(block for kind, _, block in kept if kind == "warcinfo")


def test_a_proxy_for_all_requests(tmp_path: Path) -> None:
    asyncio.run(crawl_through_a_proxy(tmp_path))
    held = everything(tmp_path / "news")
    assert b"\r\nProxy-Authorization: (redacted)\r\n" in held
    assert b"c29tZW9uZTpzM2NyZXQ=" not in held
    assert b"s3cret" not in held
    assert b"WARC-IP-Address" not in held, "that of a proxy says nothing of the site"


async def crawl_through_a_proxy(tmp_path: Path) -> None:
    async with serving() as proxy:
        quick = ("--set", "DOWNLOAD_DELAY=0", "--set", "AUTOTHROTTLE_ENABLED=False")
        url = f"http://someone:s3cret@127.0.0.1:{proxy.port}"
        page = ("crawl", "http://news.example/a", "--scope", "page", "--no-extract")
        ran = await asyncio.to_thread(wirecopy, *page, "--proxy", url, "-c", "news", *quick, cwd=tmp_path)
        assert ran.code == 0, ran.err
        asked = [request.split(b" ")[1] for request in proxy.requests]
        assert b"http://news.example/a" in asked
        assert b"http://news.example/robots.txt" in asked
        assert all(b"\r\nProxy-Authorization: Basic c29tZW9uZTpzM2NyZXQ=\r\n" in one for one in proxy.requests)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cookies", "nowhere.txt"], ["nowhere.txt"]),
        (["--cookies", "bad.txt"], ["bad.txt", "line 2"]),
        (["--proxy", "gopher://me:s3cret@h"], ["gopher", "socks5"]),
        (["--proxy", "http://me:s3cret@h:port"], ["socks5"]),
        (["--set", "WIRECOPY_ROLL_SIZE=many"], ["WIRECOPY_ROLL_SIZE", "many", "2 GiB"]),
        (["--set", "WIRECOPY_ROLL_AGE=old"], ["WIRECOPY_ROLL_AGE", "old", "6h"]),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(
    tmp_path: Path, options: list[str], words: list[str]
) -> None:
    (tmp_path / "bad.txt").write_text("# Netscape HTTP Cookie File\nexample.org session=abc123\n")
    ran = wirecopy("crawl", "http://127.0.0.1:9/", "-c", "news", *options, cwd=tmp_path)
    refused(ran, 2, *words)
    assert "s3cret" not in ran.err
    assert not (tmp_path / "news").exists()


def header(middleware: FileCookies, url: str, **headers: str) -> str | None:
    request = Request(url, headers=headers)
    middleware.process_request(request)
    value = request.headers.get(b"Cookie")
    assert (b"cookie" in request.meta["wirecopy_secrets"]) == (value is not None and b"mine" in value)
    return value.decode() if value is not None else None


def test_cookies_go_where_they_belong(tmp_path: Path) -> None:
    rows = [
        "news.example FALSE / FALSE 0 here mine1",
        ".news.example TRUE /members FALSE 4102444800 wide mine2",
        "news.example TRUE / TRUE 0 safe mine3",
        "news.example FALSE / FALSE 1000000000 stale mine4",
        "localhost FALSE / FALSE 0 home mine5",
    ]
    (tmp_path / "c").write_text("\n".join(row.replace(" ", "\t") for row in rows))
    middleware = FileCookies(load_cookies(tmp_path / "c"))
    assert header(middleware, "http://news.example/") == "here=mine1"
    assert header(middleware, "http://news.example/members/") == "wide=mine2; here=mine1"
    assert header(middleware, "http://www.news.example/members") == "wide=mine2"
    assert header(middleware, "https://www.news.example/") == "safe=mine3"
    assert header(middleware, "http://localhost:8000/") == "home=mine5"
    assert header(middleware, "http://other.example/") is None
    assert header(middleware, "http://notnews.example/") is None
    # What a site, or a spider, has set itself is neither lost nor doubled.
    assert header(middleware, "http://news.example/", Cookie="x=1; here=2") == "x=1; here=2"
    # A redirect brings along what was for its first address.
    assert header(middleware, "http://news.example/b", Cookie="wide=mine2; here=mine1; x=1") == "x=1; here=mine1"
    assert header(middleware, "http://other.example/", Cookie="here=mine1") is None


def test_a_cookies_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"SQLite format 3\0\xff\xfe")
    with pytest.raises(ConfigError, match="no text"):
        load_cookies(tmp_path / "c")


def test_no_list_of_suffixes_is_fetched_for_cookies(tmp_path: Path) -> None:
    """With cookies on, Scrapy's middleware would ask publicsuffix.org, here by way of a proxy that is looking on."""
    with Newsroom(articles=1) as newsroom:
        page = newsroom.url + "/odd/duplicate-headers"
        ran = subprocess.run(
            [sys.executable, "-m", "crawler", "crawl", page, "-c", "news", "--set", "COOKIES_ENABLED=True"],
            cwd=tmp_path,
            env={**environment(), "https_proxy": newsroom.url, "TLDEXTRACT_CACHE": os.fspath(tmp_path / "cache")},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert [served for served in newsroom.log if b"Set-Cookie: a=1" in served.sent]
        assert not [served for served in newsroom.log if served.request.startswith(b"CONNECT")]
