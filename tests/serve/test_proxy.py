"""Through the proxy, clients of other makers receive what is in the archive, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import shutil
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from itertools import permutations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.http import parse_head
from archive.spool import chunks
from archive.warc.reader import Record, records
from crawler.serve.authority import Authority
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.odd import ODD
from tests.serve.collections import SITE, collection, got
from tests.serve.serving import Proxied, proxying

PLAIN = "http://news.example"
LARGE = bytes(range(256)) * 4096 * 8
KEPT = {name: case for name, case in ODD.items() if case.interim == 0 and case.wire}


def bytes_of(record: Record) -> bytes:
    return b"".join(map(bytes, chunks(record.block)))


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom over http and one over https, with faults among the captures."""
    directory = tmp_path_factory.mktemp("proxied")
    faults = ["surplus", "early-hints", "cut", "unavailable", "bare-lf", "no-length", "blank-first"]
    with Newsroom(articles=7, misbehave=faults) as http, Newsroom(articles=3, https=True, seed=2) as https:
        ran = wirecopy("crawl", http.url + "/", https.url + "/", "-c", "news", "--no-extract", cwd=directory)
        assert ran.code == 0, ran.err
    return directory / "news"


@pytest.fixture(scope="module")
def proxied(archived: Path) -> Iterator[Proxied]:
    with proxying(archived) as proxied:
        yield proxied


def captured(path: Path) -> list[tuple[Record, dict[str, str]]]:
    """Every response record, each with the headers by which a client gets just that one."""
    files = sorted((path / "archive").glob("*.warc.gz"))
    found = [record for file in files for record in records(file, types=("response",))]
    return [(record, {"Accept-Datetime": record.date.isoformat()}) for record in found]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is needed: Debian's package curl")
def test_curl_receives_the_bytes_of_every_response(archived: Path, proxied: Proxied, tmp_path: Path) -> None:
    wanted = captured(archived)
    assert {urlsplit(record.url or "").scheme for record, _ in wanted} == {"http", "https"}
    assert {record.head.status for record, _ in wanted if record.head} >= {200, 301, 308, 404, 503}
    assert any(record.get("WARC-Truncated") for record, _ in wanted)
    lines = []
    for number, (record, headers) in enumerate(wanted):
        lines += ["next"] if number else []
        lines += [f'url = "{record.url}"', f'output = "{number}"', f'proxy = "{proxied.proxy}"']
        lines += [f'cacert = "{proxied.certificate}"', "silent", "include", "raw", "http0.9"]
        lines += ["suppress-connect-headers"]
        lines += [f'header = "{name}: {value}"' for name, value in headers.items()]
    (tmp_path / "config").write_text("\n".join(lines))
    subprocess.run(["curl", "-K", "config"], cwd=tmp_path, check=False, timeout=120)
    received = {
        number: hashlib.sha256((tmp_path / str(number)).read_bytes()).hexdigest() for number in range(len(wanted))
    }
    assert received == {
        number: hashlib.sha256(bytes_of(record)).hexdigest() for number, (record, _) in enumerate(wanted)
    }


def test_another_client_reads_the_archived_payloads(archived: Path, proxied: Proxied) -> None:
    wanted = captured(archived)
    connections: dict[str, HTTPConnection] = {}
    for record, headers in wanted:
        if record.get("WARC-Truncated") is None and record.head and bytes_of(record).startswith(b"HTTP/1.1 "):
            url = record.url or ""
            place = urlsplit(url)
            target = url if place.scheme == "http" else url.partition(place.netloc)[2]
            connection = connections.setdefault(place.netloc, proxied.connection(url))
            response = again(connection, target, headers)
            body = response.read()
            assert response.status == record.head.status
            assert response.getheader("Content-Type") == ((record.head.get(b"content-type") or b"").decode() or None)
            if response.status == 200:
                assert digest(body) == record.get("WARC-Payload-Digest"), url
    for connection in connections.values():
        connection.close()


def again(connection: HTTPConnection, target: str, headers: dict[str, str]) -> HTTPResponse:
    """Over a connection that was kept, or a new one where it was not."""
    try:
        connection.request("GET", target, headers=headers)
        return connection.getresponse()
    except ConnectionError:
        connection.close()
        connection.request("GET", target, headers=headers)
        return connection.getresponse()


def digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


