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
    (?:^|[\s_-])comments?(?:$|[\s_-]|list|area|section|wrap|thread|box|form|container|count)|disqus|^comol|livefyre
    |coral-?talk|(?:^|\s)respond(?:$|\s)
    |(?:^|[\s_-])shar(?:e|ing)(?:$|[\s_-]|bar|box|buttons?|tools|daddy)|sharedaddy|addthis|a2a_kit|social|sociable
    |newsletter|subscri(?:be(?!r)|ption)|sign-?up(?:$|[\s_-]|form|box)|mailing-?list
    |cookie|consent|gdpr|onetrust|permission
    |(?:^|[\s_-])tags(?:$|[\s_-])|tag-?list|tag-?cloud
    |sidebar|(?:^|[\s_-])side-?(?:rail|col)|right-?rail|banner|bread-?crumb
    |author|byline|(?:^|[\s_-])bio(?:$|[\s_-])
    |foot(?:er)?(?:$|[\s_-])|footer
    |(?:^|[\s_-])nav(?:$|[\s_-]|bar|igation)|subnav|navbar|menu|toolbar
    |related|recommend|most-?(?:popular|read|viewed)|popular|trending|(?:^|[\s_-])more-(?:on|from|stories|news|articles)
    |read-?(?:more|next|also)|next-?(?:article|post|up|story)|prev(?:ious)?-?(?:post|article)|-stories|see-?also
    |also-?(?:read|like)|you-?may|up-?next|latest-?(?:news|posts|articles)
    |outbrain|taboola|criteo|zergnet|nativo|revcontent
    |(?:^|[\s_-])ads?(?:$|[\s_-]|slot|box|unit|vert)|advert|sponsor|promo(?:$|[\s_-]|box|tion)|dfp
    |teaser|widget(?!-(?:text|theme|container))
    |(?:^|[\s_-])meta(?:$|[\s_-]|data)|timestamp|rating|user-?(?:info|profile)|article-?info
    |slide(?:r|show)?(?:$|[\s_-])|carousel|gallery|overlay|modal|popup|pop-?over|tooltip|lightbox
    |caption|credit(?:$|[\s_-])
    |(?:^|\s)(?:is-)?hidden(?:$|\s)|(?:^|\s)hide(?:$|\s)|noprint|no-print|hide-?print|hidden-print|visually-?hidden
    |sr-only|screen-reader|display-none|d-none
    |donat|paywall|premium|regwall|piano|login|log-in
    |print-?(?:only|link|btn)|table-of-contents|(?:^|(?<!no)[\s_-])toc(?:$|[\s_-])
    |copyright|disclaimer|disclosure|embed
    """,
    re.VERBOSE,
)
_PUNCTUATION: Final = re.compile(r"[\W_]")
_LONGEST: Final = 80
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
        if names := _names(element):
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
    said = element.attrib
    if not said:
        return names
    for attribute in ("class", "id"):
        if value := said.get(attribute):
            names += _furniture(value[:_LONGEST])
    if "hidden" in said or said.get("aria-hidden") == "true" or _HIDDEN.search(said.get("style", "")):
        names += ("hidden by style",)
    if (role := said.get("role")) in _ROLES:
        names += (f"role {role}",)
    return names


@lru_cache(maxsize=8192)
def _furniture(name: str) -> tuple[str, ...]:
    return tuple(sorted({_PUNCTUATION.sub("", match[0]) for match in _NAMES.finditer(name.lower())}))
