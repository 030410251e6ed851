"""Whose turn it is among hosts that may all be asked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.squeues import FifoMemoryQueue, PickleFifoDiskQueue
from scrapy.utils.test import get_crawler

from crawler.politeness.hosts import Host
from crawler.politeness.queue import HostQueue
from crawler.politeness.registry import Hosts, hosts_for

AT_ONCE = 8
SETTINGS = {
    "CONCURRENT_REQUESTS": AT_ONCE,
    "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_HANDLERS_BASE": {},  # nothing is fetched
}


def crawling(**settings: object) -> Crawler:
    crawler = get_crawler(settings_dict=SETTINGS | settings)
    crawler.engine = crawler._create_engine()
    return crawler


def filled(*names: str, **settings: object) -> tuple[HostQueue, Hosts, list[Host]]:
    """A queue with as many requests to each host as there may be at once."""
    crawler = crawling(**settings)
    queue = HostQueue.from_crawler(crawler, FifoMemoryQueue, "")
    for number in range(AT_ONCE):
        for name in names:
            queue.push(Request(f"http://{name}.example/{number}"))
    hosts = hosts_for(crawler)
    return queue, hosts, [hosts.named(f"{name}.example") for name in names]


def taken(queue: HostQueue, hosts: Hosts, most: int) -> list[str]:
    """The hosts of the requests that are handed out, all of which stay under way."""
    found: list[str] = []
    while len(found) < most and (request := queue.pop()):
        hosts.starts(host := hosts.of(request))
        found.append(host.name.removesuffix(".example"))
    return found


def test_who_makes_trouble_comes_after_all_others() -> None:
    queue, hosts, (_, flood, _) = filled("one", "flood", "two")
    flood.strains += 1
    assert sorted(taken(queue, hosts, 6)) == ["one"] * 3 + ["two"] * 3


def test_who_makes_trouble_has_a_quarter_of_the_requests() -> None:
    queue, hosts, (flood, bomb) = filled("flood", "bomb")
    flood.strains += 1
    bomb.strains += 1
    assert sorted(taken(queue, hosts, AT_ONCE)) == ["bomb", "flood"]
    hosts.landed(flood)
    assert len(taken(queue, hosts, AT_ONCE)) == 1


def test_hosts_take_turns_however_much_there_is_to_ask_of_one() -> None:
    crawler = crawling()
    queue = HostQueue.from_crawler(crawler, FifoMemoryQueue, "")
    for name in ("one", "one", "one", "two", "two"):
        queue.push(Request(f"http://{name}.example/"))
    assert taken(queue, hosts_for(crawler), 9) == ["one", "two", "one", "two", "one"]


def test_no_host_is_asked_for_more_at_once_than_it_may_be() -> None:
    queue, hosts, (one,) = filled("one", CONCURRENT_REQUESTS_PER_DOMAIN=2)
    assert len(taken(queue, hosts, AT_ONCE)) == 2
    hosts.landed(one)
    assert len(taken(queue, hosts, AT_ONCE)) == 1


def test_what_was_left_is_handed_out_when_the_crawl_goes_on(tmp_path: Path) -> None:
    left = HostQueue.from_crawler(crawling(), PickleFifoDiskQueue, str(tmp_path / "left"))
    left.push(Request("http://one.example/1"))
    again = HostQueue.from_crawler(crawling(), PickleFifoDiskQueue, str(tmp_path / "left"), {**left.close()})
    assert [request.url for request in iter(again.pop, None)] == ["http://one.example/1"]
    again.close()


def test_the_engine_is_woken_by_the_host_that_may_be_asked_first() -> None:
    crawler = crawling()
    queue, hosts = HostQueue.from_crawler(crawler, FifoMemoryQueue, ""), hosts_for(crawler)

    async def day() -> None:
        woken = asyncio.Event()
        slot = SimpleNamespace(nextcall=SimpleNamespace(schedule=woken.set))
        crawler.engine._slot = slot  # type: ignore[assignment]
        for name, seconds in (("late", 300), ("soon", 0.1)):
            hosts.named(f"{name}.example").rests(seconds, 0, monotonic())
            queue.push(Request(f"http://{name}.example/"))
            assert queue.pop() is None
        await asyncio.wait_for(woken.wait(), 60)
        queue.close()

    asyncio.run(day())
