"""Which kind of article an article is, where something says so; news where nothing does. Pure.

What a page declares of itself goes first, then the dateline of a wire that sends out press releases, then its address,
then its section and headline. Words count only where newsrooms share them; none is that of a site. An article that
shows a video or a row of pictures is no video or gallery: the page must be about it.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from archive.extract import jsonld
from archive.extract.page import Page
from archive.urls import split

__all__ = ["Genre", "genre", "is_sent_out", "shows_media"]

Genre = tuple[str, str]
"""A kind (archive.model.ARTICLES), and where it was found; the latter empty for what is news by default."""

_TYPES: Final = {
    "LiveBlogPosting": "live-blog",
    "OpinionNewsArticle": "opinion",
    "PressRelease": "press-release",
}
_MEDIA: Final = {"VideoObject": "video", "ImageGallery": "gallery", "MediaGallery": "gallery"}
_OG_TYPES: Final = re.compile(r"(?P<video>video\b.*)|(?P<gallery>(?:photo|image)?[ _-]?gallery)", re.IGNORECASE)

_WIRES: Final = re.compile(
    r"""\A\W*FOR\ IMMEDIATE\ RELEASE\b
    |[(/]\s*(?:PR\ ?Newswire(?:-\w+)?|BUSINESS\ WIRE|GLOBE\ ?NEWSWIRE|MARKETWIRED|ACCESS(?:WIRE|\ Newswire)|EQS-News
    |EZ\ Newswire|NEWSFILE\ CORP\.?|PRWEB|ots)\s*[)/]""",
    re.VERBOSE,
)
"""How services that send out press releases begin them: "LONDON, May 3, 2024 /PRNewswire/ --"."""
_BEGINNING: Final = 600
"""Characters of the text among which that stands."""
_CONTACT: Final = re.compile(
    r"^\W*(?:(?:media|press) (?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|relations)|pressekontakt|contacts? presse"
    r"|contacto de prensa|contatti stampa|perscontact)\b",
    re.IGNORECASE | re.MULTILINE,
)
_ABOUT: Final = re.compile(
    r"^\W*(?:About|Über|À propos d|Acerca de|Sobre|Informazioni su|Over) ?[^\W\d_].{0,60}$", re.MULTILINE
)
_END: Final = 3_000
"""Characters at the end of the text among which a press release says both who sent it and whom to ask."""

_SEGMENTS: Final = {
    "live-blog": r"live-?blogs?|live-?ticker|live-news|newsblog",
    "press-release": r"""(?:press|news|media)[-_]?releases?|presse(?:mitteilung|meldung)(?:en)?|communiques?-de-presse
    |comunicados?-de-prensa|comunicat[oi]-stampa|persbericht(?:en)?|pressmeddelanden?""",
    "gallery": r"""(?:(?:photo|picture|image)-?)?galler(?:y|ies)|(?:in-)?pictures|photos|slideshows?|fotostrecken?
    |bild(?:ergalerie|strecke)n?|(?:foto)?galerias?|fotogalerien?|diaporamas?""",
    "video": r"videos?|watch|av|videothek|mediathek",
    "opinion": r"""opinions?|op-?eds?|commentisfree|commentary|editorials?|columnists?|columns|viewpoints?
    |letters(?:-to-the-editor)?|meinung|kommentare?|kolumnen?|leitartikel|gastbeitrag|leserbriefe|opini(?:e|a|oni|ao)
    |columnas|debatt|mnenie""",
}
"""Folders, and the first name of a host, by which newsrooms keep what is of that kind."""
_FOLDERS: Final = {kind: re.compile(pattern, re.VERBOSE) for kind, pattern in _SEGMENTS.items()}
_LIVE_NAME: Final = re.compile(
    r"(?:^|-)(?:live-?blog|live-?ticker|newsblog|live-(?:updates|coverage)|minuto-a-minuto)(?:-|$)"
)
_LIVE_TIMES: Final = 5
"""Times that a page shows which lies below ``/live/``, where concerts are announced as well."""
_PICTURES: Final = 5

_OPINION: Final = re.compile(
    r"""opinions?|op-?eds?|editorials?|commentary|viewpoints?|comment\ is\ free|letters(?:\ to\ the\ editor)?|meinung
    |(?:gast|leit)?kommentare?|gastbeitr(?:ag|äge)|kolumnen?|leitartikel|opini(?:e|a|oni|ón|ão)|columnas?|tribunes?
    |debatt|ledare|мнени[ея]|köşe\ yazıları|社説|论坛|評論|评论|オピニオン""",
    re.IGNORECASE | re.VERBOSE,
)
_OPINION_TITLE: Final = re.compile(
    r"(?:opinion|op-?ed|editorial|column|kommentar|leitartikel|kolumne|opinión|opinião)\s*[:|]", re.IGNORECASE
)
_LIVE_TITLE: Final = re.compile(r"live(?: ?blog|[ -]updates| coverage| ?ticker)\s*[:|–—-]", re.IGNORECASE)


def genre(page: Page, text: str) -> Genre:
    """Of a page that is an article, with its text."""
    sent_out = ("press-release", "text") if is_sent_out(text) else None
    return _declared(page) or sent_out or _addressed(page) or _shelved(page) or ("news", "")


def is_sent_out(text: str) -> bool:
    """Whether it is a press release, by how it begins, or by the two things that it ends with."""
    end = text[-_END:]
    return bool(_WIRES.search(text, 0, _BEGINNING) or (_CONTACT.search(end) and _ABOUT.search(end)))


def shows_media(page: Page) -> bool:
    """Whether the page declares that a video or a gallery with a name and a date is what it is about."""
    node, kind = _main(page)
    return bool(kind and node.get("name") and (node.get("uploadDate") or node.get("datePublished")))


def _declared(page: Page) -> Genre | None:
    if page.node is not None:
        for name, kind in _TYPES.items():
            if name in jsonld.types(page.node):
                return kind, "json-ld"
    if any("LiveBlogPosting" in jsonld.types(node) and jsonld.names(node, page.own) for node in page.nodes):
        return "live-blog", "json-ld"
    if kind := _main(page)[1]:
        return kind, "json-ld"
    if found := _OG_TYPES.match(page.first("og:type") or ""):
        return found.lastgroup or "", "opengraph"
    return None


def _main(page: Page) -> tuple[jsonld.Node, str]:
    """The video or gallery that the page is about, and which of these it is."""
    if page.node is not None and jsonld.is_article(page.node):
        return {}, ""
    for node in page.nodes:
        for name in sorted(jsonld.types(node) & _MEDIA.keys()):
            if jsonld.names(node, page.own):
                return node, _MEDIA[name]
    return {}, ""


def _addressed(page: Page) -> Genre | None:
    url = split(page.url)
    *folders, name = [part.lower() for part in unquote(url.path).split("/") if part] or [""]
    folders.append((url.hostname or "").partition(".")[0])
    survey = page.survey
    for kind, pattern in _FOLDERS.items():
        if not any(map(pattern.fullmatch, folders)):
            continue
        if kind == "gallery" and len(survey.all("img")) < _PICTURES:
            continue
        if kind == "video" and not (
            survey.all("video") or page.first("og:video", "og:video:url") or _has(page, "VideoObject")
        ):
            continue
        return kind, "url"
    if _LIVE_NAME.search(name) or ("live" in folders and len(page.times) >= _LIVE_TIMES):
        return "live-blog", "url"
    return None


def _has(page: Page, name: str) -> bool:
    return any(name in jsonld.types(node) for node in page.nodes)


def _shelved(page: Page) -> Genre | None:
    """By the names of its section, and by what the headline begins with."""
    sections = [*page.meta.get("article:section", ()), page.said("articleSection", "genre") or ""]
    if any(map(_OPINION.fullmatch, sections)):
        return "opinion", "section"
    for title in (*page.h1s[:1], page.first("og:title") or ""):
        if _OPINION_TITLE.match(title):
            return "opinion", "title"
        if _LIVE_TITLE.match(title):
            return "live-blog", "title"
    return None
