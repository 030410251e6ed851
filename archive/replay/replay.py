"""Requests to the replay server -> what it answers, of one collection.

A capture is shown with its own status, under the very time at which it was made; a request for another time, or for the
newest, is redirected there. What the archive does not have is said on a page of its own, with status 404, marked by the
header ``X-Archive-Miss`` and never by ``Memento-Datetime``; so a page that was gone when it was captured is told from
one that was never captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from html import escape
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Final

from archive.collection import Collection
from archive.errors import ConfigError, DamagedRecord, NotFound, StoreError
from archive.index.cdxj import timestamp14
from archive.model import Capture
from archive.replay import memento, response
from archive.replay.address import Asked, capture_path, is_at, parse
from archive.replay.display import NotShown, displayed, sent
from archive.replay.headers import OWN_PAGE, cross_origin
from archive.replay.ownpages import capture_list, message, page
from archive.replay.response import Asking, Response
from archive.resolve import Resolver, choose
from archive.spool import gathered

__all__ = ["Replay", "Resolvers", "beside", "find_captures"]

_NEAR: Final = 10
"""Captures that are named where the one asked for is not there."""


class Resolvers:
    """Resolvers lent out, one to whoever asks: for many threads."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._idle: SimpleQueue[Resolver] = SimpleQueue()

    @contextmanager
    def one(self) -> Iterator[Resolver]:
        try:
            resolver = self._idle.get_nowait()
        except Empty:
            resolver = Resolver(self._collection)
        try:
            yield resolver
        finally:
            self._idle.put(resolver)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()


class Replay:
    """Answers for one collection, to many threads at a time."""

    def __init__(self, resolvers: Resolvers) -> None:
        self._resolvers = resolvers

    def respond(self, asking: Asking) -> Response:
        """The answer to a GET, without the headers that guard all that this server says (`headers.REPLAYED`)."""
        answer = self._respond(asking)
        return replace(answer, headers=(*answer.headers, *cross_origin(asking.headers, asking.host)))

    def _respond(self, asking: Asking) -> Response:
        try:
            asked = parse(asking.target)
            if asked is None:
                return _said(404, "Not an address of the archive", asking.target[:2000])
            at = memento.accepted(asking.headers.get("accept-datetime")) if asked.what == "gate" else asked.at
        except ConfigError as error:
            return _said(400, "Cannot be asked for", str(error))
        with self._resolvers.one() as resolver:
            try:
                return _answered(resolver, asked, at, asking)
            except (DamagedRecord, NotFound, StoreError) as error:
                return _unreadable(str(error), [], None)


def _answered(resolver: Resolver, asked: Asked, at: datetime | None, asking: Asking) -> Response:
    captures = find_captures(resolver, asked.url, at)
    base = f"http://{asking.host}"
    if asked.what in ("captures", "link", "json"):
        return _listed(asked, captures, base, resolver)
    wanted = next((each for each in choose(captures, at) if resolver.is_for(each)), None)
    if wanted is None:
        return _missing(asked.url, at, captures or beside(resolver, asked.url))
    path = capture_path(wanted, exact=asked.what == "exact")
    if asked.what == "gate":
        link = ("Link", memento.link_header(wanted.url, captures, base))
        return response.redirect(path, link, ("Vary", "accept-datetime"), *OWN_PAGE)
    link = ("Link", memento.link_header(wanted.url, captures, base, wanted))
    if asked.stamp != timestamp14(wanted.date) or not is_at(wanted, asked.url):
        return response.redirect(path, link, *OWN_PAGE)
    dated = ("Memento-Datetime", memento.http_date(wanted.date))
    try:
        answer = resolver.answer(wanted)
        replayed = (sent if asked.what == "exact" else displayed)(answer)
    except (DamagedRecord, NotFound, StoreError) as error:
        return _unreadable(str(error), [each for each in captures if each != wanted], at)
    except NotShown as error:
        text = f"It was captured, and cannot be shown: {error}. Its bytes are at {capture_path(wanted, exact=True)}"
        return _said(502, "Cannot be shown", text, captures, at, ("X-Archive-Miss", "not-shown"))
    whole = replace(replayed, headers=(*replayed.headers, dated, link, ("Cache-Control", "no-store")))
    return response.partial(whole, asking.headers.get("range"))


def find_captures(resolver: Resolver, url: str, at: datetime | None = None) -> list[Capture]:
    """Captures of this URL; where there are none, of the one that differs from it in scheme, www, case or spelling.

    A 304 is no page, and nobody who looks for one should find it.
    """
    captures = resolver.captures(url)
    if not captures and (alike := resolver.alike(url)):
        nearest = choose(alike, at)[0].url
        captures = [capture for capture in alike if capture.url == nearest]
    return [capture for capture in captures if capture.status != 304]


def beside(resolver: Resolver, url: str) -> list[Capture]:
    """Captures from the same folder of the site."""
    return list(islice(resolver.below(url.rpartition("/")[0] + "/"), _NEAR))


def _listed(asked: Asked, captures: list[Capture], base: str, resolver: Resolver) -> Response:
    if not captures:
        return _missing(asked.url, None, beside(resolver, asked.url))
    url = captures[0].url
    if asked.what == "captures":
        title = f"Captures of {url}"
        return response.html(page(title, f"<h1>{escape(title)}</h1>{capture_list(url, captures)}"), 200, *OWN_PAGE)
    if asked.what == "json":
        kind, body = "application/json", memento.json_map(url, captures, base)
    else:
        kind, body = "application/link-format", memento.link_map(url, captures, base)
    return Response(headers=(("Content-Type", kind), *OWN_PAGE), body=gathered(body))


def _missing(url: str, at: datetime | None, near: list[Capture]) -> Response:
    text = f"There is no capture of {url} that could be shown."
    return _said(404, "Not in the archive", text, near, at, ("X-Archive-Miss", "not-captured"))


def _unreadable(why: str, near: list[Capture], at: datetime | None) -> Response:
    text = f"It was captured, and cannot be read: {why}. 'wirecopy verify' tells more."
    return _said(500, "Cannot be read", text, near, at, ("X-Archive-Miss", "unreadable"))


def _said(
    status: int,
    title: str,
    text: str,
    near: list[Capture] | None = None,
    at: datetime | None = None,
    *headers: tuple[str, str],
) -> Response:
    nearest = sorted(choose(near or [], at)[:_NEAR], key=lambda capture: (capture.url, capture.date))
    return response.html(message(title, text, nearest), status, *OWN_PAGE, *headers)
