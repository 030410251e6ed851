"""An article that is a PDF, by PDFium, the reader of Chromium: text, title, authors and dates. Needs ``wirecopy[pdf]``.

In the worker like any other page, so within its deadline and its memory; PDFium is C++, and a file that brings it down
costs itself. Without the extra a PDF is kept and labelled ``unread-pdf``: `wirecopy extract` reads it once the
extra is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from archive.errors import ExtractionFailed
from archive.extract import dates, language
from archive.extract.genre import is_sent_out
from archive.extract.identity import EXTRACTOR, OPTIONS, VERSION
from archive.extract.labels import THIN
from archive.extract.names import authors
from archive.extract.typeset import Line, Paragraph, paragraphs
from archive.extract.wishes import asked, wishes
from archive.extract.words import words
from archive.http import Head
from archive.model import Block, Discovery, Extraction

__all__ = ["MAX_BYTES", "UNREAD", "extract"]

MAX_BYTES: Final = 64 * 1024 * 1024
UNREAD: Final = "unread-pdf"
_MAX_PAGES: Final = 1_000
_MAX_CHARACTERS: Final = 5_000_000
_BREAK: Final = "\r\n"
_HYPHENS: Final = ("\x02", "\ufffe")
"""How PDFium writes a hyphen at which a line was broken."""
_LINES: Final = 30
"""Paragraphs at the start of the first page among which byline and date stand."""
_SHORT: Final = 120
_DATED: Final = 40
_BY: Final = re.compile(r"\s*(?:by|von|por|par|door|av)\s+(?=\S)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NO_TITLE: Final = re.compile(
    r"microsoft word|untitled|\.(?:docx?|indd|pdf|qxp|pages|tex|rtf|html?)\b|^(?:print|title|layout|document)\s*\d*$",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?", re.ASCII)
"""ISO 32000-1, 7.9.4."""


def is_installed() -> bool:
    """Whether PDFs can be read here."""
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        return False
    return True


def extract(
    data: bytes, *, url: str, head: Head | None, hint: Discovery | None, captured: datetime | None = None
) -> Extraction:
    """What the PDF says; ExtractionFailed for one that cannot be read, with why."""
    hint = hint or Discovery()
    asks = asked(head, {}, hint)
    wished = wishes(asks)
    origins = {f"labels.{label}": origin for label, origin in wished.items()}
    try:
        import pypdfium2
    except ImportError:
        return Extraction(
            url=url,
            kind="other",
            labels=tuple(sorted({*wished, UNREAD})),
            asks=asks,
            origins=origins,
            extractor=EXTRACTOR,
            version=VERSION,
            options=OPTIONS,
        )
    found, told = _opened(pypdfium2, data)
    about = _about(found, told, hint, dates.Setting.of(hint.language, url, captured))
    title = about.get("title", (None, ""))[0]
    found = [each for each in found if each.page or not _is_about(each.text, title)]
    text = "\n\n".join(each.text for each in found)
    count = words(text)
    origins |= {field: origin for field, (_, origin) in about.items()} | ({"text": "pdfium"} if text else {})
    kind = "article" if count >= THIN and "E" not in hint.hops else "other"
    if kind == "article":
        kind = "press-release" if is_sent_out(text) else "news"
        origins |= {"kind": "text"} if kind == "press-release" else {}
    published: dates.Moment | None = about.get("published", (None, ""))[0]
    modified = about.get("modified", (None, ""))[0]
    spoken = language.detect(text, language.code(hint.language))
    if spoken:
        origins["language"] = "detected" if spoken != language.code(hint.language) else "feed"
    return Extraction(
        url=url,
        title=title,
        authors=about.get("authors", ((), ""))[0],
        published=published.value if published else None,
        published_precision=published.precision if published else None,
        modified=modified.value if modified else None,
        language=spoken,
        text=text or None,
        blocks=tuple(Block(kind="head", level=2) if each.heading else Block(kind="p") for each in found),
        kind=kind,
        labels=tuple(sorted({*wished, *({"thin"} if count < THIN else ())})),
        asks=asks,
        word_count=count,
        origins=dict(sorted(origins.items())),
        extractor=EXTRACTOR,
        version=VERSION,
        options={**OPTIONS, "pdf": f"pypdfium2 {pypdfium2.version.PYPDFIUM_INFO}"},
    )


def _opened(pypdfium2: Any, data: bytes) -> tuple[list[Paragraph], dict[str, str]]:
    """Paragraphs and document information."""
    if len(data) > MAX_BYTES:
        raise ExtractionFailed(f"PDF of more than {MAX_BYTES} bytes")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why = "it asks for a password" if "assword" in str(error) else str(error)
        raise ExtractionFailed(f"PDF cannot be read: {why}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise ExtractionFailed(f"PDF of {len(document)} pages, more than {_MAX_PAGES}")
        pages, left = [], _MAX_CHARACTERS
        for number in range(len(document)):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:  # one that is damaged: the others may hold the article
                continue
            text = page.get_textpage()
            left -= text.count_chars()
            if left < 0:
                raise ExtractionFailed(f"PDF of more than {_MAX_CHARACTERS} characters")
            pages.append(list(_lines(text)))
            page.close()
        return paragraphs(pages), document.get_metadata_dict()
    finally:
        document.close()


def _lines(page: Any) -> Iterator[Line]:
    """The lines of a page as PDFium tells them apart."""
    from pypdfium2.raw import FPDFText_GetFontSize

    said: str = page.get_text_range()
    count = page.count_chars()
    at = 0
    for text in said.split(_BREAK):
        start, at = at, at + len(text) + len(_BREAK)
        shown = " ".join(text.rstrip("".join(_HYPHENS)).split())
        end = start + len(text) - 1
        if not shown or end >= count:
            continue
        first = start + len(text) - len(text.lstrip())
        left, bottom, _, top = page.get_charbox(first, loose=True)
        right = page.get_charbox(end, loose=True)[2]
        size = round(float(FPDFText_GetFontSize(page, (first + end) // 2)), 2) or 1.0
        if size <= 1.0:  # scaled by a matrix: as tall as it stands
            size = round(top - bottom, 2) or 1.0
        yield Line(
            text=shown, left=left, right=right, bottom=bottom, top=top, size=size, broken=text.endswith(_HYPHENS)
        )


def _about(
    found: list[Paragraph], told: dict[str, str], hint: Discovery, setting: dates.Setting
) -> dict[str, tuple[Any, str]]:
    """Fields with where each was found: what the first page shows, the feed said, and the file says of itself."""
    start = list(takewhile(lambda each: each.page == 0, found[:_LINES]))
    about: dict[str, tuple[Any, str]] = {}
    if title := _title(start, told, hint):
        about["title"] = title
    by = [each.text for each in start if len(each.text) <= _SHORT and _BY.match(each.text)]
    for origin, names, strict in (
        ("feed", list(hint.authors), False),
        ("byline", by[:1], True),
        ("pdf", [told.get("Author", "")], True),
    ):
        if people := authors(names, strict=strict)[0]:
            about["authors"] = people, origin
            break
    shown = (each.text for each in start if len(each.text) <= _SHORT and _YEAR.search(each.text))
    for origin, moments in (
        ("feed", [dates.parse(hint.published)]),
        ("text", (dates.parse(text, setting) for text in shown)),
        ("pdf", [_stamp(told.get("CreationDate", ""))]),
    ):
        if moment := next(filter(None, moments), None):
            about["published"] = moment, origin
            break
    if changed := _stamp(told.get("ModDate", "")):
        about["modified"] = changed, "pdf"
    return about


def _is_about(line: str, title: str | None) -> bool:
    """Whether a line of the first page is the title, a byline or a date: told by other fields."""
    return line == title or (len(line) <= _DATED and bool(_BY.match(line) or dates.parse(line)))


def _title(start: list[Paragraph], told: dict[str, str], hint: Discovery) -> tuple[str, str] | None:
    """What the file is called, if that is a title; else the largest heading of the first page, else the feed's word."""
    named = " ".join(told.get("Title", "").split())
    if named and not _NO_TITLE.search(named):
        return named, "pdf"
    headings = [each for each in start if each.heading]
    if headings:
        return max(headings, key=lambda each: each.size).text, "heading"
    return (hint.title, "feed") if hint.title else None


def _stamp(value: str) -> dates.Moment | None:
    match = _STAMP.match(value)
    if not match:
        return None
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups(default="")
    zone = "Z" if utc else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    time = f"T{hour}:{minute}:{second or '00'}{zone}" if hour and zone else ""
    return dates.parse(f"{year}-{month}-{day}{time}")
