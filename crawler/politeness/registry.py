"""The hosts of a crawl, each under one name however it is spelt; shared by all that treat them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from archive.errors import ConfigError
from archive.urls import host_of
from crawler.fetch.resolve import literal
from crawler.heldback import ledger_of
from crawler.politeness.hosts import Host, Manners
from crawler.values import seconds, size

__all__ = ["Hosts", "hosts_for", "manners_of"]


def manners_of(settings: BaseSettings) -> Manners:
    """Raises ConfigError, naming the setting, where one makes no sense."""
    usual = Manners()
    return Manners(
        delay=settings.getfloat("DOWNLOAD_DELAY"),
        concurrency=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        follow=settings.getbool("AUTOTHROTTLE_ENABLED"),
        longest_delay=settings.getfloat("AUTOTHROTTLE_MAX_DELAY"),
        target=max(settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY"), 0.01),
        longest_crawl_delay=seconds(settings, "WIRECOPY_MAX_CRAWL_DELAY", usual.longest_crawl_delay),
        longest_wait=seconds(settings, "WIRECOPY_MAX_WAIT", usual.longest_wait),
        pages=_count(settings, "WIRECOPY_HOST_PAGES", 0),
        bytes=size(settings, "WIRECOPY_HOST_BYTES", 0),
        seconds=seconds(settings, "WIRECOPY_HOST_TIME", 0.0),
    )


def _count(settings: BaseSettings, name: str, default: int) -> int:
    value = settings.get(name)
    if value is None or value == "":
        return default
    if not str(value).strip().isdecimal():
        raise ConfigError(f"{name}: {value!r} is no number, such as 500; 0 sets no bound")
    return int(value)


class Hosts:
    def __init__(self, settings: BaseSettings) -> None:
        self._manners = manners_of(settings)
        self._fixed = settings.getdict("DOWNLOAD_SLOTS")
        self._hosts: dict[str, Host] = {}
        self._spelt: dict[str, Host] = {}
        self._flying: set[Host] = set()
        self._landed: list[Callable[[Host], None]] = []
        self.waiting: set[Request] = set()
        """Requests that wait for the robots.txt of their host."""

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())

    def of(self, request: Request) -> Host:
        """The host that a request goes to."""
        netloc = urlparse_cached(request).netloc
        host = self._spelt.get(netloc)
        if host is None:
            name = host_of(request.url).strip("[]") or netloc
            for *_, address in literal(name, 0):
                name = address[0]  # 127.1 is 127.0.0.1
            host = self._spelt[netloc] = self.named(name)
        return host

    def named(self, name: str) -> Host:
        if name not in self._hosts:
            fixed = self._fixed.get(name, {})
            self._hosts[name] = Host(
                name, self._manners, fixed=fixed.get("delay"), concurrency=int(fixed.get("concurrency", 0))
            )
        return self._hosts[name]

    def strained(self, url: str) -> None:
        """An address was left alone because of a limit that its host had not come to before."""
        self.of(Request(url)).strains += 1

    @property
    def troubled(self) -> int:
        """Requests under way to hosts that make trouble."""
        return sum(host.flying for host in self._flying if host.troubled)

    def starts(self, host: Host) -> None:
        """A request to the host is under way, until it has `landed`."""
        host.flying += 1
        self._flying.add(host)

    def on_landed(self, listener: Callable[[Host], None]) -> None:
        """Have `listener` called whenever a request to a host is over, and it may be asked again."""
        self._landed.append(listener)

    def landed(self, host: Host) -> None:
        host.flying -= 1
        if not host.flying:
            self._flying.discard(host)
        for listener in self._landed:
            listener(host)


_hosts: WeakKeyDictionary[Crawler, Hosts] = WeakKeyDictionary()


def hosts_for(crawler: Crawler) -> Hosts:
    """The hosts of this crawl."""
    if crawler not in _hosts:
        _hosts[crawler] = hosts = Hosts(crawler.settings)
        ledger_of(crawler).on_first = hosts.strained
    return _hosts[crawler]
