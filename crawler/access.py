"""What the user gave to be let in: a proxy for all requests, cookies from a file, of a session in a browser, say, and
header fields.

Downloader middlewares, each there only when its setting is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Self
from urllib.request import Request as Question

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from tldextract import TLDExtract

from archive.errors import ConfigError
from archive.urls import host_of, registrable_domain
from crawler.fetch.connect import parse_proxy
from crawler.fetch.secrets import META
from crawler.sources.keys import headers
from crawler.sources.secret import Secret, plain

__all__ = ["FileCookies", "OfflineCookies", "OneProxy", "OwnHeaders", "load_cookies", "own_headers"]


class OneProxy:
    """Sends all requests that name no proxy of their own to the one of WIRECOPY_PROXY."""

    def __init__(self, url: str) -> None:
        parse_proxy(url)  # raises what is wrong with it
        self._url = url if "://" in url else f"http://{url}"  # Scrapy would give it the scheme of each page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        url = crawler.settings.get("WIRECOPY_PROXY")
        if not url:
            raise NotConfigured
        return cls(url)

    def process_request(self, request: Request) -> None:
        request.meta.setdefault("proxy", self._url)


class FileCookies:
    """Adds the cookies of WIRECOPY_COOKIES to requests for the hosts and paths that they are for."""

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar
        self._pairs = {f"{cookie.name}={cookie.value}" for cookie in jar}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        path = crawler.settings.get("WIRECOPY_COOKIES")
        if not path:
            raise NotConfigured
        return cls(load_cookies(Path(path)))

    def process_request(self, request: Request) -> None:
        question = Question(request.url)  # noqa: S310 - asked of the jar, and of nobody else
        self._jar.add_cookie_header(question)
        ours = _pairs(question.get_header("Cookie") or "")
        sent = _pairs((request.headers.get(b"Cookie") or b"").decode("latin-1"))
        # A redirected request brings those along that its first address was sent.
        others = [pair for pair in sent if pair not in self._pairs]
        named = {pair.partition("=")[0] for pair in others}
        added = [pair for pair in ours if pair.partition("=")[0] not in named]
        if others or added:
            request.headers[b"Cookie"] = "; ".join([*others, *added]).encode("latin-1", "replace")
        else:
            request.headers.pop(b"Cookie", None)
        secrets = set(request.meta.get(META, ())) - {b"cookie"}
        request.meta[META] = (*secrets, b"cookie") if added else tuple(secrets)


class OwnHeaders:
    """Adds the fields of WIRECOPY_HEADERS to requests for the sites that the crawl begins at, and for no others."""

    def __init__(self, headers: Mapping[bytes, bytes], secret: Iterable[bytes], seeds: Iterable[str]) -> None:
        self._headers = dict(headers)
        self._secret = frozenset(secret)
        self._sites = {_site(url) for url in seeds}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        headers, secret = own_headers(crawler.settings, os.environ)
        if not headers:
            raise NotConfigured
        spider = crawler.spider
        return cls(headers, secret, (*getattr(spider, "seeds", ()), *getattr(spider, "homes", ())))

    def process_request(self, request: Request) -> None:
        secrets = set(request.meta.get(META, ())) - self._secret
        if _site(request.url) in self._sites:
            secrets |= self._secret
            for name, value in self._headers.items():
                request.headers[name] = value
        else:  # a redirected request brings those along that its first address was sent
            for name, value in self._headers.items():
                if request.headers.get(name) == value:
                    del request.headers[name]
        request.meta[META] = tuple(secrets)


class OfflineCookies(CookiesMiddleware):
    """Scrapy's own, for COOKIES_ENABLED; of the public suffix list it takes the copy that is installed.

    Left alone, it would fetch the list's newest state over the network in the middle of a crawl.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = super().from_crawler(crawler)
        cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
        return middleware


def own_headers(settings: BaseSettings, environment: Mapping[str, str]) -> tuple[dict[bytes, bytes], set[bytes]]:
    """WIRECOPY_HEADERS, and which of them are secret, in lower case: those whose value the environment has.

    Raises ConfigError for what is no header field, and for a variable that is not set.
    """
    name = "WIRECOPY_HEADERS"
    try:
        given = msgspec.convert(settings.getdict(name), dict[str, str | Secret])
    except ValueError as error:  # msgspec's and the JSON decoder's are
        raise ConfigError(
            f"{name}: {error}: expected names and values, or {{ env = NAME }}, as JSON has them"
        ) from None
    headers(given, name, environment)
    return (
        {field.encode(): plain(value, name, environment).encode() for field, value in given.items()},
        {field.lower().encode() for field, value in given.items() if isinstance(value, Secret)},
    )


def _site(url: str) -> str:
    host = host_of(url)
    return registrable_domain(host) or host


def load_cookies(path: Path) -> CookieJar:
    """A file of cookies in Netscape's format, as add-ons of browsers and curl write it; ConfigError when it is none."""
    jar = CookieJar(DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain))
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"cookies file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"cookies file {path}: is no text") from error
    for number, line in enumerate(lines, 1):
        line = line.removeprefix("#HttpOnly_")
        if line.strip() and not line.startswith("#"):
            try:
                jar.set_cookie(_cookie(*line.split("\t")))
            except (TypeError, ValueError) as error:
                wanted = "domain, subdomains, path, secure, expires, name and value, with tabs between"
                raise ConfigError(f"cookies file {path}, line {number}: expected {wanted}") from error
    return jar


def _cookie(domain: str, subdomains: str, path: str, secure: str, expires: str, name: str, value: str) -> Cookie:
    host = domain.lstrip(".").lower()
    host = host if "." in host else f"{host}.local"  # the library's name for a host without a dot
    wide = subdomains.upper() == "TRUE"
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain=f".{host}" if wide else host,
        domain_specified=wide,
        domain_initial_dot=wide,
        path=path,
        path_specified=True,
        secure=secure.upper() == "TRUE",
        expires=int(float(expires)) or None,  # 0: until the browser is closed
        discard=False,
        comment=None,
        comment_url=None,
        rest={},
    )


def _pairs(header: str) -> list[str]:
    return [pair.strip() for pair in header.split(";") if pair.strip()]
