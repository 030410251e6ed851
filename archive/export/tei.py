"""TEI P5: a corpus (https://tei-c.org/guidelines/p5/), each article a TEI document with its header. For scholars.

The text is that of the article, character for character: sections are `div` below their `head`, and `ref` and
`hi` stand within the lines. Where its record lies, and what read it, is in the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from lxml import etree

from archive.export.runs import Line, Marked, grouped, runs
from archive.model import Article, Block, Figure
from archive.version import __version__

__all__ = ["document", "write"]

NAMESPACE: Final = "http://www.tei-c.org/ns/1.0"
_NAMESPACES: Final[Any] = {None: NAMESPACE}  # the stubs know of no default one
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_UNHOLDABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0."""
_NOT_IN_URI: Final = re.compile(r"[\s<>\"{}|\\^`]")
_RENDITIONS: Final = {"strong": "bold", "em": "italic", "code": "code", "sub": "sub", "sup": "sup"}
_WHEN: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?")


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles as they come: how many there were."""
    count = 0
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(_name("teiCorpus"), nsmap=_NAMESPACES):
            file.write(_corpus_header(), pretty_print=True)
            for article in articles:
                file.write(document(article))
                file.write("\n")
                count += 1
    out.write(b"\n")
    return count


def document(article: Article) -> etree._Element:
    """The article as a TEI document."""
    root = etree.Element(_name("TEI"), nsmap=_NAMESPACES)
    if article.language:
        root.set(f"{_XML}lang", article.language)
    _header(root, article)
    body = _add(_add(root, "text"), "body")
    _Writer(body).write(article)
    return root


def _corpus_header() -> etree._Element:
    header = etree.Element(_name("teiHeader"), nsmap=_NAMESPACES)
    description = _add(header, "fileDesc")
    _add(_add(description, "titleStmt"), "title", "Articles of a wirecopy collection")
    _add(_add(description, "publicationStmt"), "p", "Not published: an export of an archive.")
    _add(_add(description, "sourceDesc"), "p", "WARC files; each text names its record.")
    return header


def _header(root: etree._Element, article: Article) -> None:
    header = _add(root, "teiHeader")
    description = _add(header, "fileDesc")
    titles = _add(description, "titleStmt")
    _add(titles, "title", article.title or "(no title)", type="main")
    for author in article.authors:
        _add(titles, "author", author)
    _add(
        _add(description, "extent"),
        "measure",
        f"{article.word_count} words",
        unit="words",
        quantity=str(article.word_count),
    )
    publication = _add(description, "publicationStmt")
    _add(publication, "publisher", article.site or "unknown")
    if article.published:
        _date(publication, article.published, "published")
    if article.modified:
        _date(publication, article.modified, "modified")
    _add(publication, "idno", article.article_id, type="article")
    _add(publication, "idno", article.canonical_url or article.url, type="URL")
    source = _add(_add(description, "sourceDesc"), "bibl")
    _add(source, "title", article.title or "(no title)")
    _add(source, "ptr", target=_uri(article.url))
    _date(source, f"{article.capture.date:%Y-%m-%dT%H:%M:%S.%fZ}", "captured")
    _add(source, "idno", article.capture.id, type="WARC-Record-ID")
    _add(source, "idno", f"{article.capture.file}:{article.capture.offset}", type="record")
    if article.capture.digest:
        _add(source, "idno", article.capture.digest, type="WARC-Payload-Digest")
    _encoding(header, article)
    _profile(header, article)


def _encoding(header: etree._Element, article: Article) -> None:
    application = _add(
        _add(_add(header, "encodingDesc"), "appInfo"), "application", ident="wirecopy", version=__version__
    )
    _add(application, "label", f"{article.reading.extractor} {article.reading.version}")
    _add(application, "desc", f"reading {article.reading.id}")


def _profile(header: etree._Element, article: Article) -> None:
    profile = _add(header, "profileDesc")
    if article.description:
        _add(_add(profile, "abstract"), "p", article.description)
    if article.language:
        _add(_add(profile, "langUsage"), "language", article.language, ident=article.language)
    keywords = _add(_add(profile, "textClass"), "keywords")
    _add(keywords, "term", article.kind, type="kind")
    for kind, terms in (
        ("section", [article.section] if article.section else []),
        ("tag", article.tags),
        ("label", article.labels),
    ):
        for term in terms:
            _add(keywords, "term", term, type=kind)


class _Writer:
    """Writes an article's lines into divisions, lists, quotes and tables."""

    def __init__(self, body: etree._Element) -> None:
        self._sections = [(0, _add(body, "div"))]

    def write(self, article: Article) -> None:
        for part in grouped(article, _container):
            if isinstance(part, Figure):
                _figure(self._home, part)
            elif part[0][1].quote:
                _lines(_add(self._home, "quote"), part)
            else:
                for line in part if part[0][1].kind == "head" else ():
                    self._section(line)
                if part[0][1].kind != "head":
                    _lines(self._home, part)
        for _, section in self._sections[:1]:
            if not len(section):
                _add(section, "p")

    @property
    def _home(self) -> etree._Element:
        return self._sections[-1][1]

    def _section(self, line: Line) -> None:
        text, block = line
        while len(self._sections) > 1 and self._sections[-1][0] >= block.level:
            self._sections.pop()
        section = _add(self._home, "div")
        self._sections.append((block.level, section))
        _inline(_add(section, "head"), runs(text, block.marks))


