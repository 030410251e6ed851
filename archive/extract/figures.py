"""The pictures of an article: those within and right above its text, with their captions, at their best size.

Pages hide the address of a picture from browsers that have not scrolled to it yet: in attributes of all sorts of names,
in `srcset`, in a `noscript` beside an empty one. The largest that is offered is taken. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from lxml import html

from archive.extract.inline import END, START, join
from archive.extract.places import places
from archive.model import Figure
from archive.urls import split

__all__ = ["figures"]

_MOST: Final = 200
_SMALL: Final = 100
"""Pixels: what is smaller is an icon, a portrait or a counter."""
_LAZY: Final = (
    *("data-src", "data-lazy-src", "data-original", "data-original-src", "data-full-src", "data-large-src"),
    *("data-hi-res-src", "data-image", "data-img-src", "data-url", "data-lazyload", "data-echo", "data-lazy"),
)
_PLACEHOLDER: Final = re.compile(
    r"(?:placeholder|spacer|blank|transparent|pixel|lazy-?load|loading|1x1|grey)[\w-]*\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
_FURNITURE: Final = re.compile(
    r"avatar|author|byline|logo|icon|sprite|emoji|badge|share|social|promo|advert|sponsor|newsletter|related|recommend"
    r"|comment|sidebar|teaser|tracking|signature|profile|more-"
)
"""In names in lower case."""
_ASIDE: Final = frozenset({"aside", "nav", "footer", "form", "button"})
_CAPTION: Final = re.compile(r"caption|legende|bildunterschrift", re.IGNORECASE)
_IMAGE_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp)$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*(\d{1,6})(?:px)?\s*")


def figures(tree: html.HtmlElement, lines: Sequence[str], base: str) -> tuple[Figure, ...]:
    """The pictures around these lines of the page `tree`, each once, in order; relative addresses are of `base`."""
    found: dict[str, Figure] = {}
    end = -1
    previous: html.HtmlElement | None = None
    for picture in places(tree, lines)[: 10 * _MOST]:
        element = picture.element
        framed = element.tag == "figure"
        if picture.end <= end and _is_framed(element):
            continue
        if not (framed or (picture.within and not _leads_elsewhere(element))) or _is_furniture(element):
            continue
        url = _url(element, base)
        if url is None or (not framed and previous is not None and _is_twin(previous, element)):
            continue
        end, previous = picture.end, element
        key = split(url).path
        if key not in found and len(found) < _MOST:
            found[key] = Figure(url=url, at=picture.at, caption=_caption(element), alt=_alt(element))
    return tuple(found.values())


def _is_framed(element: html.HtmlElement) -> bool:
    return any(ancestor.tag == "figure" for ancestor in element.iterancestors())


def _leads_elsewhere(element: html.HtmlElement) -> bool:
    """Whether the picture is a link, and not to itself at a larger size."""
    link = next(element.iterancestors("a"), None)
    return link is not None and not _IMAGE_FILE.search(split(link.get("href") or "").path)


def _is_furniture(element: html.HtmlElement) -> bool:
    """Whether it belongs to the page and not to the article."""
    for image in element.iter("img"):
        sizes = [_NUMBER.fullmatch(image.get(side) or "") for side in ("width", "height")]
        if any(size and int(size[1]) < _SMALL for size in sizes):
            return True
    around = list(element.iterancestors())[:-1]  # the outermost may be called anything
    if any(ancestor.tag in _ASIDE for ancestor in around):
        return True
    names = (node.get(name) or "" for node in (element, *element.iter("img"), *around) for name in ("class", "id"))
    return bool(_FURNITURE.search(" ".join(names).lower()))


def _is_twin(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Whether `other` stands in a noscript right after `one`, which is the same for browsers that run scripts."""
    around = next(other.iterancestors("noscript"), None)
    if around is None:
        return False
    before = around.getprevious()
    return before is not None and (before is one or one in before.iter("img"))


def _url(element: html.HtmlElement, base: str) -> str | None:
    """The absolute address of the largest picture that is offered; None for none."""
    offers = sorted(_offers(element), key=lambda offer: -offer[0])
    for _, link in offers:
        link = link.strip()
        if not link or _PLACEHOLDER.search(link):
            continue
        try:
            url = join(base, link)
        except ValueError:
            continue
        if url.startswith(("http://", "https://")):
            return url
    return None


def _offers(element: html.HtmlElement) -> Iterator[tuple[float, str]]:
    """Addresses and how large they are said to be; of those that do not say, the plainest counts most."""
    for image in element.iter("img"):
        picture = next(image.iterancestors("picture"), None)
        for source in [image, *([] if picture is None else picture.iter("source"))]:
            for name in ("srcset", "data-srcset", "data-lazy-srcset"):
                yield from _candidates(source.get(name) or "")
        for rank, name in enumerate((*_LAZY, "src")):
            yield -rank / 100, image.get(name) or ""
    for noscript in element.iter("noscript"):
        for image in noscript.iter("img"):
            yield -0.5, image.get("src") or ""


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """Widths or densities and addresses of a `srcset`: commas may stand in an address, and end one (HTML 4.8.4.2)."""
    link = ""
    for token in srcset.split():
        if link:
            number = token.rstrip(",")[:-1]
            yield (float(number) if number.replace(".", "", 1).isdecimal() else 1.0), link
            link = ""
        elif token.endswith(","):
            yield 1.0, token.rstrip(",")
        else:
            link = token
    yield 1.0, link


def _caption(element: html.HtmlElement) -> str | None:
    if (caption := element.find(".//figcaption")) is not None:
        return _text(caption)
    if element.tag == "figure":
        return _called_caption(element)
    for around in islice(element.iterancestors("div", "p", "dl"), 3):
        if len(list(islice(around.iter("img"), 2))) > 1:
            break
        if caption := _called_caption(around):
            return caption
    return None


def _called_caption(around: html.HtmlElement) -> str | None:
    named = (
        node for node in around.iterdescendants("p", "div", "span", "dd") if _CAPTION.search(node.get("class") or "")
    )
    return next(filter(None, map(_text, named)), None)


def _text(element: html.HtmlElement) -> str | None:
    pieces = (piece for piece in element.itertext() if piece)
    return " ".join("".join(pieces).replace(START, "").replace(END, " ").split())[:2000] or None


def _alt(element: html.HtmlElement) -> str | None:
    return next(
        (" ".join(alt.split())[:2000] for image in element.iter("img") if (alt := image.get("alt")) and alt.strip()),
        None,
    )
