"""Little disk left: nothing new is asked for, what is on its way counts, and all goes on when there is room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler.fetch.handler import ArchivingDownloadHandler
from crawler.fetch.reserve import CrawlStopped, Reserve
from tests.fetch.server import PAGE, Answer, Sink, serving

MB = 1_000_000
BIG = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3000000\r\n\r\n"


class Disk:
    """As much room as the test says."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.ending = False
        self.told: list[str] = []

    def reserve(self, size: int) -> Reserve:
        reserve = Reserve(size, lambda: self.free, stopped=lambda: self.ending, every=0.01)
        reserve.tell = self.told.append
        return reserve


@asynccontextmanager
async def handling(reserve: Reserve) -> AsyncIterator[ArchivingDownloadHandler]:
    handler = ArchivingDownloadHandler(get_crawler(), Sink(), reserve)
    try:
        yield handler
    finally:
        await handler.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.005)


async def test_waits_until_there_is_room_and_says_so_once() -> None:
    disk = Disk(2 * MB)
    reserve = disk.reserve(10 * MB)
    async with serving() as server, handling(reserve) as handler:
        url = f"http://127.0.0.1:{server.port}/"
        downloads = [asyncio.ensure_future(handler.download_request(Request(url))) for _ in range(3)]
        await until(lambda: reserve.waiting)
        await asyncio.sleep(0.05)  # some looks later
        assert server.requests == []
        assert disk.told == ["paused: 2 MB left on the disk, and 10 MB are to stay free"]
        disk.free = 20 * MB
        assert [response.body for response in await asyncio.gather(*downloads)] == [b"article"] * 3
        assert disk.told[1:] == ["going on: there is room on the disk again"]
        assert reserve.pauses == 1
        assert not reserve.waiting
        assert reserve.in_flight == 0


async def test_what_is_on_its_way_counts() -> None:
    disk = Disk(12 * MB)
    reserve = disk.reserve(10 * MB)
    async with serving(Answer(BIG, late=bytes(3 * MB)), Answer(PAGE)) as server, handling(reserve) as handler:
        url = f"http://127.0.0.1:{server.port}/"
        first = asyncio.ensure_future(handler.download_request(Request(url)))
        await until(lambda: reserve.in_flight == len(BIG) + 3 * MB)
        second = asyncio.ensure_future(handler.download_request(Request(url)))
        await until(lambda: reserve.waiting)
        assert len(server.requests) == 1, "there are 12 MB, but 3 of them are spoken for"
        server.release.set()
        assert len((await first).body) == 3 * MB
        assert (await second).body == b"article", "written, it counts as what the disk says"


async def test_what_waits_is_let_go_when_the_crawl_ends() -> None:
    disk = Disk(0)
    reserve = disk.reserve(1)
    async with serving() as server, handling(reserve) as handler:
        waiting = asyncio.ensure_future(handler.download_request(Request(f"http://127.0.0.1:{server.port}/")))
        await until(lambda: reserve.waiting)
        disk.ending = True
        with pytest.raises(CrawlStopped):
            await waiting
        assert server.requests == []


async def test_no_reserve_asks_no_disk() -> None:
    def unreadable() -> int:
        raise AssertionError

    await Reserve(0, unreadable).room()
