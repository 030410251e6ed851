"""What kind of page it is: an article, an index of articles, or something else. Pure, and without an extractor.

A sum of points decides over all signs together. No single one is trusted: systems for blogs declare shops to be
articles, and newspapers forget to declare anything. A page with prose that a feed or sitemap listed is an article
unless much speaks against it, since an article missed is worse than a page too many.
"""

from __future__ import annotations

from typing import Final

from lxml import html

from archive.extract.page import Page
from archive.extract.signs import signs
from archive.model import Discovery

__all__ = ["judge", "kind_of"]

_POINTS: Final = {
    # what is declared
    "article node": 0.6,
    "article node with a date": 0.5,
    "news node": 0.5,
    "og:type article": 0.9,
    "og:type of goods": -0.3,
    "publication date": 0.6,
    "author in meta": 0.6,
    "section in meta": 0.3,
    "forum node": -0.6,
    "goods node": -0.5,
    "offer node": -0.3,
    "media node": -1.3,
    "list node": -1.5,
    "crumbs node": -0.5,
    "software": -0.5,
    # the URL
    "front page": -2.0,
    "path of a list": -0.4,
    "name of a list": -1.2,
    "path of no article": -1.5,
    "path of a forum": -0.7,
    "path of articles": 1.2,
    "dated path": 1.0,
    "long or numbered name": 0.7,
    "name of several words": 0.9,
    # the template, and the names of classes
    "body of a list": -0.7,
    "body of a post": 0.7,
    "class of an entry": 0.4,
    "class of authors": 0.5,
    "class of avatars": -0.3,
    "class of filters": -0.4,
    "class of pages": -0.4,
    "class of posters": -0.4,
    "class of prices": -0.5,
    "class of pricing": -0.3,
    "class of questions": -0.3,
    "class of testimonials": -0.5,
    "class of votes": -0.4,
    # what is shown
    "headline of five words": 0.5,
    "date by the headline": 0.8,
    "link to an author": 0.4,
    "many times": -0.3,
    "sums of money": -0.4,
    # what it is made of
    "prose of pages": 0.3,
    "little prose": -2.0,
    "few runs of prose": -0.2,
    "paragraphs together": 0.9,
    "quotation": -0.7,
    "many teasers": -0.7,
    "caption": 0.7,
    "figure": 0.5,
    "drawing": -0.8,
    "one article element": 0.5,
    "much code": -0.6,
    "many fields": -0.7,
    "many elements": -0.4,
    # how it was found
    "listed in a feed": 5.0,
    "listed in a sitemap": 3.0,
}
"""Weights of a logistic regression over real pages, rounded; to be seen as a whole. Of pages it was fitted on it tells
97 of 100 right on both sides, of sites it has not seen 96 (docs/extraction.md). Those of front pages, lists and media,
of which there were few, are held to what they were; dated paths and pages with hardly any prose weigh more than was
fitted, as what is plain is rare among those pages. Signs without points count only where a page is no article."""
_ENOUGH: Final = 1.8

_LISTS: Final = frozenset({"list node", "front page", "path of a list", "name of a list", "body of a list"})
_GOODS: Final = frozenset({"goods node", "og:type of goods", "price", "forum node", "many prices"})


def kind_of(tree: html.HtmlElement, url: str, hint: Discovery | None = None) -> str:
    """``article``, ``index`` or ``other``, for a page that is not being extracted here and now."""
    return judge(Page.of(tree, url), hint)


def judge(page: Page, hint: Discovery | None = None) -> str:
    """The same, for a page that has been looked through."""
    if hint is not None and "E" in hint.hops:  # asked for as a part of a page, whatever came
        return "other"
    found = signs(page, hint)
    if sum(_POINTS.get(sign, 0.0) for sign in sorted(found)) >= _ENOUGH:
        return "article"
    return "index" if found & _LISTS or ("mostly teasers" in found and not found & _GOODS) else "other"
