"""The newsroom against other people's programs: what its pages claim must be what they read."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import h11
import pytest
import trafilatura
from lxml import etree, html
from trafilatura.settings import Document

from tests.newsroom import Article, Newsroom, Served, most_at_once, pace, read_log
from tests.newsroom.misbehaviours import MISBEHAVIOURS
from tests.newsroom.odd import ODD, codings, usable, verdict
from tests.newsroom.tls import authority
from tests.newsroom.world import articles

UNPACK: dict[bytes, Callable[[bytes], bytes]] = {b"gzip": gzip.decompress, b"deflate": zlib.decompress, b"": bytes}

Reply = tuple[int, http.client.HTTPMessage, bytes]


def fetch(url: str, *, method: str = "GET", context: ssl.SSLContext | None = None, **headers: str) -> Reply:
    """One request by the standard library's client; header names with _ for -."""
    parts = urlsplit(url)
    assert parts.hostname
    if context:
        client: http.client.HTTPConnection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context)
    else:
        client = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    client.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = client.getresponse()
    reply = response.status, response.headers, response.read()
    client.close()
    return reply


def follow(url: str) -> tuple[list[int], str, bytes]:
    """Statuses on the way, where it ended, and what is there; a page that is unavailable is asked for again."""
    statuses: list[int] = []
    while len(statuses) < 6:
        status, headers, body = fetch(url)
        statuses.append(status)
        if status in (301, 302, 308):
            url = urljoin(url, headers["Location"])
        elif status != 503:
            return statuses, url, body
    raise AssertionError(f"{url} leads nowhere: {statuses}")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


def plain(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.parametrize("template", ["ledger", "graph", "opengraph", "microdata", "press"])
def test_articles_are_read_as_what_they_are(newsroom: Newsroom, template: str) -> None:
    shown = [article for article in newsroom.articles if article.template == template]
    assert len(shown) >= 4
    for article in shown:
        statuses, url, page = follow(newsroom.site.link(article))
        assert statuses[-1] == 200
        assert url == newsroom.site.url(article)
        read = trafilatura.bare_extraction(page, url=url, with_metadata=True)
        assert isinstance(read, Document)
        assert read.title == article.title
        assert read.date == article.published.date().isoformat()
        text = plain(read.text)
        for paragraph in article.paragraphs:
            assert plain(paragraph) in text


def test_worlds_are_the_same_again_and_larger_ones_only_longer() -> None:
    few, many = list(islice(articles(7), 30)), list(islice(articles(7), 600))
    assert many[:30] == few
    assert next(articles(8)) != few[0]
    assert len({article.path for article in many}) == len({article.title for article in many}) == 600
    assert min(len(article.paragraphs) for article in many) >= 6
    assert {article.language for article in few} == {"en", "de", "fr", "es", "zh", "ja", "ar", "ru"}


def test_charsets_are_told_and_true(newsroom: Newsroom) -> None:
    seen = set()
    for article in newsroom.articles:
        page = newsroom.site.page(article.path)
        assert page
        seen.add((article.charset, "charset" in page.type))
        assert html.fromstring(page.body).findtext(".//h1") == article.title
    assert seen == {
        ("utf-8", True),
        ("iso-8859-1", True),
        ("gb18030", True),
        ("windows-1252", False),
        ("shift_jis", False),
    }


def xpath(document: bytes, query: str) -> list[str]:
    names = {"a": "http://www.w3.org/2005/Atom", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = etree.fromstring(document).xpath(query, namespaces=names)
    assert isinstance(found, list)
    return [str(one) for one in found]


def links(newsroom: Newsroom, path: str, query: str) -> list[str]:
    body = follow(newsroom.url + path)[2]
    return xpath(gzip.decompress(body) if path.endswith(".gz") else body, query)


def test_feeds_and_sitemaps_name_every_article(newsroom: Newsroom) -> None:
    there = {newsroom.site.url(article) for article in newsroom.articles}
    from_rss = {follow(link)[1] for link in links(newsroom, "/feed.xml", "//item/link/text()")}
    from_atom = set(links(newsroom, "/feed.atom", "//a:entry/a:link/@href"))
    from_json = {item["url"] for item in json.loads(follow(newsroom.url + "/feed.json")[2])["items"]}
    parts = links(newsroom, "/sitemap.xml", "//s:sitemap/s:loc/text()")
    from_sitemaps = {url for part in parts for url in links(newsroom, urlsplit(part).path, "//s:url/s:loc/text()")}
    from_news = set(links(newsroom, "/sitemaps/news.xml", "//s:url/s:loc/text()"))
    assert from_rss == from_atom == from_json == from_sitemaps == from_news == there


def test_following_links_from_home_finds_every_article() -> None:
    with Newsroom(articles=130) as newsroom:
        seen, waiting = {newsroom.url + "/"}, [newsroom.url + "/"]
        while waiting:
            page = newsroom.site.page(urlsplit(waiting.pop()).path)
            if page is None or not page.type.startswith("text/html"):
                continue
            for anchor in html.fromstring(page.body).iter("a"):
                url = urljoin(newsroom.url, anchor.get("href", ""))
                if url.startswith(newsroom.url) and url not in seen:
                    seen.add(url)
                    waiting.append(url)
        assert {newsroom.site.url(article) for article in newsroom.articles} <= seen


def test_every_answer_is_http_to_h11(newsroom: Newsroom) -> None:
    """Each way of framing and encoding, as a strict parser sees it, gives the same page."""
    used = set()
    for article in newsroom.articles:
        page = newsroom.site.page(article.path)
        assert page
        follow(newsroom.site.url(article))
        fetch(newsroom.site.url(article), Accept_Encoding="gzip, deflate")
        served = newsroom.log[-1]
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method="GET", target=article.path, headers=[("Host", "x")]))
        client.send(h11.EndOfMessage())
        client.receive_data(served.sent)
        response = client.next_event()
        assert isinstance(response, h11.Response)
        body = b""
        while isinstance(event := client.next_event(), h11.Data):
            body += event.data
        assert isinstance(event, h11.EndOfMessage)
        headers = dict(response.headers)
        encoding = headers.get(b"content-encoding", b"")
        used.add((encoding, b"transfer-encoding" in headers))
        assert UNPACK[encoding](body) == page.body
    assert used == {(b"", False), (b"", True), (b"gzip", False), (b"gzip", True), (b"deflate", False)}