FRAMED = {"length": "Content-Length: 9", "chunked": "Transfer-Encoding: chunked", "close": "X-Length: none"}
"""One payload, framed in three ways."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Odd responses over http and https, and what tests of single requests need."""
    kept = []
    for site in (PLAIN, SITE):
        for name, case in KEPT.items():
            kept.append(replace(got(f"{site}/odd/{name}"), response=case.wire, head=parse_head(case.wire)))
    kept += [got("/", b"old"), got("/", b"new", after=86400), got("/form", b"reached")]
    kept += [got("/large.bin", LARGE, 'ETag: "1"', kind="video/mp4"), got(f"https://{LONG}/", b"long")]
    kept += [got("https://127.0.0.1/", b"four"), got("https://[::1]/", b"six")]
    sent = b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nq=1"
    kept.append(replace(got("/form", b"posted", method="POST", after=1), request=sent))
    for first, second in permutations(FRAMED, 2):
        for after, kind in enumerate((first, second)):
            body = b"5\r\nabcde\r\n4\r\nfghi\r\n0\r\n\r\n" if kind == "chunked" else b"abcdefghi"
            kept.append(got(f"/{first}/{second}", body, FRAMED[kind], after=60 * after, framed=False))
    path = collection(tmp_path_factory.mktemp("small") / "news", kept)
    with proxying(path, "--misses", path.parent / "misses.txt") as proxied:
        yield proxied


LONG = ".".join(["a" * 60] * 3) + ".example"


def connected(proxied: Proxied, scheme: str) -> socket.socket:
    """A bare socket to news.example through the proxy."""
    host, _, port = urlsplit(proxied.proxy).netloc.partition(":")
    raw = socket.create_connection((host, int(port)), timeout=30)
    if scheme == "http":
        return raw
    raw.sendall(b"CONNECT news.example:443 HTTP/1.0\r\n\r\n")
    assert raw.recv(1000).startswith(b"HTTP/1.1 200 ")
    return ssl.create_default_context(cafile=proxied.certificate).wrap_socket(raw, server_hostname="news.example")


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("site", [PLAIN, SITE])
def test_every_odd_response_goes_out_as_it_came(small: Proxied, site: str) -> None:
    for name, case in KEPT.items():
        connection = connected(small, urlsplit(site).scheme)
        target = f"{site if site == PLAIN else ''}/odd/{name}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n".encode())
        answer = received(connection)
        if case.status == 304:
            assert answer.startswith(b"HTTP/1.1 504 "), "a 304 is no page"
        else:
            assert answer == case.wire, name


