"""Markdown: one document, an article a section, divided by rules. For people, and for language models.

CommonMark, with the tables of GitHub's. Its text is the article's, as any reader of Markdown shows it: whatever would
be taken for syntax is escaped, and emphasis that Markdown cannot tell from plain asterisks is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, Final
from urllib.parse import quote

from archive.export.runs import Line, Marked, grouped, runs
from archive.model import Article, Block, Figure, Mark

__all__ = ["body", "write"]

_SYNTAX: Final = re.compile(r"([\\`*_\[\]<>~|&!])")
_AT_LINE_START: Final = re.compile(r"^([#+=-]|\d+(?=[.)]))")
_CLOSING: Final = re.compile(r"#+$")
_NOT_IN_LINK: Final = re.compile(r"[\s<>()\\\"]")
_FENCES: Final = re.compile("`+")
_HEADING: Final = 2
"""What an article's headings are at least: its title is the first."""


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles as they come: how many there were."""
    count = 0
    for count, article in enumerate(articles, start=1):
        out.write(("\n---\n\n" if count > 1 else "").encode() + "\n".join(_lines(article)).encode())
    return count


def body(article: Article) -> str:
    """The article's text, without its title and the rest of what is known of it."""
    if article.text_format == "markdown":
        return article.text or ""
    return "\n\n".join(_parts(article))


def _lines(article: Article) -> Iterator[str]:
    yield f"# {_one_line(article.title or '(no title)')}\n"
    for name, value in (
        ("URL", f"<{article.canonical_url or article.url}>"),
        ("Authors", _one_line(", ".join(article.authors))),
        ("Published", article.published),
        ("Site", _one_line(article.site or "")),
        ("Captured", f"{article.capture.date:%Y-%m-%dT%H:%M:%SZ}"),
        ("Record", f"`{article.capture.file}` at byte {article.capture.offset}, `{article.capture.id}`"),
        ("Article", f"`{article.article_id}`"),
    ):
        if value:
            yield f"- {name}: {value}"
    yield ""
    yield body(article) + "\n"


def _parts(article: Article) -> Iterator[str]:
    for part in grouped(article, lambda block: block.quote):
        if isinstance(part, Figure):
            yield _figure(part)
        elif part[0][1].quote:
            quoted = "\n\n".join(_blocks(part))
            yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
        else:
            yield from _blocks(part)


def _blocks(some: Sequence[Line]) -> Iterator[str]:
    at = 0
    while at < len(some):
        text, block = some[at]
        end = at + 1
        if block.kind == "item":
            while end < len(some) and (some[end][1].kind == "item" or _goes_on(some[end])):
                end += 1
            yield _list(some[at:end])
        elif block.kind == "row":
            while end < len(some) and some[end][1].kind == "row" and not some[end][1].header:
                end += 1
            yield _table(some[at:end])
        elif block.kind == "code":
            yield _fenced(text)
        elif block.kind == "head":
            heading = _CLOSING.sub(r"\\\g<0>", _render(runs(text, block.marks)))
            yield f"{'#' * max(_HEADING, min(block.level, 6))} {heading}"
        else:
            yield _paragraph(text, block.marks)
        at = end


def _goes_on(line: Line) -> bool:
    """Whether it is a further paragraph of a list's item."""
    return line[1].kind == "p" and line[1].level > 0


def _list(items: Sequence[Line]) -> str:
    out: list[str] = []
    indents: list[int] = []
    """Characters that the content of each open list stands in from the margin, outer first."""
    counts: list[tuple[bool, int]] = []
    for text, block in items:
        depth = min(max(block.level, 1), len(indents) + (block.kind == "item"))
        if block.kind != "item":
            out.append("\n" + " " * indents[depth - 1] + _paragraph(text, block.marks))
            continue
        del indents[depth:], counts[depth:]
        if len(counts) < depth:
            counts.append((block.ordered, 0))
            indents.append(0)
        ordered, count = counts[-1]
        if ordered != block.ordered:
            ordered, count = block.ordered, 0
        counts[-1] = (ordered, count + 1)
        marker = f"{count + 1}. " if ordered else "- "
        margin = indents[-2] if len(indents) > 1 else 0
        indents[-1] = margin + len(marker)
        out.append(" " * margin + marker + _paragraph(text, block.marks))
    return "\n".join(out)


def _table(rows: Sequence[Line]) -> str:
    width = max(len(block.cells) for _, block in rows) or 1
    written = [_row(text, block, width) for text, block in rows]
    if not rows[0][1].header:
        written.insert(0, "|" + "   |" * width)
    written.insert(1, "|" + " --- |" * width)
    return "\n".join(written)


def _row(text: str, block: Block, width: int) -> str:
    bounds = [*(block.cells or (0,)), len(text)]
    cells = [
        _render(runs(text, block.marks, start, start + len(text[start:end].rstrip())))
        for start, end in pairwise(bounds)
    ]
    return f"| {' | '.join(cells + [''] * (width - len(cells)))} |"


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, _FENCES.findall(text)), default=0))
    return "\n".join([fence, *(row.rstrip() for row in text.split("\n")), fence])


def _figure(figure: Figure) -> str:
    image = f"![{_one_line(figure.alt or '')}]({_link(figure.url)})"
    return f"{image}\n\n*{_one_line(figure.caption)}*" if figure.caption else image


def _paragraph(text: str, marks: Sequence[Mark]) -> str:
    return _AT_LINE_START.sub(_escape_start, _render(runs(text, marks)))


def _render(pieces: Sequence[str | Marked], before: str = "", after: str = "") -> str:
    """Marked pieces as Markdown; `before` and `after` are the characters around them."""
    out: list[str] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, str):
            out.append(_SYNTAX.sub(r"\\\1", piece))
            continue
        left = out[-1][-1] if out else before
        right = _first(pieces[at + 1]) if at + 1 < len(pieces) else after
        out.append(_marked(*piece, left, right))
    return "".join(out)


def _marked(mark: Mark, inner: Sequence[str | Marked], left: str, right: str) -> str:
    if mark.kind == "code":
        words = _words(inner)
        # Not beside another, and not where it could end a table's cell.
        return _render([words]) if left == "`" or "|" in words else _code(words)
    if mark.kind == "link" and mark.href:
        return f"[{_render(inner)}]({_link(mark.href)})"
    delimiter = {"strong": "**", "em": "*"}.get(mark.kind, "")
    text = _render(inner, delimiter[:1] or left, delimiter[:1] or right)
    if delimiter and _opens(left, text[:1]) and _opens(right, text[-1:]):
        return f"{delimiter}{text}{delimiter}"
    return text if not delimiter else _render(inner, left, right)


def _opens(outside: str, inside: str) -> bool:
    """Whether asterisks between these two characters are emphasis (CommonMark 6.2, for both of its ends)."""
    return not outside or outside.isspace() or (not _is_punctuation(inside) and outside not in "*_")


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS" if character else True


def _first(piece: str | Marked) -> str:
    return _words([piece])[:1]


def _words(pieces: Sequence[str | Marked]) -> str:
    return "".join(piece if isinstance(piece, str) else _words(piece[1]) for piece in pieces)


def _code(text: str) -> str:
    fence = "`" * (1 + max(map(len, _FENCES.findall(text)), default=0))
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _link(url: str) -> str:
    """An address that ends where it should: what Markdown would stop at is percent-encoded."""
    return _NOT_IN_LINK.sub(lambda match: quote(match[0], safe=""), url)


def _escape_start(match: re.Match[str]) -> str:
    mark = match[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _one_line(text: str) -> str:
    return _paragraph(" ".join(text.split()), ())
