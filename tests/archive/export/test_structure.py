"""An article's structure in Markdown and TEI: as other people's programs read it, with the very words of its text."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from trafilatura.xml import TEI_SCHEMA

from archive.export import markdown, tei
from archive.model import Article, Block, Mark
from tests.archive.export.made import article

TEI = "{http://www.tei-c.org/ns/1.0}"
# The schema of TEI's customization for corpora, which trafilatura brings along, has no tables and figures. These are
# the declarations of the module `figures` (TEI P5, chapter 14), as far as we use it.
FIGURES = """
<!ELEMENT table ((%model.headLike; | %model.global;)*, (row, (%model.global;)*)+)>
<!ELEMENT row (cell | table | %model.global;)*>
<!ATTLIST row %att.global.attributes; role CDATA #IMPLIED>
<!ELEMENT cell %macro.specialPara;>
<!ATTLIST cell %att.global.attributes; role CDATA #IMPLIED>
<!ELEMENT figure (%model.headLike; | %model.common; | figDesc | %model.graphicLike; | %model.global;)*>
<!ELEMENT figDesc (#PCDATA | %model.phrase; | %model.inter;)*>
"""
CLASSES = {'% model.listLike "': "table |", '% model.global "': "figure |"}


def schema() -> etree.DTD:
    text = Path(TEI_SCHEMA).read_text("utf-8")
    for name, members in CLASSES.items():
        assert text.count(name) == 1
        text = text.replace(name, name + members)
    return etree.DTD(io.StringIO(text + FIGURES))


SCHEMA = schema()
READER = MarkdownIt("commonmark").enable("table")

LETTERS = st.sampled_from("ab é東 ٠ *_`[]()<>~|&!\\#+-=.1:/\"'。»x y z")
WORDS = st.text(LETTERS, min_size=1, max_size=25).map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Mark, ...]]:
    """A line, and marks within it, nested."""
    text = draw(WORDS)
    marks: list[Mark] = []

    def put(start: int, end: int, kinds: list[str]) -> None:
        at = start
        while kinds and at < end and draw(st.booleans()):
            first = draw(st.integers(at, end - 1))
            last = draw(st.integers(first + 1, end))
            kind = draw(st.sampled_from(kinds))
            if text[first] != " " and text[last - 1] != " ":
                href = "https://news.example/a_(b)?q=*x*" if kind == "link" else None
                marks.append(Mark(kind=kind, start=first, end=last, href=href))  # type: ignore[arg-type]
                put(first, last, [other for other in kinds if other != kind])
            at = last

    put(0, len(text), ["link", "strong", "em", "code", "sub", "sup"])
    return text, tuple(marks)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    texts: list[str] = []
    blocks: list[Block] = []
    for _ in range(draw(st.integers(1, 6))):
        text, marks = draw(marked())
        kind = draw(st.sampled_from(["p", "p", "head", "item", "item", "row", "code"]))
        level = draw(st.integers(1, 3)) if kind in ("head", "item") else draw(st.integers(0, 1)) * (kind == "p")
        cells: tuple[int, ...] = ()
        if kind == "row":
            spaces = [at + 1 for at, character in enumerate(text) if character == " "]
            cells = (0, *spaces[:2])
            marks = tuple(mark for mark in marks if not any(mark.start < cell < mark.end for cell in cells))
        if kind == "code":
            text, marks = text + "\n \n" + text, ()
        texts.append(text)
        block = Block(kind=kind, level=level, ordered=draw(st.booleans()), quote=draw(st.booleans()), cells=cells)  # type: ignore[arg-type]
        blocks.append(replace(block, marks=marks, header=draw(st.booleans())))
    return replace(article(), text="\n\n".join(texts), blocks=tuple(blocks))


def shown(node: SyntaxTreeNode) -> str:
    """What a reader of Markdown shows, less its whitespace."""
    if node.type in ("softbreak", "hardbreak"):
        return ""
    if not node.children:
        return "".join(node.content.split()) if node.type != "image" else ""
    return "".join(map(shown, node.children))


@given(articles())
@settings(max_examples=200)
def test_markdown_shows_the_words_of_the_text(some: Article) -> None:
    written = markdown.body(some)
    assert shown(SyntaxTreeNode(READER.parse(written))) == "".join((some.text or "").split()), written


@given(articles())
@settings(max_examples=60)
def test_tei_is_valid_and_has_the_words_of_the_text(some: Article) -> None:
    document = tei.document(some)
    assert SCHEMA.validate(document), SCHEMA.error_log
    body = document.find(f".//{TEI}body")
    assert body is not None
    assert "".join("".join(map(str, body.itertext())).split()) == "".join((some.text or "").split())
