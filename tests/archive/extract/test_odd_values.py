"""Values that no page should have, in each place that a value is read from: the article is read all the same."""

from __future__ import annotations

from typing import Final

import pytest

from archive.extract.article import extract
from archive.model import Extraction
from tests.archive.extract.hostile import SENTENCE

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"

ADDRESSES: Final = (
    "http://[",  # for which urllib raises errors, as for the next three
    "//[x",
    "http://a]b/",
    "http://example.com℀/x",
    "http://x:99999999/",
    "http://..../",
    "//",
    "javascript:",
    "%zz%5B",
)
NUMBERS: Final = ("9" * 20, "1" * 5_000, "-1", "1e9", "²", "٣")
IN_HEAD: Final = (
    '<link rel=canonical href="{0}">',
    '<meta property=og:url content="{0}">',
    '<meta property=og:image content="{0}">',
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"x","url":"{0}","image":"{0}"}}</script>',
    '<meta name=description content="a &amp;#{0};">',
    '<meta name=date content="{0}"><meta name=author content="{0}">',
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"&#{0};","datePublished":{0}}}</script>',
    "<title>A wall &amp;#x{0};</title>",
)
IN_BODY: Final = (
    '<p>text <a href="{0}">a link</a> text <a href="{0}"><img src=/a.jpg></a></p>',
    '<figure><img src="{0}" srcset="{0} 100w, {0} {0}w" width="{0}"><figcaption>a wall</figcaption></figure>',
    '<a rel=author href="{0}">Ann Rowe</a>',
    '<h1><a href="{0}">The harbour wall</a></h1>',
    '<table><tr><td colspan="{0}" rowspan="{0}">one<td>two<tr><td>three<td>four</table>',
    '<time datetime="{0}"></time><ol start="{0}"><li value="{0}">a</ol><p>&#{0}; a &#x{0};</p>',
)


@pytest.mark.parametrize("value", [*ADDRESSES, *NUMBERS], ids=lambda value: value[:12])
def test_the_article_is_read(value: str) -> None:
    body = "".join(IN_BODY).format(value)
    article = f"<article><h1>The harbour wall holds</h1><p>{SENTENCE}</p>{body}<p>{SENTENCE}</p></article>"
    for base in ("", f'<base href="{value}">'):
        head = base + "".join(IN_HEAD).format(value)
        assert SENTENCE in (_read(head, article).text or "")
        _read(head, body)  # what is only asked of pages with little on them


@pytest.mark.parametrize("name", ['azhref="https:', "e.length;n++)t[n]=e[n]", "a'b&c"])
def test_whatever_an_element_is_called(name: str) -> None:
    article = (
        f"<article><h1>The harbour wall holds</h1><p>{SENTENCE}</p><ul><li>{SENTENCE}<{name}>{SENTENCE}</ul></article>"
    )
    assert SENTENCE in (_read("", article).text or "")


@pytest.mark.parametrize("url", ADDRESSES)
def test_whatever_its_own_address(url: str) -> None:
    page = f"<article><h1>The harbour wall holds</h1><p>{SENTENCE}</p><p><a href=/x>{SENTENCE}</a></p></article>"
    assert extract(page.encode(), url=url, charset=None).url == url


def _read(head: str, body: str) -> Extraction:
    found = extract(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url=URL, charset=None)
    assert found.error is None
    return found
