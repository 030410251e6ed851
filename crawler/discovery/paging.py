"""Where a section page goes on: rel=next, "older", the next page number, "load more". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from archive.urls import canonical
from crawler.discovery.candidates import address
from crawler.discovery.page import Page

__all__ = ["next_pages"]

_ONWARD = re.compile(
    r"""[\s»›→>]*(?:
    next(?:\ page)? | older(?:\ \w+)? | (?:load|show|see|view)\ more(?:\ \w+)? | more\ (?:news|stories|articles|posts)
    | weiter | nächste(?:\ seite)? | ältere(?:\ \w+)? | mehr\ (?:laden|anzeigen)
    | suivante?s? | page\ suivante | plus\ d.articles | siguientes? | ver\ más | cargar\ más
    | próxim[ao]s? | mais\ antigas | carregar\ mais | successiv[aoi] | volgende | nästa | neste | næste
    | seuraava | następna | dalej | další | sonraki | daha\ fazla | следующая | далее | ещё | показать\ ещё
    | التالي | 下一页 | 下一頁 | 次へ | 次のページ | もっと見る | 다음 | 더보기 | अगला
    | [»›→>] )[\s»›→>]*""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = re.compile(
    r"(?:[?&](?:page|p|pg|paged|pagina|seite|start_?page|pn)=|/page/|/p/|/seite/|[-_/]page[-_]?)(?P<n>\d{1,4})(?=[/&.?]|$)"
)
_MORE = re.compile(r"load|more|next|paginat|infinite", re.IGNORECASE)
_MORE_ATTRIBUTES = (
    "data-next-url",
    "data-next",
    "data-url",
    "data-href",
    "data-ajax-url",
    "hx-get",
    "data-load-more-url",
)
_MOST = 3


def next_pages(page: Page) -> tuple[str, ...]:
    """Addresses on the same host at which the list goes on, by the surest sign the page gives."""
    own, host = canonical(page.url), urlsplit(page.url).netloc
    for sign in (_related, _worded, _numbered, _loaded):
        found = dict.fromkeys(
            url
            for href in sign(page)
            if (url := address(page.base, href)) and canonical(url) != own and urlsplit(url).netloc == host
        )
        if found:
            return tuple(found)[:_MOST]
    return ()


def _related(page: Page) -> Iterator[str | None]:
    for element in page.tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            yield element.get("href")


def _worded(page: Page) -> Iterator[str | None]:
    for anchor in page.tree.iter("a"):
        words = (" ".join("".join(map(str, anchor.itertext())).split()), anchor.get("aria-label"), anchor.get("title"))
        if any(text and len(text) < 40 and _ONWARD.fullmatch(text) for text in words) and _pages(anchor):
            yield anchor.get("href")


def _pages(anchor: html.HtmlElement) -> bool:
    """Whether an onward link turns the page of a list: an arrow may as well turn pictures."""
    href = anchor.get("href") or ""
    return bool(re.search(r"\d", href)) or "next" in (anchor.get("class") or "").lower() or "more" in href.lower()


def _numbered(page: Page) -> Iterator[str | None]:
    """The link whose wording and address both say the number after this page's own."""
    current = _NUMBERED.search(page.url)
    wanted = str(int(current["n"]) + 1 if current else 2)
    for anchor in page.tree.iter("a"):
        if "".join(map(str, anchor.itertext())).strip() == wanted:
            number = _NUMBERED.search(anchor.get("href") or "")
            if number and number["n"].lstrip("0") == wanted:
                yield anchor.get("href")


def _loaded(page: Page) -> Iterator[str | None]:
    """Addresses that a button's script would fetch."""
    for element in page.tree.iter("a", "button", "div", "span"):
        if _MORE.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            for name in _MORE_ATTRIBUTES:
                value = element.get(name) or ""
                if value.startswith(("/", "http", "?")):
                    yield value
