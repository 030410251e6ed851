"""What servers really send is no defect: every odd response of the rig, fetched, archived and verified."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

from archive.care.verify import Verification
from archive.collection import Collection
from archive.model import Capture, Exchange
from archive.recorder import Recorder
from tests.fetch.server import Sink, handling
from tests.fetch.test_odd import fetch, serving
from tests.newsroom.odd import ODD

SWIFT = [name for name, case in ODD.items() if all(isinstance(step, bytes) for step in case.steps)]
"""Without those whose server takes its time: their bytes are no odder."""


class Archiving(Sink):
    """Hands every exchange on to a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def record(self, exchange: Exchange) -> Future[Capture | None]:
        self.exchanges.append(exchange)
        return self._recorder.record(exchange)


async def crawl(recorder: Recorder) -> Sink:
    sink = Archiving(recorder)
    async with serving("http") as (url, _log), handling(sink=sink) as (handler, _):
        for name in SWIFT:
            await fetch(handler, url + name)
    return sink


def test_odd_responses_are_no_defects(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="odd", user_agent="tests")
    try:
        sink = asyncio.run(crawl(recorder))
    finally:
        recorder.close()
    found = list(Verification(collection.path, jobs=1))
    assert {exchange.url.rpartition("/")[2] for exchange in sink.exchanges} == set(SWIFT)
    assert {(each.severity, each.code, each.count) for each in found} == {
        ("note", "unframed-body", 3),
        ("note", "lying-encoding", 2),
    }