def test_validators_save_the_body(newsroom: Newsroom) -> None:
    url = newsroom.url + "/feed.xml"
    status, headers, _ = fetch(url)
    assert status == 200
    assert fetch(url, If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert fetch(url, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
    assert fetch(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200
    assert fetch(url, method="HEAD")[::2] == (200, b"")
    assert fetch(newsroom.url + "/2019/the-bridge-that-was.html")[0] == 404
    assert fetch(newsroom.url + "/2018/a-letter-withdrawn.html")[0] == 410


def test_the_world_changes_and_feeds_follow() -> None:
    with Newsroom(articles=8) as newsroom:
        old, moving, going = newsroom.articles[2:5]
        before = fetch(newsroom.url + "/feed.xml")[1]["ETag"]
        new = newsroom.publish()
        edited = newsroom.edit(old, title="Corrected: the tide was late")
        newsroom.delete(going)
        moved = newsroom.move(moving, "/science/corrected-address.html")
        assert newsroom.articles[0] == new
        assert edited.modified
        assert edited.modified > old.updated
        assert edited.title.encode() in follow(newsroom.site.url(old))[2]
        assert fetch(newsroom.site.url(going))[0] == 410
        assert follow(newsroom.site.url(moving))[:2] == ([301, 200], newsroom.site.url(moved))
        status, _, feed = fetch(newsroom.url + "/feed.xml", If_None_Match=before)
        assert status == 200
        titles = xpath(feed, "//item/title/text()")
        assert titles[0] == new.title
        assert edited.title in titles
        assert going.title not in titles


def exchange(address: tuple[str, int], request: bytes, expect: int) -> bytes:
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(request)
        got = b""
        while len(got) < expect and (piece := client.recv(65536)):
            got += piece
        return got


def address_of(newsroom: Newsroom) -> tuple[str, int]:
    parts = urlsplit(newsroom.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def test_log_holds_the_wire(tmp_path: Path) -> None:
    """Two pipelined requests, answered in turn on one connection; log and log file have their exact bytes."""
    first = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nX-Odd:  spaced \r\n\r\n"
    second = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nuser=a"
    with Newsroom(log_file=tmp_path / "log") as newsroom:
        got = exchange(address_of(newsroom), first + second, 1 << 20)
        log = newsroom.log
    assert [served.request for served in log] == [first, second]
    assert b"".join(served.sent for served in log) == got
    assert [(served.connection, served.number_on_connection) for served in log] == [(1, 1), (1, 2)]
    assert read_log(tmp_path / "log") == log


@pytest.mark.parametrize("https", [False, True], ids=["http", "https"])
def test_odd_responses_go_out_as_written(https: bool) -> None:
    trusting = ssl.create_default_context(cadata=authority().decode()) if https else None
    with Newsroom(https=https) as newsroom:
        for name, case in ODD.items():
            with socket.create_connection(address_of(newsroom), timeout=10) as raw:
                client = trusting.wrap_socket(raw, server_hostname="127.0.0.1") if trusting else raw
                client.sendall(f"GET /odd/{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                got = bytearray()
                try:
                    while (case.then != "keep" or len(got) < len(case.wire)) and (piece := client.recv(1 << 18)):
                        got += piece
                except OSError:
                    assert case.then in ("reset", "drop")
                client.close()
            assert got == case.wire, name
        assert {served.path: served.sent for served in newsroom.log} == {f"/odd/{n}": c.wire for n, c in ODD.items()}
        assert {served.tls for served in newsroom.log} == ({"TLSv1.3"} if https else {None})


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_odd_responses_are_what_a_browser_takes_them_for(scheme: Literal["http", "https"]) -> None:
    """New cases need `python -m tests.newsroom.odd.browse`."""
    for name, case in ODD.items():
        seen = verdict(name, scheme)
        assert seen != "error HANGS", name
        if usable(name, scheme):
            assert case.status, name
        if seen == "page" and case.payload is not None and case not in codings.CASES:
            assert f"end of {name}".encode() in case.payload, name
        if seen == "part":
            assert case.truncated or case in codings.CASES, name
        if seen == "blank" and case.status:
            assert case.payload == b"", name
    assert sum(usable(name, scheme) for name in ODD) >= 64


def test_tls_version_can_be_chosen() -> None:
    with Newsroom(https=True, tls="1.2", articles=1) as newsroom:
        fetch(newsroom.url + "/robots.txt", context=ssl.create_default_context(cadata=authority().decode()))
        assert newsroom.log[0].tls == "TLSv1.2"
        assert newsroom.log[0].cipher


def test_ipv6() -> None:
    try:
        newsroom = Newsroom(host="::1", articles=2)
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with newsroom:
        assert fetch(newsroom.url + "/robots.txt")[0] == 200
        assert newsroom.log[0].client.startswith("[::1]:")


def served(began: float, ended: float) -> Served:
    facts: dict[str, Any] = {"connection": 1, "number_on_connection": 1, "request": b"", "sent": b"", "client": ""}
    return Served(path="/", case="", began=began, ended=ended, **facts)


def test_politeness_can_be_measured() -> None:
    with Newsroom(misbehave=["slow"], articles=4) as newsroom:
        urls = [newsroom.site.url(article) for article in newsroom.articles]
        for url in urls:
            fetch(url)
        assert most_at_once(newsroom.log) == 1
        assert 0 < pace(newsroom.log) < float("inf")
    log = [served(0, 1), served(5, 6), served(9, 9)]
    assert (pace(log), most_at_once(log)) == (8, 1)
    assert pace([*log, served(12, 13)]) == 5.5  # from 1 to 12 for two of them; from 6 to 12 it is 6
    assert pace(log[:2]) == float("inf")
    assert most_at_once([served(0, 5), served(1, 3), served(2, 6), served(5, 7)]) == 3


def test_misbehaviours_strike_articles_in_turn_and_most_relent() -> None:
    """Whoever asks again gets the page, whatever was wrong the first time."""
    names = [name for name in MISBEHAVIOURS if name not in ("stall", "endless", "gzip-bomb")]
    with Newsroom(articles=len(names), misbehave=names) as newsroom:
        struck = set()
        for article in newsroom.articles:
            for attempt in (1, 2):
                with suppress(ConnectionResetError):
                    exchange(address_of(newsroom), request_for(article), 1 << 20)
                served = newsroom.log[-1]
                struck.add(served.case)
                if attempt == 2 and served.case != "redirect-loop":
                    assert re.search(rb"(?i)HTTP/1.1 200 OK|103 Early", served.sent)
        assert struck == {*names, ""}
    with pytest.raises(ValueError, match="no such misbehaviour: kind"):
        Newsroom(misbehave=["kind"])


def request_for(article: Article) -> bytes:
    return f"GET {article.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


def test_runs_as_a_program_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.newsroom", "--articles", "3", "--log", str(tmp_path / "log")]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert fetch(url + "/robots.txt")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert [served.path for served in read_log(tmp_path / "log")] == ["/robots.txt"]
