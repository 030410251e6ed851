"""Whose turn it is among hosts that may all be asked."""

from __future__ import annotations

from scrapy import Request
from scrapy.squeues import FifoMemoryQueue
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


def filled(*names: str) -> tuple[HostQueue, Hosts, list[Host]]:
    """A queue with as many requests to each host as there may be at once."""
    crawler = get_crawler(settings_dict=SETTINGS)
    crawler.engine = crawler._create_engine()
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
