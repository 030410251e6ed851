"""What the replay server answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.replay.replay import Replay, Resolvers
from archive.replay.response import Asking, Response
from tests.serve.collections import SITE, collection, got

PAGE = (
    b'<html><body><a href="/next">next</a><img src="https://cdn.example/a.png"><script>alert(1)</script></body></html>'
)
LARGE = bytes(range(256)) * 4096 * 5

KEPT = [
    got("/", PAGE, "Set-Cookie: a=b", "Content-Security-Policy: default-src *", "X-Powered-By: hand"),
    got("/", PAGE.replace(b"next", b"later"), after=100),
    got("/", PAGE.replace(b"next", b"later"), "Server: other", after=200),
    got("/gone", b"<h1>Withdrawn</h1>", status="410 Gone"),
    got("/moved", b"", "Location: /new", status="301 Moved Permanently"),
    got("/style.css", gzip.compress(b"a{background:url(/a.png)}"), "Content-Encoding: gzip", kind="text/css"),
    got("/large.bin", LARGE, kind="application/octet-stream"),
    got("/untyped", b"<!doctype html><a href=/x>x</a>", kind=None),
    got("/form", b"posted", method="POST"),
    got("/latin", "<p>déjà <a href=/vu>vu</a>".encode("latin-1"), kind="text/html; charset=iso-8859-1"),
    got("http://old.example/Page", b"old", kind="text/plain"),
    got("http://Other.Example:80/a b|c?q=é", b"spelt otherwise", kind="text/plain"),
    got("/coded", b"????", "Content-Encoding: mystery"),
]


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    path = collection(tmp_path_factory.mktemp("replay") / "news", KEPT)
    resolvers = Resolvers(Collection.open(path))
    yield Replay(resolvers)
    resolvers.close()


def ask(replay: Replay, target: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replay.respond(Asking(target=target, host="127.0.0.1:8081", headers=named))


def body(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


def header(response: Response, name: str) -> str | None:
    return next((value for key, value in response.headers if key.lower() == name.lower()), None)


def test_a_page_as_it_was_under_the_time_at_which_it_was(replay: Replay) -> None:
    moved = ask(replay, f"/2026/{SITE}/")
    assert (moved.status, header(moved, "Location")) == (302, f"/20260301120000/{SITE}/")
    shown = ask(replay, f"/20260301120000/{SITE}/")
    assert shown.status == 200
    assert header(shown, "Memento-Datetime") == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert b'href="/20260301120000/https://news.example/next"' in body(shown)
    assert b'src="/20260301120000/https://cdn.example/a.png"' in body(shown)
    assert b"alert" not in body(shown)
    assert {name for name, _ in shown.headers} & {"Set-Cookie", "Content-Security-Policy"} == set()
    assert header(shown, "X-Archive-Orig-X-Powered-By") == "hand"
    assert "a=b" not in str(shown.headers)
    exact = ask(replay, f"/20260301120000id_/{SITE}/")
    assert body(exact) == PAGE
    assert header(ask(replay, f"/20270101/{SITE}/"), "Location") == f"/20260301120320/{SITE}/"


def test_a_revisit_brings_what_it_refers_to(replay: Replay) -> None:
    shown = ask(replay, f"/20260301120320/{SITE}/")
    assert b"/later" in body(shown)
    assert header(shown, "X-Archive-Orig-Server") == "other"


def test_what_was_gone_is_told_from_what_is_missing(replay: Replay) -> None:
    gone = ask(replay, f"/20260301120000/{SITE}/gone")
    assert (gone.status, body(gone)) == (410, b"<h1>Withdrawn</h1>")
    assert header(gone, "Memento-Datetime")
    missing = ask(replay, f"/20260301120000/{SITE}/nothing")
    assert (missing.status, header(missing, "Memento-Datetime")) == (404, None)
    assert header(missing, "X-Archive-Miss") == "not-captured"
    assert f"/20260301120000/{SITE}/gone".encode() in body(missing), "what else there is of the site"
    assert ask(replay, f"/2026/{SITE}/form").status == 404, "the answer to a form is not that to a page"


def test_redirects_lead_to_where_they_led_within_the_archive(replay: Replay) -> None:
    moved = ask(replay, f"/20260301120000/{SITE}/moved")
    assert (moved.status, header(moved, "Location")) == (301, f"/20260301120000/{SITE}/new")
    assert header(moved, "Memento-Datetime")


@pytest.mark.parametrize("asked", ["https://old.example/Page", "old.example/Page", "http://www.old.example/page"])
def test_scheme_www_and_case_are_forgiven(replay: Replay, asked: str) -> None:
    assert header(ask(replay, f"/2026/{asked}"), "Location") == "/20260301120000/http://old.example/Page"


@pytest.mark.parametrize("asked", ["http://other.example/a%20b|c?q=%C3%A9", "http://Other.Example:80/a b|c?q=é"])
def test_urls_that_others_spell_in_their_way_are_found(replay: Replay, asked: str) -> None:
    moved = header(ask(replay, f"/2026/{asked}"), "Location")
    assert moved == "/20260301120000/http://Other.Example:80/a%20b|c?q=%C3%A9"
    assert body(ask(replay, moved)) == b"spelt otherwise"
    assert body(ask(replay, f"/20260301120000/{asked}")) == b"spelt otherwise"


def test_styles_are_decoded_and_led_back(replay: Replay) -> None:
    shown = ask(replay, f"/20260301120000/{SITE}/style.css")
    assert body(shown) == b'a{background:url("/20260301120000/https://news.example/a.png")}'
    assert (header(shown, "Content-Encoding"), header(shown, "Content-Type")) == (None, "text/css; charset=utf-8")
    exact = ask(replay, f"/20260301120000id_/{SITE}/style.css")
    assert gzip.decompress(body(exact)) == b"a{background:url(/a.png)}"
    assert header(exact, "Content-Encoding") == "gzip"


def test_a_type_that_nobody_named_is_named_and_treated_as_such(replay: Replay) -> None:
    shown = ask(replay, f"/20260301120000/{SITE}/untyped")
    assert header(shown, "Content-Type") == "text/html; charset=utf-8"
    assert b"/20260301120000/" in body(shown)


def test_characters_are_kept(replay: Replay) -> None:
    shown = ask(replay, f"/20260301120000/{SITE}/latin")
    assert (body(shown).decode(), header(shown, "Content-Type")) == (
        f'<p>déjà <a href="/20260301120000/{SITE}/vu">vu</a>',
        "text/html; charset=utf-8",
    )


def test_a_coding_that_nobody_knows_is_passed_over_as_browsers_do(replay: Replay) -> None:
    assert body(ask(replay, f"/20260301120000/{SITE}/coded")) == b"????"
    assert body(ask(replay, f"/20260301120000id_/{SITE}/coded")) == b"????"


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=300000-300009", 206, slice(300000, 300010)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=5242870-", 206, slice(5242870, None)),
        ("bytes=9-3", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("bytes=9999999-", 416, slice(0)),
    ],
)
def test_ranges(replay: Replay, wanted: str, status: int, part: slice) -> None:
    found = ask(replay, f"/20260301120000/{SITE}/large.bin", range=wanted)
    sent = body(found)
    assert (found.status, sent) == (status, LARGE[part])
    assert found.size == len(sent)


def test_the_time_gate_negotiates(replay: Replay) -> None:
    gate = ask(replay, f"/{SITE}/", accept_datetime="Sun, 01 Mar 2026 12:01:30 GMT")
    assert (gate.status, header(gate, "Location")) == (302, f"/20260301120140/{SITE}/")
    assert header(gate, "Vary") == "accept-datetime"
    assert header(gate, "Memento-Datetime") is None
    assert header(ask(replay, f"/{SITE}/"), "Location") == f"/20260301120320/{SITE}/", "the newest without one"
    assert ask(replay, f"/{SITE}/", accept_datetime="yesterday").status == 400
    assert ask(replay, f"/{SITE}/nothing").status == 404


def test_links_name_the_neighbours(replay: Replay) -> None:
    link = header(ask(replay, f"/20260301120140/{SITE}/"), "Link")
    assert link is not None
    base = "http://127.0.0.1:8081"
    assert f'<{SITE}/>; rel="original"' in link
    assert f'<{base}/{SITE}/>; rel="timegate"' in link
    assert (
        f'<{base}/20260301120000/{SITE}/>; rel="first prev memento"; datetime="Sun, 01 Mar 2026 12:00:00 GMT"' in link
    )
    assert f'<{base}/20260301120140/{SITE}/>; rel="memento"; datetime=' in link
    assert f'<{base}/20260301120320/{SITE}/>; rel="last next memento"; datetime=' in link


def test_time_maps(replay: Replay) -> None:
    lines = body(ask(replay, f"/timemap/link/{SITE}/")).decode().splitlines()
    assert len(lines) == 6
    assert [line.partition(";")[0] for line in lines[3:]] == [
        f"<http://127.0.0.1:8081/{stamp}/{SITE}/>" for stamp in (20260301120000, 20260301120140, 20260301120320)
    ]
    told = json.loads(body(ask(replay, f"/timemap/json/{SITE}/")))
    assert told["original_uri"] == f"{SITE}/"
    assert [each["datetime"] for each in told["mementos"]["list"]][::2] == [
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:03:20Z",
    ]
    listed = body(ask(replay, f"/*/{SITE}/")).decode()
    assert f'href="/20260301120140id_/{SITE}/"' in listed


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 404),
        ("/favicon.ico", 404),
        ("/20261399/https://news.example/", 400),
        ("/20261/https://news.example/", 400),
        ("/99999999999999/https://news.example/", 400),
        ("/2026/http://[/", 400),
        ("/2026/javascript:alert(1)", 400),
        ("/2026/\udcff", 400),
        ("/2026/https://news.example/" + "a" * 9000, 404),
        ("/timemap/link/nope", 404),
        ("/*/https://", 400),
    ],
)
def test_bad_addresses_are_said_to_be_bad(replay: Replay, target: str, status: int) -> None:
    said = ask(replay, target)
    assert said.status == status
    assert header(said, "Memento-Datetime") is None


def test_a_damaged_record_costs_itself_only(tmp_path: Path) -> None:
    path = collection(tmp_path / "news", KEPT[:2])
    (file,) = (path / "archive").glob("*.warc.gz")
    with closing(Collection.open(path).index()) as index:
        captures = index.captures(f"{SITE}/")
    data = bytearray(file.read_bytes())
    data[captures[0].offset + 40] ^= 0xFF
    file.write_bytes(data)
    resolvers = Resolvers(Collection.open(path))
    replay = Replay(resolvers)
    broken = ask(replay, f"/20260301120000/{SITE}/")
    assert (broken.status, header(broken, "X-Archive-Miss")) == (500, "unreadable")
    assert f"/20260301120140/{SITE}/".encode() in body(broken)
    assert ask(replay, f"/20260301120140/{SITE}/").status == 200
    file.unlink()
    assert ask(replay, f"/20260301120140/{SITE}/").status == 500
    resolvers.close()
