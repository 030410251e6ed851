"""What a page needs to be shown without scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from archive.requisites import Which, of_page, of_style, srcset

SITE = "https://news.example/a/story.html"


def found(markup: str, which: Which = "images", head: str = "<link rel=icon href=data:,>") -> list[str]:
    tree = html.document_fromstring(f"<html><head>{head}</head><body>{markup}</body></html>")
    return [url.removeprefix("https://news.example") for url in of_page(tree, SITE, which)]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<img src=1.jpg>", ["/a/1.jpg"]),
        ("<img src=/1.jpg><img src=https://news.example/1.jpg#x>", ["/1.jpg"]),
        ("<img src='data:image/gif;base64,R0' data-src=/lazy.jpg>", ["/lazy.jpg"]),
        ("<img data-original=/old.jpg data-lazy-src=/lazy.jpg>", ["/lazy.jpg", "/old.jpg"]),
        ("<img srcset='/s.jpg 1x, /l.jpg 2x'>", ["/s.jpg", "/l.jpg"]),
        ("<img data-srcset='/s,w_100.jpg 100w,/l,w_900.jpg 900w'>", ["/s,w_100.jpg", "/l,w_900.jpg"]),
        ("<picture><source srcset='/p.webp 1x'><img src=/p.jpg></picture>", ["/p.webp", "/p.jpg"]),
        ("<video poster=/poster.jpg><source src=/film.mp4></video>", ["/poster.jpg"]),
        ("<noscript><img src=/plain.jpg></noscript>", ["/plain.jpg"]),
        ("<div style=\"background: url('/hero.jpg')\"></div>", ["/hero.jpg"]),
        ("<svg><image href=/chart.png /></svg>", ["/chart.png"]),
        ("<img src=''><img src='javascript:x'><img src='http://['>", []),
        ("<script src=/x.js></script><iframe src=/x.html></iframe>", []),
    ],
)
def test_images(markup: str, wanted: list[str]) -> None:
    assert found(markup) == wanted
    assert found(markup, "all") == wanted


def test_all_takes_styles_fonts_and_the_icon_too() -> None:
    head = """<link rel=stylesheet href=/s.css><link rel="shortcut icon" href=/i.png>
    <meta property=og:image content=/og.jpg><link rel=preload as=font href=/f.woff2>
    <style>@import "/more.css"; body { background: url(/bg.png) }</style>"""
    assert found("", "all", head) == ["/s.css", "/i.png", "/og.jpg", "/f.woff2", "/more.css", "/bg.png"]
    assert found("", "images", head) == ["/og.jpg"]


def test_a_page_that_names_no_icon_has_the_usual_one() -> None:
    assert found("", "all", "<title>x</title>") == ["/favicon.ico"]


@pytest.mark.parametrize(
    ("css", "wanted"),
    [
        ("@import 'x.css'; @import url(y.css) screen; @import url('z.css');", ["x.css", "y.css", "z.css"]),
        ("@font-face { src: url(f.woff2) format('woff2'), url(\"f.woff\") }", ["f.woff2", "f.woff"]),
        ("@media print { a { background: URL( 'p.png' ) } }", ["p.png"]),
        (".a { background-image: image-set(url(1.png) 1x, url(2.png) 2x) }", ["1.png", "2.png"]),
        ("/* url(no.png) */ .b { content: 'url(no.png)'; filter: url(#shadow); cursor: url(data:,) }", []),
        ("@namespace url(http://www.w3.org/1999/xhtml);", []),
        (".c { background: url(cut", ["cut"]),
        (".d { background: url(a\\ b.png) } } } .e { background: url(c.png) }", ["a%20b.png", "c.png"]),
    ],
)
def test_styles(css: str, wanted: list[str]) -> None:
    base = "https://cdn.example/css/"
    assert of_style(css.encode(), base + "site.css", "all") == [base + name for name in wanted]
    assert of_style(css.encode(), base + "site.css", "images") == []


@given(st.lists(st.from_regex(r"/[a-z,(]{0,6}[a-z]", fullmatch=True), min_size=1, max_size=5))
def test_every_address_of_a_srcset_is_found(urls: list[str]) -> None:
    written = ", ".join(f"{url} {number + 1}x" for number, url in enumerate(urls))
    assert srcset(written) == urls


@given(st.text())
def test_any_text_is_a_style_sheet(text: str) -> None:
    for url in of_style(text.encode("utf-8", "replace"), SITE, "all"):
        assert url.startswith(("http://", "https://"))
    srcset(text)
