"""Which capture stands for a URL at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Collection
from archive.errors import CaptureNotFound
from archive.http import parse_head
from archive.model import Capture, Exchange
from archive.resolve import POLICIES, Policy, Resolver, choose
from archive.warc.appender import Fsync

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def capture(seconds: float) -> Capture:
    date = START + timedelta(seconds=seconds)
    return Capture(
        id=str(seconds), url="http://a/", date=date, status=200, mime="", digest=None, file="", offset=0, length=0
    )


@given(st.lists(st.integers(0, 50), unique=True), st.integers(-5, 55), st.sampled_from(POLICIES))
def test_the_best_first(seconds: list[int], at: int, policy: Policy) -> None:
    moment = START + timedelta(seconds=at)
    chosen = [(each.date - moment).total_seconds() for each in choose([capture(s) for s in seconds], moment, policy)]
    distances = [s - at for s in seconds]
    wanted = {
        "closest": distances,
        "before": [d for d in distances if d <= 0],
        "after": [d for d in distances if d >= 0],
        "exact": [d for d in distances if d == 0],
    }[policy]
    assert sorted(chosen) == sorted(wanted)
    assert list(map(abs, chosen)) == sorted(map(abs, wanted))


def test_of_two_equally_near_the_earlier_and_without_a_moment_the_newest() -> None:
    both = [capture(10), capture(20)]
    assert choose(both, START + timedelta(seconds=15))[0] == both[0]
    assert choose(both, None)[0] == both[1]
    assert choose([capture(10.25)], START + timedelta(seconds=10), "exact"), "of that very second"


def exchange(
    seconds: int, body: bytes, *, request: bytes = b"GET / HTTP/1.1\r\n\r\n", server: bytes = b"a"
) -> Exchange:
    response = b"HTTP/1.1 200 OK\r\nServer: %b\r\nContent-Length: %d\r\n\r\n" % (server, len(body)) + body
    return Exchange(
        url="http://news.example/",
        method=request.partition(b" ")[0].decode(),
        began=START + timedelta(seconds=seconds),
        elapsed_ms=1,
        request=request,
        response=response,
        head=parse_head(response),
    )


@pytest.fixture
def news(tmp_path: Path) -> Collection:
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test", fsync=Fsync(policy="never"))
    recorder.record(exchange(0, b"first")).result()
    recorder.record(exchange(10, b"first", server=b"another")).result()
    recorder.record(exchange(20, b"found", request=b"POST / HTTP/1.1\r\n\r\nq=x")).result()
    recorder.record(exchange(30, b"second")).result()
    recorder.close()
    return collection


def test_a_revisit_has_its_own_head_and_the_payload_of_the_first(news: Collection) -> None:
    answer = Resolver(news).find("http://news.example/", START + timedelta(seconds=11))
    assert answer.capture.mime == "warc/revisit"
    assert answer.head is not None
    assert answer.head.get(b"server") == b"another"
    assert b"".join(answer.payload()) == b"first"
    assert news.payload(answer.capture) == b"first"


def test_an_answer_to_a_form_is_none_to_a_link(news: Collection) -> None:
    resolver = Resolver(news)
    at = START + timedelta(seconds=20)
    assert b"".join(resolver.find("http://news.example/", at).payload()) != b"found"
    posted = resolver.find("http://news.example/", at, method="POST", body=b"q=x")
    assert b"".join(posted.payload()) == b"found"
    with pytest.raises(CaptureNotFound):
        resolver.find("http://news.example/", at, method="POST", body=b"q=y")


def test_what_is_not_there_is_told_with_its_url_and_time(news: Collection) -> None:
    with pytest.raises(CaptureNotFound, match=r"no capture of http://news\.example/ at 2026-03-01T11:59:59Z"):
        Resolver(news).find("http://news.example/", START - timedelta(seconds=1), "before")
