"""What of a page is furniture by its name: menus, share bars, comments, teasers, forms, what is hidden.

A name is believed only as far as the page bears it out: where elements of one name hold a large part of all prose,
that name means the article here (`elementor-widget`, `subscriber-only`, a `<nav>` that is never closed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree, html

from archive.extract.measure import Measure, Measures

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

_FIRST: Final = """
    comments?(?:$|[_-]|list|area|section|wrap|thread|box|form|container|count)
    shar(?:e|ing)(?:$|[_-]|bar|box|buttons?|tools|daddy)
    (?:tags|bio)(?:$|[_-]) side-?(?:rail|col) nav(?:$|[_-]|bar|igation) ads?(?:$|[_-]|slot|box|unit|vert)
    more-(?:on|from|stories|news|articles) meta(?:$|[_-]|data) (?<!no[_-])toc(?:$|[_-])
"""
"""Told at the start of a class or id, or after a hyphen or underscore in it."""
_ALONE: Final = "(?:(?:is-)?hidden|hide|respond)$"
"""Told at its start only."""
_ANYWHERE: Final = """
    disqus livefyre coral-?talk sharedaddy addthis a2a_kit social sociable
    newsletter subscri(?:be(?!r)|ption) sign-?up(?:$|[_-]|form|box) mailing-?list
    cookie consent gdpr onetrust permission
    tag-?list tag-?cloud
    sidebar right-?rail banner bread-?crumb
    author byline
    foot(?:er)?(?:$|[_-]) footer
    subnav navbar menu toolbar
    related recommend most-?(?:popular|read|viewed) popular trending
    read-?(?:more|next|also) next-?(?:article|post|up|story) prev(?:ious)?-?(?:post|article) see-?also
    also-?(?:read|like) you-?may up-?next latest-?(?:news|posts|articles)
    outbrain taboola criteo zergnet nativo revcontent
    advert sponsor promo(?:$|[_-]|box|tion) dfp
    teaser widget(?!-(?:text|theme|container))
    timestamp rating user-?(?:info|profile) article-?info
    slide(?:r|show)?(?:$|[_-]) carousel gallery overlay modal popup pop-?over tooltip lightbox
    caption credit(?:$|[_-])
    noprint no-print hide-?print hidden-print visually-?hidden sr-only screen-reader display-none d-none
    donat paywall premium regwall piano login log-in
    print-?(?:only|link|btn) table-of-contents
    copyright disclaimer disclosure embed
"""


def _any(alternatives: str) -> str:
    return f"(?:{'|'.join(alternatives.split())})"


def _by_letter(alternatives: str) -> str:
    """The same, those that begin alike together: a page brings a hundred classes never seen before, and each of their
    characters would cost as much as there are alternatives."""
    rests: dict[str, str] = {}
    for alternative in alternatives.split():
        rests[alternative[0]] = f"{rests.get(alternative[0], '')} {alternative[1:]}"
    return "|".join(letter + _any(rest) for letter, rest in rests.items())


_START: Final = "\n"
"""Stands before each class or id that is searched."""
_NAMES: Final = re.compile(
    f"{_START}(?:{_any(_FIRST)}|{_any(_ALONE)})|_{_any(_FIRST)}|-{_any(_FIRST)}|-stories|{_by_letter(_ANYWHERE)}",
    re.MULTILINE,
)
"""In classes or an id, each after a start."""
_QUOTING: Final = frozenset({"embed", "social", "widget"})
"""What quotations from elsewhere are called: with a blockquote in it, it is one."""
_NO_NAMES: Final[frozenset[str]] = frozenset()
_PUNCTUATION: Final = re.compile(r"[\W_]")
_LONGEST: Final = 400
"""Characters of a name that are looked at: names are remembered, and a hostile page's must not fill the memory."""


def strip(tree: html.HtmlElement) -> None:
    """Take out what holds no text of an article in any place, and the tags that only style what they hold."""
    etree.strip_elements(tree, *_NEVER, with_tail=False)
    etree.strip_tags(tree, *_TRANSPARENT)


@dataclass(slots=True, eq=False)
class _Named:
    """An element with names of furniture."""

    element: html.HtmlElement
    measure: Measure
    names: tuple[str, ...]
    around: _Named | None
    """The innermost such element that it stands in."""
    over: frozenset[str]
    """All names of the elements that it stands in."""
    gone: bool = False


def prune(tree: html.HtmlElement, measures: Measures) -> None:
    """Take furniture out of a page; `measures` are kept up for what it stood in."""
    marked: list[_Named] = []
    taken: dict[str, int] = {}
    within: dict[Measure | None, _Named] = {}
    for element, own in measures.items():
        around = within.get(own.around)
        names = _names(element)
        if names and not (_QUOTING.issuperset(names) and element.find(".//blockquote") is not None):
            over = around.over.union(around.names) if around else _NO_NAMES
            for name in names:
                if name not in over:
                    taken[name] = taken.get(name, 0) + own.prose
            around = _Named(element, own, names, around, over)
            marked.append(around)
        if around:
            within[own] = around
    total = measures[tree].prose
    believed = {name for name, prose in taken.items() if prose <= _SURE.get(name, _SHARE) * total}
    for named in marked:
        if named.around and named.around.gone:
            named.gone = True
        elif not believed.isdisjoint(named.names):
            named.gone = True
            own = named.measure
            whole = own.around
            while whole:
                whole.letters -= own.letters
                whole.linked -= own.linked
                whole.prose -= own.prose
                whole = whole.around
            drop(named.element)
        elif named.element.tag in _BY_TAG:
            named.element.tag = "div"


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
    if tag in _BY_TAG:
        names: tuple[str, ...] = (f"<{tag}>",)
    elif tag in _NAMED:
        names = ()
    else:
        return ()
    if value := element.get("class"):
        names += _furniture(value[:_LONGEST])
    if value := element.get("id"):
        names += _furniture(value[:_LONGEST])
    style = element.get("style")
    if (style and _HIDDEN.search(style)) or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        names += ("hidden by style",)
    if (role := element.get("role")) in _ROLES:
        names += (f"role {role}",)
    return names


@lru_cache(maxsize=8192)
def _furniture(names: str) -> tuple[str, ...]:
    """What the names in an attribute say."""
    said = _NAMES.findall(_START.join(("", *names.lower().split())))
    return tuple(sorted({_PUNCTUATION.sub("", name) for name in said})) if said else ()
