"""The CDX API answers as pywb's does, and says what is wrong with a question."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from archive import Collection
from tests.crawl.test_pywb import wayback
from tests.serve.collections import SITE, collection, got
from tests.serve.serving import Served, ask, serving

KEPT = [
    got("/", b"first"),
    got("/", b"first", after=3600),
    got("/", b"second", after=86400),
    got("/", b"", "Location: /new", status="302 Found", after=2 * 86400),
    got("http://www.news.example/", b"over http", after=60),
    got("/a?b=1", b"{}", kind="application/json"),
    got("/a/b", b"deeper"),
    got("/a/b/c.png", b"\x89PNG", kind="image/png", status="404 Not Found"),
    got("https://sub.news.example/x", b"below"),
    got("https://newsx.example/", b"beside"),
    got("https://news.example:8443/x", b"on a port"),
    got("/%C3%A9?q=%C3%BC", b"not ascii"),
]

QUERIES: list[dict[str, str | list[str]]] = [
    {"url": f"{SITE}/"},
    {"url": "news.example"},
    {"url": f"{SITE}/*"},
    {"url": f"{SITE}/a*"},
    {"url": f"{SITE}/a/*"},
    {"url": "*.news.example"},
    {"url": "news.example", "matchType": "host"},
    {"url": "news.example", "matchType": "domain"},
    {"url": "example", "matchType": "domain"},
    {"url": f"{SITE}/a/", "matchType": "prefix"},
    {"url": f"{SITE}/nothing"},
    {"url": f"{SITE}/", "limit": "2"},
    {"url": f"{SITE}/", "sort": "reverse"},
    {"url": f"{SITE}/", "sort": "reverse", "limit": "2"},
    {"url": f"{SITE}/", "sort": "reverse", "limit": "1"},
    {"url": f"{SITE}/", "sort": "closest", "closest": "20260301130001"},
    {"url": f"{SITE}/", "closest": "20260302", "limit": "2"},
    {"url": f"{SITE}/", "from": "20260301123000"},
    {"url": f"{SITE}/", "to": "20260301"},
    {"url": f"{SITE}/*", "from": "2026", "to": "202603011200"},
    {"url": f"{SITE}/*", "filter": "=status:200"},
    {"url": f"{SITE}/*", "filter": "!=status:200"},
    {"url": f"{SITE}/*", "filter": "~status:[34].."},
    {"url": f"{SITE}/*", "filter": "!~mime:text/.*"},
    {"url": f"{SITE}/*", "filter": "mime:image"},
    {"url": f"{SITE}/*", "filter": ["mimetype:text", "!statuscode:200"]},
    {"url": f"{SITE}/*", "filter": "news"},
    {"url": f"{SITE}/", "collapseTime": "8"},
    {"url": f"{SITE}/", "collapseTime": "4", "sort": "reverse"},
    {"url": f"{SITE}/", "resolveRevisits": "1"},
    {"url": f"{SITE}/", "resolveRevisits": "true", "filter": "=mime:text/html"},
    {"url": f"{SITE}/é?q=ü"},
]
SHOWN = "urlkey,timestamp,url,mime,status,digest,length,offset,filename"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collection(tmp_path_factory.mktemp("cdx") / "collections" / "news", KEPT)


@pytest.fixture(scope="module")
def served(kept: Path) -> Iterator[Served]:
    with serving(kept) as served:
        yield served


@pytest.fixture(scope="module")
def theirs(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    copied = tmp_path_factory.mktemp("pywb")
    shutil.copytree(kept, copied / "collections" / "news")
    with wayback(copied) as address:
        yield address


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: urlencode(query, doseq=True, safe="/:*"))
def test_the_same_lines_as_pywb(served: Served, theirs: str, query: dict[str, str | list[str]]) -> None:
    for output in ("json", "cdxj", "text"):
        text = urlencode({"fl": SHOWN, "output": output, **query}, doseq=True)
        ours, lines = ask(served.room, f"/cdx?{text}")
        answer, expected = ask(theirs, f"/news/cdx?{text}")
        assert lines.decode() == expected.decode()
        assert ours.headers["Content-Type"].partition(";")[0] == answer.headers["Content-Type"].partition(";")[0]
    text = urlencode(query, doseq=True)
    whole = [json.loads(line) for line in ask(served.room, f"/cdx?{text}&output=json")[1].splitlines()]
    theirs_whole = [json.loads(line) for line in ask(theirs, f"/news/cdx?{text}&output=json")[1].splitlines()]
    own = {"source", "source-coll", "access"}  # what their server adds of its own
    assert whole == [{name: value for name, value in line.items() if name not in own} for line in theirs_whole]


def test_every_line_of_the_index_without_help(served: Served, kept: Path) -> None:
    with Collection.open(kept) as news:
        captures = news.captures(f"{SITE}/")
    lines = ask(served.room, f"/cdx?url={SITE}/&filter=!~url:http://.*&output=json")[1].splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["timestamp"] for line in told] == [f"{capture.date:%Y%m%d%H%M%S}" for capture in captures]
    time_map = ask(served.room, f"/cdx?url={SITE}/&output=link")[1].decode()
    assert f"<{served.replay}/20260302120000/{SITE}/>" in time_map


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", '"url"'),
        ("url=http://a.example/&output=xml", "output"),
        ("url=http://a.example/&matchType=fuzzy", "matchType"),
        ("url=http://a.example/&limit=ten", "limit"),
        ("url=http://a.example/&from=yesterday", "from"),
        ("url=http://a.example/&filter=~url:(", "filter"),
    ],
)
def test_what_is_wrong_is_said(served: Served, query: str, why: str) -> None:
    answer, said = ask(served.room, f"/cdx?{query}")
    assert answer.status == 400
    assert why in said.decode()


def test_pages_of_others_are_told_nothing(served: Served) -> None:
    target = f"/cdx?url={SITE}/"
    embedding = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert ask(served.room, target, headers=embedding)[0].status == 403
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer, _ = ask(served.room, target, headers=link)
    assert answer.status == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
