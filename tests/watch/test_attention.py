"""What is told, and how often: of several sources at once, over restarts, and when nothing can be written."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue.texts import Texts
from crawler.sources.alerts import KINDS, Command
from crawler.sources.source import Source
from crawler.watch.attention import Attention
from crawler.watch.ledger import NAME, Ledger
from crawler.watch.planner import Past, Planner

NOW = 1_800_000_000.0
PAST = Past(since=NOW - 1e6, last=NOW)
SOURCES = [Source(id=name, name=name, url=f"https://{name}.example/") for name in "abc"]


class Post:
    """A collection whose alerts a command appends to a file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._got = directory / "got"
        self._got.touch()
        script = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')"
        self.channel = Command(
            key="alerts.command[0]",
            run=(sys.executable, "-c", script, str(self._got)),
            timeout=30.0,
            on=tuple(kind for kind in KINDS if kind != "silent"),
        )

    def attention(self, ledger: Ledger, reserve: int = 0) -> Attention:
        attention = Attention(self.directory, ledger, [self.channel], reserve, lambda text, **facts: None)
        attention.begin([source.id for source in SOURCES])
        return attention

    @property
    def got(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._got.read_text().splitlines()]

    def told(self) -> list[tuple[str, str, list[str]]]:
        return [(one["event"], one["of"], one["sources"]) for one in self.got]


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_a_crawl_that_hung_is_one_event_and_over_with_the_last_of_its_sources(post: Post) -> None:
    async def days() -> None:
        with closing(Ledger(post.directory / NAME)) as ledger:
            attention = post.attention(ledger)
            attention.hung(["a", "b"], NOW, 120.0)
            attention.hung(["b"], NOW + 200, 120.0)
            assert attention.of("a") == attention.of("b") == {"hung"}
            await attention.courier.close()
        with closing(Ledger(post.directory / NAME)) as ledger:  # the next day, by another daemon
            attention = post.attention(ledger)
            attention.hung(["a"], NOW + 400, 120.0)
            planner = Planner(SOURCES, dict.fromkeys("abc", PAST), NOW)
            for name in "abc":
                attention.crawled(name, Texts(), NOW + 500, planner)
            assert attention.of("a") == attention.of("b") == frozenset()
            await attention.courier.close()

    asyncio.run(days())
    assert post.told() == [("hung", "hung", ["a", "b"]), ("recovered", "hung", ["b"])]


def test_a_full_disk_is_told_once_and_when_there_is_room_again(post: Post) -> None:
    async def day() -> None:
        with closing(Ledger(post.directory / NAME)) as ledger:
            attention = post.attention(ledger, reserve=10**18)
            assert not attention.has_room()
            assert not attention.has_room()
            attention.reserve = 0
            assert attention.has_room()
            assert attention.has_room()
            await attention.courier.close()

    asyncio.run(day())
    assert post.told() == [("disk", "disk", []), ("recovered", "disk", [])]
    assert "are to stay free" in post.got[0]["text"]


def test_that_nothing_can_be_written_is_told_all_the_same(post: Post) -> None:
    async def day() -> None:
        with closing(Ledger(post.directory / NAME)) as ledger:
            attention = post.attention(ledger)
            ledger.read("PRAGMA query_only = 1")
            attention.refused("archive/x.warc.gz: No space left on device")
            attention.refused("state.sqlite: attempt to write a readonly database")
            assert attention.of_daemon() == {"storage": "cannot be written: archive/x.warc.gz: No space left on device"}
            await attention.courier.close()
            assert [one["event"] for one in post.got] == ["storage"]
            ledger.read("PRAGMA query_only = 0")
            attention.written()
            assert attention.of_daemon() == {}
        with closing(Ledger(post.directory / NAME)) as ledger:
            await post.attention(ledger).courier.close()
            assert ledger.read("SELECT count(*) FROM outbox") == [(0,)]

    asyncio.run(day())
    first, *more, last = post.got
    assert (first["event"], last["event"], last["of"]) == ("storage", "recovered", "storage")
    # What was told past the outbox is in it as soon as that can be written: it may come again, and can be told.
    assert all(one["id"] == first["id"] for one in more)


def test_a_source_that_moved_is_told_once_with_what_to_do(post: Post) -> None:
    old, new = SOURCES[0].url, "https://a.example.net/news"
    secure = Source(id="d", name="d", url="http://d.example/")

    async def day() -> None:
        with closing(Ledger(post.directory / NAME)) as ledger:
            attention = post.attention(ledger)
            moved = replace(PAST, moved={old: new})
            upgraded = replace(PAST, moved={secure.url: "https://d.example/"})
            planner = Planner([*SOURCES, secure], {"a": moved, "b": PAST, "c": PAST, "d": upgraded}, NOW)
            for name in "aabcd":
                attention.crawled(name, Texts(), NOW, planner)
            assert [attention.of(name) for name in "abcd"] == [{"moved"}, set(), set(), set()]
            assert planner.moved("d"), "which status shows"
            # Written down, as it was told to be: what the ledger knows is of an address that is named no more.
            planner.replace([replace(SOURCES[0], url=new), *SOURCES[1:]], {}, NOW)
            attention.crawled("a", Texts(), NOW + 7200, planner)
            assert attention.of("a") == frozenset()
            await attention.courier.close()

    asyncio.run(day())
    assert post.told() == [("moved", "moved", ["a"]), ("recovered", "moved", ["a"])]
    assert f"{old} to {new}; it is followed, and 'wirecopy sources move a' writes that down" in post.got[0]["text"]


def test_what_a_channel_does_not_want_it_does_not_get(post: Post) -> None:
    published = tuple(NOW - 40 * 86_400 - 3600 * hour for hour in range(30))

    async def day() -> None:
        with closing(Ledger(post.directory / NAME)) as ledger:
            attention = post.attention(ledger)
            past = Past(since=NOW - 1e7, last=NOW, published=published)
            broken = Past(since=NOW - 1e7, last=NOW, failures=40)
            planner = Planner(SOURCES, {"a": past, "b": broken, "c": PAST}, NOW)
            for name in "abc":
                attention.crawled(name, Texts(), NOW, planner)
            assert [attention.of(name) for name in "abc"] == [{"silent"}, {"failing"}, set()]
            # A source that is watched no more is no news.
            attention.replace(["a"], [post.channel])
            assert attention.of("b") == frozenset()
            await attention.courier.close()

    asyncio.run(day())
    assert post.told() == [("failing", "failing", ["b"])]
