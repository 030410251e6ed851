"""Large bodies of all hosts together are bounded: some wait, none for ever, and waiting is no fault of theirs."""

from __future__ import annotations

import asyncio

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from archive.spool import SPOOL_LIMIT
from crawler.fetch.bodies import Bodies
from crawler.fetch.handler import ArchivingDownloadHandler
from tests.fetch.server import Answer, Server, Sink, serving

MB = 1024 * 1024
BODY = b"The harbour goes on and on. " * (8 * MB // 28)
LARGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY)


async def fetch(bodies: Bodies, server: Server, *, count: int, patience: float = 20) -> tuple[list[object], int]:
    """So many downloads at once, and the most bytes that large ones had on their way at any time."""
    handler = ArchivingDownloadHandler(get_crawler(settings_dict={"DOWNLOAD_TIMEOUT": patience}), Sink(), bodies=bodies)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, sum(reader.block_length for reader in {*bodies._let_on, *bodies._waiting}))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    request = Request(f"http://127.0.0.1:{server.port}/")
    downloads = (handler.download_request(request.copy()) for _ in range(count))
    try:
        return list(await asyncio.gather(*downloads, return_exceptions=True)), most
    finally:
        watching.cancel()
        await handler.close()


def whole(result: object) -> bool:
    return isinstance(result, Response) and result.body == BODY and not result.flags


async def test_they_wait_for_each_other_and_all_arrive_whole() -> None:
    bodies = Bodies(20 * MB)
    async with serving(Answer(LARGE + BODY)) as server:
        results, most = await fetch(bodies, server, count=6)
    assert all(map(whole, results))
    assert bodies.waited >= 1
    assert most < 20 * MB + 4 * (SPOOL_LIMIT + MB), "two fit, and each of the others has what is kept in memory"


async def test_one_that_does_not_fit_goes_alone() -> None:
    bodies = Bodies(MB)
    async with serving(Answer(LARGE + BODY)) as server:
        results, _ = await fetch(bodies, server, count=3)
    assert all(map(whole, results))


async def test_the_time_of_one_that_waits_stands_still() -> None:
    """The first is cut when its time is over; the second has as much left then as it had before."""
    bodies = Bodies(MB)
    async with serving(Answer(LARGE + BODY[: 5 * MB], "hang"), Answer(LARGE + BODY)) as server:
        results, _ = await fetch(bodies, server, count=2, patience=2)
    assert sorted(map(whole, results)) == [False, True]
    assert bodies.waited == 1
