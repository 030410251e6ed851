"""What is odd about a page: that it holds a part of an article, or that something else stands in the article's place.

Read from the page alone, which was served with a success: what a server says by its status needs no label. A wall is
called one where two things agree, that there is little of an article and that the page says or is built like one; a
long text on cookies, robots or paywalls is none. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

from lxml import etree, html

from archive.extract import jsonld, phrases
from archive.extract.page import Page
from archive.extract.wishes import WISHES
from archive.urls import split

__all__ = ["LABELS", "judge"]

LABELS: Final = tuple(
    sorted(
        (
            "bot-wall",
            "consent",
            "failed",
            "live",
            "login",
            "needs-scripts",
            "parked",
            "paywalled",
            "soft-404",
            "thin",
            "truncated",
            "unread-pdf",
            *WISHES,
        )
    )
)
"""All that a reading may have; those that no page shows by itself are given by those who know (docs/labels.md)."""

THIN: Final = 50
"""Words below which a text is labelled so."""
_SHORT: Final = 150
"""Words from which a text is an article, whatever else the page says."""
_BARE: Final = 250
"""Words on the whole page, up to which a machine may have said them all."""
_PREVIEW: Final = 400
"""Words up to which a text may be the start of one that costs."""
_CONSENT: Final = 0.04
"""Share of words about consent from which a page is about nothing else."""
_MOST: Final = 40_000
"""Characters of a page that are looked at."""
_HEAD: Final = 500
"""Characters of a title that are looked at."""
_REST: Final = 4
"""Words that a title may have beside what makes it that of an error or of a form."""

_SILENT: Final = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "select"})
_WORD: Final = re.compile(r"\w+")
_FALSE: Final = re.compile(r"(?:https?://schema\.org/)?false|no|0", re.IGNORECASE)
_BARRIER: Final = re.compile(
    r"(?:^|[\s_-])(?:paywall|pay-wall|regwall|piano-(?:inline|offer|container)|tp-container-inner|o-barrier|premium-wall"
    r"|subscri(?:ber|ption)-(?:wall|only|required|barrier|gate)|subscribe-(?:wall|gate)|article-(?:gate|barrier|locked)"
    r"|gated-content|content-gate|meteredcontent|plus-wall|fewcents|locked-content|is-locked)",
    re.IGNORECASE,
)
_CUT: Final = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.)\])\W{0,3}$")
_APP_ROOT: Final = etree.XPath(
    "boolean(//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='___gatsby' or @id='react-root'"
    " or @id='main-app' or self::app-root or @ng-app or @data-reactroot])"
)
_LOGIN_PATH: Final = re.compile(
    r"/(?:log-?in|sign-?in|signin|sso|auth(?:orize)?|account/login|anmelden|connexion|acceso|accedi|inloggen|login\.\w+)"
    r"(?:/|$|\?)",
    re.IGNORECASE,
)
_LOST_PATH: Final = re.compile(r"/(?:404|not-?found|page-not-found|error)(?:\.\w+)?/?$", re.IGNORECASE)


def judge(page: Page, tree: html.HtmlElement, text: str, words: int) -> tuple[str, ...]:
    """The labels of a page, sorted; `text` is what was read from it, `tree` the one that `page` was made from."""
    found = set(_parts(page, tree, text, words))
    if words < _SHORT and (wall := _wall(page, tree, words)):
        found = {wall, *(found & {"thin"})}
    return tuple(sorted(found))


def _parts(page: Page, tree: html.HtmlElement, text: str, words: int) -> Iterator[str]:
    if words < THIN:
        yield "thin"
    if any("LiveBlogPosting" in jsonld.types(node) for node in page.nodes):
        yield "live"
    if _is_paywalled(page, tree, text, words):
        yield "paywalled"


def _is_paywalled(page: Page, tree: html.HtmlElement, text: str, words: int) -> bool:
    """Whether it is the start of an article: it ends early, and the page says that it costs, or asks to subscribe.

    Many pages that say so hold the whole text, and leave it to scripts to hide it: they are as whole as others.
    """
    if words >= _PREVIEW and not _CUT.search(text):
        return False
    if page.node is not None and any(_is_false(page.node.get("isAccessibleForFree"))):
        return True
    if (page.first("article:content_tier", "content_tier") or "").lower() == "locked":
        return True
    if (words < _SHORT or _CUT.search(text)) and any(map(_is_barrier, _boxes(tree))):
        return True
    return bool(phrases.APPEAL.search(_visible(tree)))


def _is_barrier(box: html.HtmlElement) -> bool:
    return _BARRIER.search(f"{box.get('class', '')} {box.get('id', '')}") is not None


def _is_false(value: object) -> Iterator[bool]:
    for item in value if isinstance(value, list) else [value]:
        yield item is False or (isinstance(item, str) and _FALSE.fullmatch(item.strip()) is not None)


def _boxes(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return islice(tree.iter("div", "section", "aside", "article", "p"), 5_000)


def _wall(page: Page, tree: html.HtmlElement, words: int) -> str | None:
    """What stands in the article's place, if anything does; `words` are few."""
    says = _visible(tree)
    count = len(_WORD.findall(says))
    dated = page.node is not None and page.said("datePublished") is not None
    heads = [" ".join(head[:_HEAD].lower().split()) for head in (page.title or "", *page.h1s[:2]) if head]
    if count < _BARE and _is_bot_wall(tree, heads, says):
        return "bot-wall"
    if _is_lost(page, heads) and not dated:
        return "soft-404"
    if dated:
        return None
    if _is_parked(tree, count, heads, says):
        return "parked"
    if _is_login(page, tree, heads):
        return "login"
    if _is_consent(heads, says, count):
        return "consent"
    if count < THIN and _needs_scripts(tree):
        return "needs-scripts"
    return None


