"""Where a section page goes on: rel=next, "older", the next page number, "load more". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from archive.urls import canonical
from crawler.discovery.candidates import address
from crawler.discovery.page import Page

__all__ = ["is_onward", "next_pages"]

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
    r"(?:[?&](?:page|p|pg|paged|pagina|seite|start_?page|pn|start|offset|from|skip)="
    r"|/page/|/p/|/seite/|[-_/]page[-_]?|/P(?=\d+/?$))(?P<n>\d{1,5})(?=[/&.?]|$)"
)
_MORE = re.compile(r"load|more|next|paginat|infinite", re.IGNORECASE)
_PLAIN_ATTRIBUTES = frozenset(
    {"data-url", "data-href", "data-ajax-url", "data-endpoint", "data-src", "hx-get", "data-ajax"}
)
_ADDRESS = re.compile(r"(?:https?:/)?/|\?")
_ANNOUNCED = re.compile(
    r"""["']?(?:next|more|load_?more)_?(?:page)?_?(?:url|link|href|endpoint)["']?\s*[:=]\s*(?P<q>["'])
    (?P<address>(?:https?:)?\\?/[^"'<>\s]{1,500})(?P=q)""",
    re.IGNORECASE | re.VERBOSE,
)
_SCRIPT = 500_000
"""Characters of a script that are looked through."""
_MOST = 3


def is_onward(text: str) -> bool:
    """Whether this is all wording by which lists and articles go on: "next page", "older posts", an arrow."""
    return len(text) < 40 and bool(_ONWARD.fullmatch(text))


def next_pages(page: Page) -> tuple[str, ...]:
    """Addresses on the same host at which the list goes on, by the surest sign the page gives."""
    own, host = canonical(page.url), urlsplit(page.url).netloc
    for sign in (_related, _worded, _numbered, _loaded, _announced):
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
        if any(text and is_onward(text) for text in words) and _pages(anchor):
            yield anchor.get("href")


def _pages(anchor: html.HtmlElement) -> bool:
    """Whether an onward link turns the page of a list: an arrow may as well turn pictures."""
    href = anchor.get("href") or ""
    return bool(re.search(r"\d", href)) or "next" in (anchor.get("class") or "").lower() or "more" in href.lower()


def _numbered(page: Page) -> Iterator[str | None]:
    """The link to the next number: pages may be counted from 0, and addresses may count articles."""
    links: dict[int, tuple[int, str]] = {}
    for anchor in page.tree.iter("a"):
        words, href = "".join(map(str, anchor.itertext())).strip(), anchor.get("href") or ""
        if words.isdecimal() and len(words) < 5 and (number := _NUMBERED.search(href)):
            links.setdefault(int(words), (int(number["n"]), href))
    if not links:
        return
    own = _NUMBERED.search(page.url)
    current = 1
    if own:
        (first, start), (last, end) = ((word, links[word][0]) for word in (min(links), max(links)))
        step = (end - start) // (last - first) if last > first else 1
        current = first + (int(own["n"]) - start) // max(step, 1)
    if current + 1 in links:
        yield links[current + 1][1]


def _loaded(page: Page) -> Iterator[str | None]:
    """Addresses that a button's script would fetch: in an attribute that says so, or any of a button that does."""
    for element in page.tree.iter("a", "button", "div", "span", "section", "ul", "input"):
        button = bool(_MORE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))
        for name, value in element.items():
            telling = name.startswith("data-") and _MORE.search(name)
            if (telling or (button and name in _PLAIN_ATTRIBUTES)) and _ADDRESS.match(value):
                yield value


def _announced(page: Page) -> Iterator[str | None]:
    """Addresses that a script on the page keeps for its next request."""
    for script in page.tree.iter("script"):
        for match in _ANNOUNCED.finditer((script.text or "")[:_SCRIPT]):
            yield match["address"].replace("\\/", "/").replace("\\u0026", "&")
