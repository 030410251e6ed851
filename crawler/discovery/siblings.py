"""What an article's page says of other pages of the same article: the next ones, its twins, other languages. Pure.

Pages are told by their addresses, which must be the article's own with a number to it, and by a link from the page; so
the ``rel=next`` by which blogs lead to another article leads nowhere here. Twins (AMP, print, mobile editions) are told
by links that say so; `plain` undoes what their addresses are made by. Bytes are searched rather than parsed: every
article comes by here, and few have any of this.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from archive.urls import canonical, host_of, registrable_domain
from crawler.discovery import paging
from crawler.discovery.candidates import address

__all__ = ["MOST", "further", "languages", "plain", "twins"]

MOST = 50
"""Pages of one article."""

_LINKS = re.compile(
    rb"""<(?:a|link|option)\s[^>]{0,1000}?\b(?:href|value)\s*=\s*(?P<quote>["']?)(?P<href>[^"'>\s]{1,1000})(?P=quote)[^>]{0,300}""",
    re.IGNORECASE,
)
_ASKED = re.compile(rb"(?:[?&;](?:p|pg)|page_?n?o?|seite|pagina|pagewanted)$", re.IGNORECASE)
_TURNED = re.compile(rb"[^\d\"'<>\s]{1,16}?(\d{1,2})(?!\d)")
_BARE = re.compile(rb"(?:\./)?\d{1,2}/?")
_DIGITS = frozenset("23456789")
_DIGIT = re.compile(rb"\d")
_NEXT = re.compile(rb"""\brel\s*=\s*["']?[^"'>]*\bnext\b""", re.IGNORECASE)
_TAGS = re.compile(rb"<[^>]*>")
_LINK = re.compile(rb"<link\s[^>]{1,2000}>", re.IGNORECASE)
_REL = re.compile(rb"""\brel\s*=\s*["']?[^"'>]*\b(amphtml|canonical|alternate|shortlink)\b""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\bhref\s*=\s*(["']?)([^"'>\s]{1,1000})\1""", re.IGNORECASE)
_IS_AMP = re.compile(rb"<html[^>]{0,500}\s(?:amp|\xe2\x9a\xa1)(?=[\s=>])", re.IGNORECASE)
_HEAD = 200_000
"""Bytes in which a page says what it is."""
_NO_TWIN = re.compile(rb"hreflang|\btype\s*=|\btitle\s*=", re.IGNORECASE)
_HREFLANG = re.compile(rb"""\bhreflang\s*=\s*["']?([a-z]{2,3}(?:[-_][a-z0-9]{2,8})*)(?=["'\s/>])""", re.IGNORECASE)
_TYPED = re.compile(rb"\btype\s*=", re.IGNORECASE)
_MOST_LANGUAGES = 50
_MEDIA = re.compile(rb"\bmedia\s*=", re.IGNORECASE)
_NUMBER = r"(?P<n>\d{1,2})"
_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$")
_PARAMETER = re.compile(r"(?:page|p|pg|seite|pagina|start_?page|page_?no|pagewanted)=\d{1,2}", re.IGNORECASE)

_AMP_PATH = re.compile(
    r"^/amp(?=/)|/amp(?:/|\.html)?$|(?<=\.)amp\.(?=html?$)|\.amp$|-amp(?=\.html?$|/?$)", re.IGNORECASE
)
_PRINT_PATH = re.compile(r"^/(?:print|m|mobile)(?=/.{8})|/print(?:er)?/?$|-print(?=\.html?$)", re.IGNORECASE)
_TWIN_PARAMETER = re.compile(
    r"(?:outputtype|output|view|format|m|mode|style|display|amp|print|printable|printpage|mobile)=(?:amp|print|mobile|1|true|y|yes)?"
    r"|amp|print",
    re.IGNORECASE,
)
_PAGE_PATH = re.compile(r"(?<=.)/(?:page/)?[2-9]/?$")
_MAY_BE_OTHER = ("amp", "print", "mobile", "/m/", "/m.", "=m", "page", "?p", "&p", "seite")
_TWIN_HOST = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.)", re.IGNORECASE)


def further(body: bytes, url: str, *, first: str, number: int = 1) -> dict[int, str]:
    """Addresses of the pages after page `number` of the article at `first`, by number; `url`: of the page in hand."""
    key = canonical(first).removesuffix("/")
    name = _SUFFIX.sub("", key.partition("?")[0].rpartition("/")[2]).encode()
    found: dict[int, str] = {}
    if not _may_go_on(body, name, number + 1):
        return found
    pages = _Pages(key)
    for link in _LINKS.finditer(body):
        href = link["href"]
        if not (href[:1] == b"?" or name in href or _BARE.fullmatch(href)) or not _DIGIT.search(href):
            continue
        where = address(url, html.unescape(href.decode("utf-8", "replace")))
        page = pages.number(where, turning=_turns(body, link)) if where else None
        if where and page and number < page <= MOST:
            found.setdefault(page, where)
    # Numbers that follow one another: a lone "page 9" of an article that says nothing of page 2 is something else.
    run: dict[int, str] = {}
    for page in sorted(found):
        if page != number + 1 and page - 1 not in run:
            break
        run[page] = found[page]
    return run