def _is_bot_wall(tree: html.HtmlElement, heads: list[str], says: str) -> bool:
    titled = any(map(phrases.BOT_TITLE.search, heads))
    said = phrases.BOT_TEXT.search(says) is not None
    built = phrases.BOT_MARKUP.search(etree.tostring(tree, encoding="unicode")[:_MOST]) is not None
    return titled + said + built >= 2 or (titled and len(says) < 400) or (built and len(says) < 200)


def _is_lost(page: Page, heads: list[str]) -> bool:
    claimed = [page.links.get("canonical", ""), *page.meta.get("og:url", ())]
    return any(_LOST_PATH.search(split(unquote(url)).path) for url in claimed) or any(
        _is_all(phrases.NOT_FOUND, head) for head in heads
    )


def _is_all(pattern: re.Pattern[str], head: str) -> bool:
    """Whether a title says this and little else."""
    match = pattern.search(head)
    if not match:
        return False
    rest = _WORD.findall(f"{head[: match.start()]} {head[match.end() :]}")
    return len(rest) <= _REST and sum(map(len, rest)) <= 10 * _REST


def _is_parked(tree: html.HtmlElement, count: int, heads: list[str], says: str) -> bool:
    if count >= _BARE:
        return False
    if any(map(phrases.PARKED.search, (*heads, says))):
        return True
    return phrases.PARKED_MARKUP.search(etree.tostring(tree, encoding="unicode")[:_MOST]) is not None


def _is_login(page: Page, tree: html.HtmlElement, heads: list[str]) -> bool:
    titled = any(_is_all(_LOGIN_HEAD, head) for head in heads)
    asked = any(field.get("type", "").lower() == "password" for field in tree.iter("input"))
    addressed = _LOGIN_PATH.search(split(page.url).path) is not None
    return asked + titled + addressed >= 2


_LOGIN_HEAD: Final = re.compile(rf"^(?:{phrases.LOGIN.pattern})(?!\w)|(?:[|:–—-] ?)(?:{phrases.LOGIN.pattern})$")


def _is_consent(heads: list[str], says: str, count: int) -> bool:
    about = len(phrases.CONSENT_WORDS.findall(says))
    titled = any(map(phrases.CONSENT_TITLE.search, heads))
    return about >= 4 and about >= _CONSENT * count * (0.5 if titled else 1) and (titled or count < 3 * _BARE)


def _needs_scripts(tree: html.HtmlElement) -> bool:
    """Whether there is next to nothing on the page, and scripts that would put something there."""
    if next(tree.iter("script"), None) is None:
        return False
    asked = " ".join(" ".join("".join(node.itertext()).split()) for node in islice(tree.iter("noscript"), 5)).lower()
    return bool(_APP_ROOT(tree)) or phrases.SCRIPTS.search(f"{asked[:2000]} {_visible(tree)}") is not None


def _visible(tree: html.HtmlElement) -> str:
    """What a reader sees of the page, in lower case, without scripts and choices."""
    body = tree.find("body")
    pieces: list[str] = []
    silent = length = 0
    for event, element in etree.iterwalk(tree if body is None else body, events=("start", "end")):
        if event == "start":
            silent += element.tag in _SILENT
            piece = element.text
        else:
            silent -= element.tag in _SILENT
            piece = element.tail
        if piece and not silent:
            pieces.append(piece[: _MOST - length])  # one text may be megabytes long
            length += len(piece)
            if length >= _MOST:
                break
    return " ".join(" ".join(pieces).lower().split())
