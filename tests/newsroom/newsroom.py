"""A running newsroom: the site, its faults, and the server with its log, under one name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from tests.newsroom import listings
from tests.newsroom.answers import Answer, Page, Request, answer, simple
from tests.newsroom.log import Log, Served
from tests.newsroom.misbehaviours import MISBEHAVIOURS
from tests.newsroom.odd import ODD
from tests.newsroom.server import Server
from tests.newsroom.site import Site
from tests.newsroom.world import Article

__all__ = ["Newsroom"]

_USUAL = {7: "unavailable"}
"""Even a good day has one: this article is there only when asked for a second time."""


class Newsroom:
    """`with Newsroom() as newsroom: newsroom.url`.

    site         what kind of outlet it is (tests.newsroom.outlets has more)
    misbehave    names of misbehaviours, dealt out to the articles in turn; can be changed while running
    log_file     a line of JSON an exchange, for when the newsroom runs in a process of its own
    name         what the newsroom is called, where the client has been told that this name means `host`
    """

    def __init__(
        self,
        *,
        articles: int = 24,
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        https: bool = False,
        tls: Literal["1.2", "1.3"] | None = None,
        site: type[Site] = Site,
        misbehave: Iterable[str] = (),
        log_file: Path | str | None = None,
        name: str | None = None,
    ) -> None:
        context = None
        if https:
            from tests.newsroom.tls import server_context  # needs a development dependency; plain http does not

            context = server_context(tls)
        self._log = Log(log_file)
        self._server = Server(self._respond, self._log, host, port, context)
        address = name or (f"[{host}]" if ":" in host else host)
        self.url = f"{'https' if https else 'http'}://{address}:{self._server.port}"
        self.site = site(self.url, articles, seed)
        self.misbehave = misbehave
        self._struck: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.stop()

    @property
    def log(self) -> list[Served]:
        """Every exchange so far; those under way are waited for."""
        return self._log.settled()

    def wait_for(self, enough: Callable[[list[Served]], bool], timeout: float = 60) -> None:
        """Until `enough` says so of the exchanges that are over; TimeoutError when it does not."""
        self._log.wait_for(enough, timeout)

    @property
    def articles(self) -> list[Article]:
        """What is published now, the newest first."""
        return self.site.articles

    @property
    def misbehave(self) -> tuple[str, ...]:
        return self._misbehave

    @misbehave.setter
    def misbehave(self, names: Iterable[str]) -> None:
        self._misbehave = tuple(names)
        if unknown := set(self._misbehave) - MISBEHAVIOURS.keys():
            raise ValueError(
                f"no such misbehaviour: {', '.join(sorted(unknown))}; there are {', '.join(MISBEHAVIOURS)}"
            )

    def publish(self, article: Article | None = None) -> Article:
        return self.site.publish(article)

    def edit(self, article: Article, **changes: Any) -> Article:
        return self.site.edit(article, **changes)

    def delete(self, article: Article, status: int = 410) -> None:
        self.site.delete(article, status)

    def move(self, article: Article, path: str) -> Article:
        return self.site.move(article, path)

    def _respond(self, request: Request) -> Answer:
        if case := ODD.get(request.path.removeprefix("/odd/")):
            return Answer(steps=case.steps, then=case.then, case="odd")
        page = self.site.page(request.path, request.query)
        if request.path == "/odd/":
            page = Page(body=listings.odd_index(ODD))
        good = answer(page or simple(404, "Not found", case="not-found"), request, datetime.now(UTC))
        return self._spoilt(good, request.path)

    def _spoilt(self, good: Answer, path: str) -> Answer:
        article = self.site.at(path)
        if article is None:
            return good
        name = self._misbehave[article.number % len(self._misbehave)] if self._misbehave else _USUAL.get(article.number)
        if name is None or (path, name) in self._struck:
            return good
        fault = MISBEHAVIOURS[name]
        if fault.once:
            self._struck.add((path, name))
        spoilt = fault.spoil(b"".join(step for step in good.steps if isinstance(step, bytes)), path)
        then = good.then if spoilt.then == "keep" else spoilt.then
        return Answer(steps=spoilt.steps, then=then, case=name)
