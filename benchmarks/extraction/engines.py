"""The engines that are held against each other, each as a function of a page and its URL; one line a variant.

Other people's are imported when they are asked for: one that is not installed is missing, by name, and no error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

__all__ = ["BASELINE", "ENGINES", "Engine", "Row"]

Row = dict[str, Any]
"""What an engine made of a page: text, title, authors, published; a field that it does not give is left out."""
Engine = Callable[[bytes, str], Row]


def _wirecopy() -> Engine:
    from archive.extract.article import extract

    def read(page: bytes, url: str) -> Row:
        found = extract(page, url=url, charset=None)
        return {
            "text": found.text,
            "title": found.title,
            "authors": found.authors,
            "published": found.published,
            "kind": found.kind,
            "error": found.error,
        }

    return read


def _trafilatura() -> Engine:
    from trafilatura import bare_extraction

    def read(page: bytes, url: str) -> Row:
        return {"text": getattr(bare_extraction(page, url=url), "text", None)}

    return read


def _trafilatura_with_metadata() -> Engine:
    from trafilatura import bare_extraction

    def read(page: bytes, url: str) -> Row:
        found = bare_extraction(page, url=url, with_metadata=True)
        author = getattr(found, "author", None)
        return {
            "text": getattr(found, "text", None),
            "title": getattr(found, "title", None),
            "authors": author.split("; ") if author else [],
            "published": getattr(found, "date", None),
        }

    return read


def _newspaper() -> Engine:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False

    def read(page: bytes, url: str) -> Row:
        article = Article(url, config=config)
        article.download(input_html=_text(page))
        article.parse()
        return {
            "text": article.text,
            "title": article.title,
            "authors": article.authors,
            "published": _iso(article.publish_date),
        }

    return read


def _readability() -> Engine:
    from lxml import html
    from readability import Document

    def read(page: bytes, url: str) -> Row:
        document = Document(page, url=url)
        text = "".join(map(str, html.fromstring(document.summary()).itertext()))
        return {"text": text, "title": document.short_title()}

    return read


def _resiliparse() -> Engine:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def read(page: bytes, url: str) -> Row:
        tree = HTMLTree.parse_from_bytes(page, detect_encoding(page) or "utf-8")
        text = extract_plain_text(tree, main_content=True, alt_texts=False, comments=False)
        return {"text": text, "title": tree.title}

    return read


def _news_please() -> Engine:
    from newsplease import NewsPlease

    def read(page: bytes, url: str) -> Row:
        found = NewsPlease.from_html(_text(page), url=url, fetch_images=False)
        return {
            "text": found.maintext,
            "title": found.title,
            "authors": found.authors,
            "published": _iso(found.date_publish),
        }

    return read


def _text(page: bytes) -> str:
    """For engines that want text: as the page's own declaration has it."""
    from archive.extract.decode import decode

    return decode(page)


def _iso(date: Any) -> str | None:
    return date.isoformat() if hasattr(date, "isoformat") else date or None


BASELINE: Final = "trafilatura"
ENGINES: Final[dict[str, Callable[[], Engine]]] = {
    "wirecopy": _wirecopy,
    "trafilatura": _trafilatura,
    "trafilatura, with metadata": _trafilatura_with_metadata,
    "newspaper4k": _newspaper,
    "readability-lxml": _readability,
    "resiliparse": _resiliparse,
    "news-please": _news_please,
}
