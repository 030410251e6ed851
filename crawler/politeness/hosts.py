"""How each host is to be treated at this moment: values in, decisions out. Pure: whoever asks brings the time.

A host's pace is the greatest of what the settings ask for, what its robots.txt asks for and how long it takes to
answer; doubled by each error, and halved again by each answer. When it asks to be left alone (429 or 503 with
Retry-After) it is, to the second. A host that makes the crawl wait for longer than it may, at once or in a row, is
given up; one whose budget of requests, bytes or time is used up is asked for no more.

What its answers cost the crawl itself (to read them, above all) is noted too, as seconds by which its turn comes later:
where there is more to ask for than the crawl can cope with, hosts that make no trouble come first, and none starves.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Host", "Manners"]

_FLOOR = 1.0
"""Seconds that back-off starts from where there is no delay to double."""
_DOUBLINGS = 10
_PRICE = 25.0
"""Seconds a host's turn comes later for each second that an answer of its took; a quarter of that is forgotten with the
next, so a host is judged by its last few."""
_LATEST = 30.0
_A_BYTE = 2e-8
"""Seconds that a byte takes to be received, archived and unpacked."""
_A_FAILURE = 0.1
"""Seconds that one counts for: it keeps a connection, and brings nothing."""
_A_STRAIN = 5.0
"""Seconds that a host's turn comes later for each of the crawl's limits (docs/limits.md) that it has come to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a crawl's settings say of all hosts. Times in seconds; budgets of 0 are none."""

    delay: float = 1.0
    concurrency: int = 1
    follow: bool = True
    """Whether the pace follows the host's own."""
    longest_delay: float = 60.0
    target: float = 1.0
    """How many requests to have under way at a time, on average."""
    longest_crawl_delay: float = 60.0
    longest_wait: float = 600.0
    pages: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Host:
    """What is known of one host, from its answers in this crawl."""

    __slots__ = (
        *("asked_delay", "began", "bytes", "concurrency", "errors", "fixed", "flying", "given_up", "last", "late"),
        *("manners", "name", "own_delay", "pages", "refusals", "rest_until", "strains", "waited"),
    )

    def __init__(self, name: str, manners: Manners, *, fixed: float | None = None, concurrency: int = 0) -> None:
        """`fixed`: the delay that the settings name for this very host; nothing but Retry-After changes it."""
        self.name = name
        self.manners = manners
        self.fixed = fixed
        self.concurrency = max(concurrency or manners.concurrency, 1)
        self.own_delay = manners.delay
        self.asked_delay = 0.0
        """What its robots.txt asks for."""
        self.errors = 0
        self.refusals = 0
        self.last = 0.0
        """When it was last asked for anything."""
        self.rest_until = 0.0
        self.waited = 0.0
        """Seconds it made us wait since it last answered well."""
        self.late = 0.0
        """Seconds by which its turn comes later for what its last answers cost."""
        self.strains = 0
        """How many of the crawl's limits it has come to."""
        self.flying = 0
        """Requests that are under way, or on their way there."""
        self.pages = self.bytes = 0
        self.began: float | None = None
        self.given_up: str | None = None
        """Why nothing more is asked of it."""

    @property
    def delay(self) -> float:
        """Seconds from one request to the next."""
        if self.fixed is not None:
            return self.fixed
        delay = max(self.own_delay, self.asked_delay)
        if not self.errors:
            return delay
        longest = max(self.manners.longest_delay, delay)
        return min(max(delay, _FLOOR) * 2.0 ** min(self.errors, _DOUBLINGS), longest)

    @property
    def ready_at(self) -> float:
        """When it may be asked next."""
        if self.given_up:
            return 0.0  # nothing is asked, and refusals need not wait
        return max(self.last + self.delay if self.last else 0.0, self.rest_until)

    @property
    def turn(self) -> float:
        """When its turn is, among those that may be asked: each once it may, but for what it has cost."""
        return self.ready_at + min(self.late + self.strains * _A_STRAIN, _LATEST)

    @property
    def troubled(self) -> bool:
        """Whether it came to a limit, or its last answers failed or cost a lot."""
        return self.strains > 0 or self.late >= _A_STRAIN

    def asks(self, crawl_delay: float | None) -> None:
        """robots.txt has a Crawl-delay: honoured up to a bound, of several files (ports, schemes) the greatest."""
        if crawl_delay is not None:
            self.asked_delay = max(self.asked_delay, min(crawl_delay, self.manners.longest_crawl_delay))

    def answered(self, status: int, latency: float | None, size: int) -> None:
        """An answer came, `latency` seconds after it was asked for."""
        self.bytes += size
        self.late *= 0.75
        self.costs(size * _A_BYTE)
        if status == 429 or status >= 500:
            self.failed()
            return
        self.errors = max(0, self.errors - 1)
        self.refusals = 0
        self.waited = 0.0
        if latency is not None and self.manners.follow:
            self._follow(latency / self.manners.target, slower_only=status != 200)

    def failed(self) -> None:
        """An error, or no answer at all."""
        self.errors += 1
        self.costs(_A_FAILURE)

    def costs(self, seconds: float) -> None:
        """An answer of its has taken so much of the crawl's own time."""
        self.late = min(self.late + seconds * _PRICE, _LATEST)

    def rests(self, seconds: float, size: int, now: float) -> None:
        """It asks to be left alone for so long; it is for longer when it has done so more than twice in a row."""
        self.bytes += size
        self.refusals += 1
        until = now + max(seconds, 2.0 ** min(self.refusals - 2, _DOUBLINGS))
        waited = self.waited + max(0.0, until - max(now, self.rest_until))
        if waited > self.manners.longest_wait:
            self.given_up = self.given_up or f"asked to be left alone for {_span(waited)}"
        else:
            self.waited = waited
            self.rest_until = max(self.rest_until, until)

    def takes(self, now: float) -> str | None:
        """Counts a request that is about to be made; the limit that it must not pass, if there is one."""
        if self.began is None:
            self.began = now
        limit = self._limit(now)
        if limit is None:
            self.pages += 1
        return limit

    def _limit(self, now: float) -> str | None:
        manners = self.manners
        assert self.began is not None
        if self.given_up:
            return "wait"
        if manners.pages and self.pages >= manners.pages:
            return "host-pages"
        if manners.bytes and self.bytes >= manners.bytes:
            return "host-bytes"
        if manners.seconds and now - self.began >= manners.seconds:
            return "host-time"
        return None

    def _follow(self, target: float, *, slower_only: bool) -> None:
        """As Scrapy's AutoThrottle: towards the target, at once where that is slower, by halves where it is faster.

        Error pages and redirects are quick, and no reason to ask faster.
        """
        delay = max(target, (self.own_delay + target) / 2)
        delay = min(max(delay, self.manners.delay), max(self.manners.longest_delay, self.manners.delay))
        if delay > self.own_delay or not slower_only:
            self.own_delay = delay


def _span(seconds: float) -> str:
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds:.3g} s"
