"""Markdown: one document, an article a section, divided by rules. For people, and for language models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from archive.model import Article

__all__ = ["write"]

_SYNTAX = re.compile(r"([\\`*_\[\]<>~|&!])")
_AT_LINE_START = re.compile(r"^([#+=-]|\d+(?=[.)]))")


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles as they come: how many there were."""
    count = 0
    for count, article in enumerate(articles, start=1):
        out.write(("\n---\n\n" if count > 1 else "").encode() + "\n".join(_lines(article)).encode())
    return count


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
    text = article.text or ""
    yield (text if article.text_format == "markdown" else _paragraphs(text)) + "\n"


def _paragraphs(text: str) -> str:
    """Plain text, a line of which is a paragraph, so that Markdown shows it as it is."""
    return "\n\n".join(_escaped(line.strip()) for line in text.splitlines() if line.strip())


def _escaped(line: str) -> str:
    return _AT_LINE_START.sub(_escape_start, _SYNTAX.sub(r"\\\1", line))


def _escape_start(match: re.Match[str]) -> str:
    mark = match[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _one_line(text: str) -> str:
    return _escaped(" ".join(text.split()))