def _container(block: Block) -> tuple[bool, str]:
    """What lines must share to stand in one list, table or quote."""
    kind = "item" if block.kind == "p" and block.level else block.kind
    return block.quote, kind


def _lines(home: etree._Element, some: Sequence[Line]) -> None:
    lists: list[etree._Element] = []
    table: etree._Element | None = None
    for text, block in some:
        pieces = runs(text, block.marks)
        if block.kind == "item":
            _inline(_add(_list(home, lists, block), "item"), pieces)
            continue
        if block.kind == "p" and block.level and lists:
            _inline(_add(lists[min(block.level, len(lists)) - 1][-1], "p"), pieces)
            continue
        lists.clear()
        if block.kind == "row":
            table = _add(home, "table") if table is None else table
            _row(_add(table, "row", **({"role": "label"} if block.header else {})), text, block)
            continue
        table = None
        if block.kind == "code":
            _add(home, "p", text, rend="code")
        else:
            _inline(_add(home, "p", **({"rend": "head"} if block.kind == "head" else {})), pieces)


def _list(home: etree._Element, lists: list[etree._Element], block: Block) -> etree._Element:
    """The list that an item belongs in; `lists` are those open, outer first."""
    rend = "numbered" if block.ordered else "bulleted"
    depth = min(block.level or 1, len(lists) + 1)
    del lists[depth:]
    if len(lists) == depth and lists[-1].get("rend") != rend:
        lists.pop()
    if len(lists) < depth:
        lists.append(_add(lists[-1][-1] if lists else home, "list", rend=rend))
    return lists[-1]


def _row(row: etree._Element, text: str, block: Block) -> None:
    starts = block.cells or (0,)
    for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
        cell = _add(row, "cell", **({"rend": "label"} if block.header else {}))
        _inline(cell, runs(text, block.marks, start, start + len(text[start:end].rstrip())))


def _figure(home: etree._Element, figure: Figure) -> None:
    element = _add(home, "figure")
    _add(element, "graphic", url=_uri(figure.url))
    if figure.caption:
        _add(element, "head", figure.caption)
    if figure.alt:
        _add(element, "figDesc", figure.alt)


def _inline(home: etree._Element, pieces: Sequence[str | Marked]) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            text = _holdable(piece)
            if len(home):
                home[-1].tail = (home[-1].tail or "") + text
            else:
                home.text = (home.text or "") + text
            continue
        mark, inner = piece
        if mark.kind == "link":
            _inline(_add(home, "ref", target=_uri(mark.href or "")), inner)
        else:
            _inline(_add(home, "hi", rend=_RENDITIONS[mark.kind]), inner)


def _date(home: etree._Element, value: str, kind: str) -> None:
    _add(home, "date", value, type=kind, **({"when": value} if _WHEN.fullmatch(value) else {}))


def _add(home: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(home, _name(name), {key: _holdable(value) for key, value in attributes.items()})
    element.text = _holdable(text) if text is not None else None
    return element


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _holdable(text: str) -> str:
    return _UNHOLDABLE.sub("", text)


def _uri(url: str) -> str:
    return _NOT_IN_URI.sub(lambda match: quote(match[0], safe=""), url)