def test_a_connection_is_closed_where_a_client_could_not_see_the_end(small: Proxied) -> None:
    usual = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nnew"
    closed = set()
    for name, case in KEPT.items():
        if case.status != 304:
            with connected(small, "http") as connection:
                connection.sendall(f"GET {PLAIN}/odd/{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                connection.sendall(f"GET {SITE}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                answers = b"".join(iter(lambda: connection.recv(65536), b""))
            assert answers in (case.wire, case.wire + usual), name
            closed |= {name} if answers == case.wire else set()
    assert closed >= {"lines-bare-lf", "length-plus", "blank-lines-first", "te-gzip-chunked", "chunk-bare-lf"}
    assert not closed & {"length-zero", "names-lower-case", "length-padded"}


def test_a_revisit_has_its_own_head_and_the_payload_it_stands_for(small: Proxied) -> None:
    for first, second in permutations(FRAMED, 2):
        response, body = small.ask(f"{SITE}/{first}/{second}")
        name, _, value = FRAMED[second].partition(": ")
        assert (response.getheader(name), body) == (value, b"abcdefghi"), (first, second)


def test_times(small: Proxied) -> None:
    for asked, expected in (
        ("Sun, 01 Mar 2026 00:00:00 GMT", b"old"),
        ("Mon, 02 Mar 2026 12:00:00 GMT", b"new"),
        ("2026-03-02T00:00:00.001Z", b"new"),
        (None, b"new"),
    ):
        assert small.ask(f"{SITE}/", headers={"Accept-Datetime": asked} if asked else {})[1] == expected
    refused, _ = small.ask(f"{SITE}/", headers={"Accept-Datetime": "yesterday"})
    assert refused.status == 400


def test_methods_conditions_and_ranges(small: Proxied) -> None:
    assert small.ask(f"{SITE}/form")[1] == b"reached"
    assert small.ask(f"{SITE}/form", "POST", body=b"q=1")[1] == b"posted"
    other, page = small.ask(f"{SITE}/form", "POST", body=b"q=2")
    assert (other.status, other.getheader("X-Archive-Miss")) == (504, "not-captured")
    assert b"POST" in page
    assert small.ask(f"{SITE}/form", "POST", body=bytes(5_000_000))[0].status == 413
    head, nothing = small.ask(f"{SITE}/large.bin", "HEAD")
    assert (head.status, head.getheader("Content-Length"), nothing) == (200, str(len(LARGE)), b"")
    assert small.ask(f"{SITE}/large.bin", headers={"If-None-Match": '"1"'})[1] == LARGE
    for condition, status in ({}, 206), ({"If-Range": '"1"'}, 206), ({"If-Range": '"2"'}, 200):
        part, body = small.ask(f"{SITE}/large.bin", headers={"Range": "bytes=5000000-5000009", **condition})
        assert (part.status, part.getheader("ETag"), part.getheader("Content-Type")) == (status, '"1"', "video/mp4")
        assert body == (LARGE[5000000:5000010] if status == 206 else LARGE)
    asks = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    leave, _ = small.ask(f"{SITE}/form", "OPTIONS", {**asks, "Access-Control-Request-Headers": "x-token"})
    assert (leave.status, leave.getheader("Access-Control-Allow-Headers")) == (204, "x-token")
    assert small.ask(f"{SITE}/nothing", "OPTIONS", asks)[0].status == 504


def test_a_miss_cannot_be_taken_for_a_page_that_was_gone(small: Proxied) -> None:
    for url in (f"{SITE}/missing", f"{PLAIN}/missing", f"{PLAIN}/"):
        miss, page = small.ask(url)
        assert (miss.status, miss.getheader("X-Archive-Miss")) == (504, "not-captured")
        assert url.encode() in page
        assert f'href="{SITE}/"'.encode() in page or f"{SITE}/large.bin".encode() in page, "the nearest are named"
    shown, page = small.ask(small.start)
    assert shown.status == 200
    assert f"{PLAIN}/missing".encode() in page
    listed = small.ask(f"{small.start}misses.txt")[1].decode().split()
    assert {f"{SITE}/missing", f"{PLAIN}/missing", f"{PLAIN}/"} <= set(listed)
    assert small.ask(f"{small.start}certificate.pem")[1] == Path(small.certificate).read_bytes()
    written = Path(small.certificate).parent.parent / "misses.txt"
    assert written.read_text().split() == listed


def test_certificates_for_long_names_and_addresses(small: Proxied) -> None:
    for host, expected in ((LONG, b"long"), ("127.0.0.1", b"four"), ("[::1]", b"six")):
        assert small.ask(f"https://{host}/")[1] == expected


def test_it_is_a_proxy_and_nothing_else(small: Proxied) -> None:
    host, _, port = urlsplit(small.proxy).netloc.partition(":")
    for target in ("/", "/certificate.pem", "*", "news.example"):
        with closing(HTTPConnection(host, int(port), timeout=30)) as connection:
            connection.request("GET", target, headers={"Host": "wirecopy.invalid"})
            assert connection.getresponse().status == 400, target
    for sent in (b"CONNECT nowhere HTTP/1.1\r\n\r\n", b"CONNECT a:99999 HTTP/1.1\r\n\r\n", b"\x16\x03\x01\r\n"):
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(12) in (b"HTTP/1.1 400", b"")
    with connected(small, "http") as tunnel:  # as browsers do for a WebSocket without TLS
        tunnel.sendall(b"CONNECT news.example:80 HTTP/1.1\r\n\r\n")
        assert tunnel.recv(1000).startswith(b"HTTP/1.1 200 ")
        tunnel.sendall(b"GET /odd/length-zero HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n")
        assert received(tunnel) == KEPT["length-zero"].wire


def test_headers_of_memento_on_demand_and_nothing_said_by_default(small: Proxied, tmp_path: Path) -> None:
    path = collection(tmp_path / "news", [got("/", b"old"), got("/", b"new", after=86400)])
    with proxying(path, "--memento", "--at", "2026-03-01T13:00Z") as proxied:
        response, body = proxied.ask(f"{SITE}/")
        assert body == b"old"
        assert response.getheader("Memento-Datetime") == "Sun, 01 Mar 2026 12:00:00 GMT"
        assert response.getheader("Link") == f'<{SITE}/>; rel="original timegate"'
        assert "accept-datetime" in (response.getheader("Vary") or "")
        code, said = proxied.stop()
        assert (code, "1 answer, 0 requests" in said) == (130, True)
    assert small.ask(f"{SITE}/")[0].getheader("Memento-Datetime") is None


def test_one_authority_however_many_start_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(Authority, [tmp_path / "authority"] * 8))
    assert len({authority.pem for authority in opened}) == 1
    assert opened[0].certificate_path.read_bytes() == opened[0].pem
    key = tmp_path / "authority" / "key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(path.name for path in key.parent.iterdir()) == ["certificate.pem", "key.pem"]
    assert Authority(key.parent).pem == opened[0].pem
    path = collection(tmp_path / "news", [])
    key.write_text("no key")
    refused = wirecopy("proxy", "-c", path, "--port", "0", "--authority", key.parent, cwd=tmp_path)
    assert refused.code == 2
    assert str(key) in refused.err