def _may_go_on(body: bytes, name: bytes, number: int) -> bool:
    """Whether the number of the next page stands where it may be one: soon told, and of most articles it does not."""
    for match in re.finditer(rb"=%d(?!\d)" % number, body):
        if _ASKED.search(body, max(0, match.start() - 12), match.start()):
            return True
    if re.search(rb"""href=["']?(?:\./)?%d/?["'\s>]""" % number, body):
        return True
    place = body.find(name) if name else -1  # of a blog's ``/?p=17`` there is none
    while place >= 0:
        after = place + len(name)
        turn = _TURNED.match(body, after, after + 24)
        if turn and int(turn[1]) == number:
            return True
        place = body.find(name, after)
    return False


class _Pages:
    """The addresses that further pages of one article may have."""

    def __init__(self, key: str) -> None:
        path, _, self._query = key.partition("?")
        suffix = _SUFFIX.search(path)
        stem, ending = (re.escape(path[: suffix.start()]), re.escape(suffix[0])) if suffix else (re.escape(path), "")
        self._path = path
        self._folder = re.compile(
            rf"{re.escape(path)}/(?:page/|page-|p|seite-?)?{_NUMBER}|{stem}/{_NUMBER.replace('n', 'm')}{ending}"
        )
        self._file = re.compile(rf"{stem}[-_,.](?:p|page[-_]?|seite-?|\d,)?{_NUMBER}{ending}")

    def number(self, url: str, *, turning: bool) -> int | None:
        """The number of the page at `url`; `turning`: the link to it is one that turns pages, beyond any doubt."""
        path, _, query = canonical(url).partition("?")
        if query == self._query:
            if folder := self._folder.fullmatch(path):
                return int(folder["n"] or folder["m"])
            file = self._file.fullmatch(path) if turning else None
            return int(file["n"]) if file else None
        if path.removesuffix("/") != self._path.removesuffix("/"):
            return None
        pairs = query.split("&")
        for at, pair in enumerate(pairs):  # of ``p=17&page=2`` either may be
            if _PARAMETER.fullmatch(pair) and "&".join(pairs[:at] + pairs[at + 1 :]) == self._query:
                return int(pair.partition("=")[2])
        return None


def _turns(body: bytes, link: re.Match[bytes]) -> bool:
    """Whether a link's relation, or its whole wording, is that of turning pages."""
    if _NEXT.search(link[0]):
        return True
    words = _TAGS.sub(b" ", body[link.end() : link.end() + 400].partition(b">")[2].partition(b"</a")[0])
    text = " ".join(words.decode("utf-8", "replace").split())
    return text.isdecimal() or paging.is_onward(text)


def twins(body: bytes, url: str) -> Iterator[str]:
    """Addresses at which the page says the same article is in another form: those of its AMP, mobile and short forms.

    Of a twin, also its article's. Elsewhere the canonical address is not taken at its word: pages that all claim to be
    their section are common.
    """
    head = body[:_HEAD]
    is_twin = bool(_IS_AMP.search(head)) or next(plain(url), None) is not None
    signs = (b"amphtml", b"shortlink", b"media", *((b"canonical",) if is_twin else ()))
    for link in _LINK.finditer(head):
        if not any(sign in link[0] for sign in signs):  # few have any of these, and patterns cost
            continue
        said = _REL.search(link[0])
        if said is None or _NO_TWIN.search(link[0]):
            continue
        relation = said[1].lower()
        if (relation == b"canonical" and not is_twin) or (relation == b"alternate" and not _MEDIA.search(link[0])):
            continue
        if href := _ADDRESS.search(link[0]):
            where = address(url, html.unescape(href[2].decode("utf-8", "replace")))
            domain = registrable_domain(host_of(url))
            if where and registrable_domain(host_of(where)) == domain and urlsplit(where).path not in ("", "/"):
                yield where


def languages(body: bytes, url: str) -> dict[str, str]:
    """Addresses at which the page says the same article is in another language, and which."""
    head, own = body[:_HEAD], canonical(url)
    found: dict[str, str] = {}
    for link in _LINK.finditer(head) if b"hreflang" in head else ():
        language, said, href = _HREFLANG.search(link[0]), _REL.search(link[0]), _ADDRESS.search(link[0])
        if not (language and said and href) or said[1].lower() != b"alternate" or _TYPED.search(link[0]):
            continue
        where = address(url, html.unescape(href[2].decode("utf-8", "replace")))
        if where and canonical(where) != own and len(found) < _MOST_LANGUAGES:
            found.setdefault(where, language[1].decode("ascii").replace("_", "-").lower())
    return found


def plain(url: str) -> Iterator[str]:
    """Canonical keys of the article whose AMP, print or mobile twin, or further page, this looks like."""
    lower = url.lower()
    if not any(sign in lower for sign in _MAY_BE_OTHER) and lower.rstrip("/")[-1:] not in _DIGITS:
        return
    parts = urlsplit(url)
    path = _PRINT_PATH.sub("", _AMP_PATH.sub("", parts.path)) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if not _TWIN_PARAMETER.fullmatch(pair))
    host = _TWIN_HOST.sub("", parts.netloc)
    if (host, path, query) != (parts.netloc, parts.path, parts.query):
        key = canonical(parts._replace(netloc=host, path=path, query=query).geturl())
        yield from (key, *((f"{key}.html",) if _AMP_PATH.search(parts.path) else ()))
    turned = "&".join(pair for pair in parts.query.split("&") if not _PARAMETER.fullmatch(pair))
    folder = _PAGE_PATH.sub("", parts.path)
    if (folder, turned) != (parts.path, parts.query):
        yield canonical(parts._replace(path=folder, query=turned).geturl())
