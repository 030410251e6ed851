"""What of a page is furniture by its name: menus, share bars, comments, teasers, forms, what is hidden.

A name is believed only as far as the page bears it out: where elements of one name hold a large part of all prose,
that name means the article here (`elementor-widget`, `subscriber-only`, a `<nav>` that is never closed).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml import etree, html

from archive.extract.measure import Measures

__all__ = ["drop", "prune", "strip"]

_NEVER: Final = (
    *("script", "style", "svg", "select", "input", "head", "link", "meta", "textarea", "object", "embed", "audio"),
    *("video", "canvas", "map", "time", "figcaption", "option", "rp", "rt", "source", "picture", "datalist"),
    *("progress", "output", "iframe"),
)
_TRANSPARENT: Final = (
    *("span", "label", "font", "small", "abbr", "acronym", "bdi", "bdo", "big", "cite", "data", "dfn", "hgroup", "img"),
    *("ins", "mark", "nobr", "ruby", "wbr", "center", "u", "address"),
)
_BY_TAG: Final = frozenset(
    {"nav", "footer", "aside", "form", "button", "noscript", "template", "dialog", "menu", "fieldset", "noindex"}
)
_NAMED: Final = frozenset(
    {"div", "section", "p", "ul", "ol", "li", "dl", "table", "figure", "details", "header", "blockquote", "a", "em"}
    | {"h2", "h3", "h4", "h5", "h6", "strong", "i", "b"}
)
"""Elements whose names are looked at; `article` and `main` are believed to be what they are."""
_ROLES: Final = frozenset({"navigation", "complementary", "contentinfo", "search", "banner", "dialog"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_SHARE: Final = 0.3
"""Part of a page's prose that one name may take away."""
_SURE: Final = {"comments": 0.95, "comment": 0.95, "disqus": 0.95, "respond": 0.95, "footer": 0.8, "<footer>": 0.8}
"""The same for names that leave no doubt: some pages are mostly comments."""

_NAMES: Final = re.compile(
    r"""
    (?:^|[_-])
      (?:comments?(?:$|[_-]|list|area|section|wrap|thread|box|form|container|count)
      |shar(?:e|ing)(?:$|[_-]|bar|box|buttons?|tools|daddy)
      |(?:tags|bio)(?:$|[_-])|side-?(?:rail|col)|nav(?:$|[_-]|bar|igation)|ads?(?:$|[_-]|slot|box|unit|vert)
      |more-(?:on|from|stories|news|articles)|meta(?:$|[_-]|data))
    |^(?:comol|(?:respond|(?:is-)?hidden|hide)$)
    |disqus|livefyre|coral-?talk|sharedaddy|addthis|a2a_kit|social|sociable
    |newsletter|subscri(?:be(?!r)|ption)|sign-?up(?:$|[_-]|form|box)|mailing-?list
    |cookie|consent|gdpr|onetrust|permission
    |tag-?list|tag-?cloud
    |sidebar|right-?rail|banner|bread-?crumb
    |author|byline
    |foot(?:er)?(?:$|[_-])|footer
    |subnav|navbar|menu|toolbar
    |related|recommend|most-?(?:popular|read|viewed)|popular|trending
    |read-?(?:more|next|also)|next-?(?:article|post|up|story)|prev(?:ious)?-?(?:post|article)|-stories|see-?also
    |also-?(?:read|like)|you-?may|up-?next|latest-?(?:news|posts|articles)
    |outbrain|taboola|criteo|zergnet|nativo|revcontent
    |advert|sponsor|promo(?:$|[_-]|box|tion)|dfp
    |teaser|widget(?!-(?:text|theme|container))
    |timestamp|rating|user-?(?:info|profile)|article-?info
    |slide(?:r|show)?(?:$|[_-])|carousel|gallery|overlay|modal|popup|pop-?over|tooltip|lightbox
    |caption|credit(?:$|[_-])
    |noprint|no-print|hide-?print|hidden-print|visually-?hidden|sr-only|screen-reader|display-none|d-none
    |donat|paywall|premium|regwall|piano|login|log-in
    |print-?(?:only|link|btn)|table-of-contents|(?:^|(?<!no)[_-])toc(?:$|[_-])
    |copyright|disclaimer|disclosure|embed
    """,
    re.VERBOSE,
)
"""In a single class or id. What must stand at its start, or after a hyphen, is tried there only, all at once: a page
brings a hundred classes never seen before, and each of their characters costs as much as there are alternatives."""
_QUOTING: Final = frozenset({"embed", "social", "widget"})
"""What quotations from elsewhere are called: with a blockquote in it, it is one."""
_PUNCTUATION: Final = re.compile(r"[\W_]")
_LONGEST: Final = 400
"""Characters of a name that are looked at: names are remembered, and a hostile page's must not fill the memory."""


def strip(tree: html.HtmlElement) -> None:
    """Take out what holds no text of an article in any place, and the tags that only style what they hold."""
    etree.strip_elements(tree, *_NEVER, with_tail=False)
    etree.strip_tags(tree, *_TRANSPARENT)


def prune(tree: html.HtmlElement, measures: Measures) -> None:
    """Take furniture out of a page; `measures` are kept up for what it stood in."""
    marked: list[tuple[html.HtmlElement, tuple[str, ...]]] = []
    taken: dict[str, int] = {}
    above: dict[html.HtmlElement, tuple[str, ...]] = {}
    for element, own in measures.items():
        parent = element.getparent()
        over = above.get(parent, ()) if parent is not None else ()
        if (names := _names(element)) and not (
            _QUOTING.issuperset(names) and element.find(".//blockquote") is not None
        ):
            marked.append((element, names))
            for name in names:
                if name not in over:
                    taken[name] = taken.get(name, 0) + own.prose
            over = (*over, *names)
        if over:
            above[element] = over
    total = measures[tree].prose
    believed = {name for name, prose in taken.items() if prose <= _SURE.get(name, _SHARE) * total}
    gone: set[html.HtmlElement] = set()
    for element, names in marked:
        ancestors = list(element.iterancestors())
        if not gone.isdisjoint(ancestors):
            continue
        if believed.isdisjoint(names):
            if element.tag in _BY_TAG:
                element.tag = "div"
            continue
        own = measures[element]
        for ancestor in ancestors:
            whole = measures[ancestor]
            whole.letters -= own.letters
            whole.linked -= own.linked
            whole.prose -= own.prose
        gone.add(element)
        drop(element)


def drop(element: html.HtmlElement) -> None:
    """Take an element out, and leave the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _names(element: html.HtmlElement) -> tuple[str, ...]:
    """By what names an element would be furniture."""
    tag = element.tag
    names: tuple[str, ...] = (f"<{tag}>",) if tag in _BY_TAG else ()
    if not names and tag not in _NAMED:
        return ()
    for attribute in ("class", "id"):
        if value := element.get(attribute):
            names += _furniture(value[:_LONGEST])
    style = element.get("style")
    if (style and _HIDDEN.search(style)) or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        names += ("hidden by style",)
    if (role := element.get("role")) in _ROLES:
        names += (f"role {role}",)
    return names


@lru_cache(maxsize=8192)
def _furniture(names: str) -> tuple[str, ...]:
    return tuple(sorted(set().union(*map(_said, names.lower().split()))))


@lru_cache(maxsize=8192)
def _said(name: str) -> frozenset[str]:
    return frozenset(_PUNCTUATION.sub("", match[0]) for match in _NAMES.finditer(name))
