"""Scrapy's download handler for http and https that archives every exchange before anyone sees it.

Name it in any project's settings::

    DOWNLOAD_HANDLERS = {
        "http": "crawler.fetch.handler.ArchivingDownloadHandler",
        "https": "crawler.fetch.handler.ArchivingDownloadHandler",
    }
    WIRECOPY_COLLECTION = "collections/news"

Order: the request goes out, the response comes in, both go to the recorder, and when it says that they are in the WARC
file, Scrapy gets the Response, or the exception. Redirects, robots.txt and retries are exchanges like any other. Where
nothing could be sent (no such host, connection refused) there is none. Storage that fails closes the spider: a crawl
that cannot archive has no reason to go on.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from functools import partial
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import UnsupportedURLSchemeError
from scrapy.http import Response

from archive.errors import StorageError
from archive.model import Exchange
from archive.urls import request_uri
from crawler.contact import obeyed_as
from crawler.fetch.bodies import Bodies
from crawler.fetch.capture import Sink, bodies_for, hold_recorder, release_recorder, reserve_for, storage_failed
from crawler.fetch.client import Client, Sent
from crawler.fetch.connect import Route, parse_proxy
from crawler.fetch.guard import guard_of
from crawler.fetch.outcome import connect_error, make_response, response_error
from crawler.fetch.pool import Pool
from crawler.fetch.request import request_bytes
from crawler.fetch.reserve import Reserve
from crawler.fetch.secrets import Secrets
from crawler.fetch.signals import SignalWatch, signal_watch
from crawler.fetch.tls import client_context
from crawler.fetch.trace import discovery_of
from crawler.fetch.wire import USUAL_HEAD, ResponseReader
from crawler.values import size

__all__ = ["ArchivingDownloadHandler"]

logger = logging.getLogger(__name__)


class ArchivingDownloadHandler:
    lazy = False

    def __init__(
        self, crawler: Crawler, sink: Sink | None = None, reserve: Reserve | None = None, bodies: Bodies | None = None
    ) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._sink = sink
        self._reserve = reserve or Reserve(0, lambda: 0)
        self._bodies = bodies or Bodies(0)
        self._held = False
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._maxsize = settings.getint("DOWNLOAD_MAXSIZE")
        self._largest_head = size(settings, "WIRECOPY_MAX_HEAD", USUAL_HEAD)
        self._warnsize = settings.getint("DOWNLOAD_WARNSIZE")
        # A page cut short is still a page, unless somebody asked for it to fail; Scrapy's own default is no asking.
        asked = (settings.getpriority("DOWNLOAD_FAIL_ON_DATALOSS") or 0) > 0
        self._fail_on_loss = asked and settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self._secrets = Secrets(settings)
        self._obeys = obeyed_as(settings)
        self._bind = _address(settings.get("DOWNLOAD_BIND_ADDRESS"))
        context = client_context(
            verify=settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"),
            ciphers=settings.get("DOWNLOADER_CLIENT_TLS_CIPHERS"),
            lowest=settings.get("DOWNLOAD_TLS_MIN_VERSION"),
            highest=settings.get("DOWNLOAD_TLS_MAX_VERSION"),
        )
        guard = guard_of(settings, getattr(crawler.spider, "seeds", ()))
        pool = Pool(per_route=max(settings.getint("CONCURRENT_REQUESTS"), 1))
        self._client = Client(context, pool, guard, self._bodies)
        # The event loop itself holds tasks weakly, and Scrapy does not hold them at all.
        self._running: set[asyncio.Task[object]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        handler = cls(crawler, hold_recorder(crawler), reserve_for(crawler), bodies_for(crawler))
        handler._held = True
        return handler

    async def close(self) -> None:
        self._client.close()
        if self._held:
            self._held = False
            await release_recorder(self._crawler)

    async def download_request(self, request: Request) -> Response:
        """The response, once it is archived; else StorageError or one of Scrapy's download exceptions."""
        request.meta["wirecopy_capture"] = None  # one from before a redirect or retry may be here
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
        try:
            return await self._download(request)
        finally:
            if task is not None:
                self._running.discard(task)

    async def _download(self, request: Request) -> Response:
        meta, method = request.meta, request.method
        seconds: float = meta.get("download_timeout") or self._timeout
        limit: int = meta.get("download_maxsize", self._maxsize)
        try:
            uri = request_uri(request.url)
        except ValueError as error:
            raise UnsupportedURLSchemeError(str(error)) from error
        route = self._route(request, uri)
        data = request_bytes(
            method,
            uri,
            dict.items(request.headers),
            request.body,
            absolute=route.absolute,
            proxy_authorization=route.proxy.authorization if route.proxy and route.absolute else None,
        )
        await self._reserve.room()
        watch = signal_watch(self._crawler, request)
        deadline = asyncio.get_running_loop().time() + seconds
        send = partial(self._client.send, data, route, method=method, deadline=deadline, watch=watch)
        with ExitStack() as counted:

            def reader() -> ResponseReader:
                enough: int | None = meta.get("wirecopy_enough")
                made = ResponseReader(method, limit=limit, enough=enough, largest_head=self._largest_head)
                counted.enter_context(self._bodies.counting(made))
                return counted.enter_context(self._reserve.counting(made))

            try:
                sent = await send(reader())
                if sent.stale:
                    await self._archive(request, self._exchange(request, uri, data, route, sent))
                    sent = await send(reader(), fresh=True)
            except (OSError, UnicodeError) as error:
                raise connect_error(error, request.url, seconds) from error
            meta["wirecopy_sent"] = sent.sent_at
            if sent.latency is not None:
                meta["download_latency"] = sent.latency
            try:
                await self._archive(request, self._exchange(request, uri, data, route, sent))
                return self._result(request, sent, watch, seconds, limit)
            finally:
                sent.reader.close()

    async def _archive(self, request: Request, exchange: Exchange) -> None:
        if self._sink is None:
            return
        try:
            future = self._sink.record(exchange)
            request.meta["wirecopy_capture"] = await asyncio.wrap_future(future)
        except StorageError as error:
            self._stop_crawl(error)
            raise

    def _stop_crawl(self, error: StorageError) -> None:
        engine = self._crawler.engine
        assert engine is not None
        logger.critical("Stopping the crawl: %s", error)
        storage_failed(self._crawler, error)
        # Not awaited here: closing waits for all downloads, this one among them.
        task = asyncio.get_running_loop().create_task(engine.close_spider_async(reason="storage"))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _result(self, request: Request, sent: Sent, watch: SignalWatch | None, seconds: float, limit: int) -> Response:
        stop = watch.stop if watch is not None else None
        reader = sent.reader
        whole = stop is None and not reader.has_enough  # or is meant to be
        if whole:
            fail_on_loss = request.meta.get("download_fail_on_dataloss", self._fail_on_loss)
            error = response_error(sent, request.url, seconds=seconds, limit=limit, fail_on_loss=fail_on_loss)
            if error is not None:
                raise error
        warn = request.meta.get("download_warnsize", self._warnsize)
        if warn and reader.body_length > warn:
            logger.warning(
                "Received %d bytes, more than download warn size (%d), in %s", reader.body_length, warn, request
            )
        at_head = watch is not None and watch.stopped_at_head
        flags = ["dataloss"] if whole and reader.fault else []
        connection = sent.connection
        assert reader.head is not None
        response = make_response(
            reader.head,
            request.url,
            body=b"" if at_head else reader.body(),
            flags=flags,
            address=connection.address,
            certificate=connection.tls.certificate if connection.tls else None,
        )
        if stop is not None:
            response.flags.append("download_stopped")
            if stop.fail:
                stop.response = response
                raise stop
        return response

    def _route(self, request: Request, uri: str) -> Route:
        parts = urlsplit(uri)
        proxy: str | None = request.meta.get("proxy")
        bind = request.meta.get("bindaddress")
        return Route(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or (443 if parts.scheme == "https" else 80),
            proxy=parse_proxy(proxy, request.headers.get(b"Proxy-Authorization")) if proxy else None,
            bind=_address(bind) if bind else self._bind,
        )

    def _exchange(self, request: Request, uri: str, data: bytes, route: Route, sent: Sent) -> Exchange:
        reader, connection = sent.reader, sent.connection
        # ``ICY 200 OK`` gives a browser its page, and an archive no HTTP.
        head = reader.head if reader.head is not None and reader.head.version.upper() != b"ICY" else None
        tls = None if route.absolute else connection.tls  # that of a proxy says nothing of the server
        protocol = "http/1.0" if head is not None and head.version == b"HTTP/1.0" else "http/1.1"
        return Exchange(
            url=uri,
            method=request.method,
            began=sent.began,
            elapsed_ms=round(sent.elapsed * 1000),
            request=data,
            secrets=self._secrets.of(request),
            response=reader.block,
            head=head,
            interim=tuple(reader.interim),
            surplus=reader.surplus,
            surplus_length=reader.surplus_length,
            truncated=reader.truncated,
            ip=str(connection.address) if connection.address is not None and route.proxy is None else None,
            protocols=(protocol, tls.protocol) if tls is not None else (protocol,),
            cipher=tls.cipher if tls is not None else None,
            discovery=discovery_of(request, self._obeys),
        )


def _address(value: str | tuple[str, int] | None) -> tuple[str, int] | None:
    return (value, 0) if isinstance(value, str) else value
