"""Further pages of an article are told from other articles, and its twins from strangers."""

from __future__ import annotations

import pytest

from archive.urls import canonical
from crawler.discovery import siblings

SITE = "https://news.example"
FOLDER = f"{SITE}/2024/02/the-long-story/"
FILE = f"{SITE}/2024/02/the-long-story.html"


def links(*hrefs: str, words: str = "2") -> bytes:
    return "".join(f"<p><a class='x' href='{href}'>{words}</a>" for href in hrefs).encode()


@pytest.mark.parametrize(
    ("first", "hrefs"),
    [
        (FOLDER, ["/2024/02/the-long-story/2/", "/2024/02/the-long-story/3"]),
        (FOLDER, ["/2024/02/the-long-story/page/2/"]),
        (FOLDER, ["/2024/02/the-long-story/p2", "/2024/02/the-long-story/p3"]),
        (FOLDER, ["2/", "3/"]),
        (FOLDER, ["./2", "./3"]),
        (FOLDER, ["?p=2", "?p=3"]),
        (f"{SITE}/?p=17", ["/?p=17&amp;page=2"]),
        (FOLDER, ["?page=2", "?page=3", "?page=4"]),
        (f"{FOLDER}?utm_source=feed", ["/2024/02/the-long-story/?page=2"]),
        (FILE, ["/2024/02/the-long-story-2.html"]),
        (FILE, ["the-long-story_p2.html", "the-long-story_p3.html"]),
        (FILE, ["/2024/02/the-long-story/2.html"]),
        (FILE, [f"{FILE}?seite=2"]),
        (f"{SITE}/article.php?id=1234", ["/article.php?id=1234&amp;page=2"]),
        (f"{SITE}/article/1234567", ["/article/1234567?pagina=2"]),
    ],
)
def test_further_pages(first: str, hrefs: list[str]) -> None:
    found = siblings.further(links(*hrefs), first, first=first)
    assert list(found) == list(range(2, len(hrefs) + 2))
    for url, href in zip(found.values(), hrefs, strict=True):
        assert url.endswith(href.replace("&amp;", "&").removeprefix("./"))


@pytest.mark.parametrize(
    "html",
    [
        links("/2024/02/the-long-story-2.html", words="The long story, part two"),
        b"<link rel='next' href='/2024/02/another-story.html'>",
        links("/2024/02/another-story/2/"),
        links("/2024/02/the-long-story.html?comment=2"),
        links("/2024/02/the-long-story.html?page=9"),
        links("/2024/02/the-long-story.html?page=1"),
        links("https://elsewhere.example/2024/02/the-long-story.html?page=2"),
        links("/2024/02/the-long-story-20240203.html"),
        links("/2024/02/the-long-story/comment-page-2"),
        links("2"),
        links("2/"),
        b"<img src='/2024/02/the-long-story-2.html' alt='page=2'>",
    ],
)
def test_other_pages(html: bytes) -> None:
    assert siblings.further(html, FILE, first=FILE) == {}


@pytest.mark.parametrize("first", [f"{SITE}/?p=17", f"{SITE}/", SITE, f"{SITE}/.html", f"{SITE}/%22"])
def test_an_article_whose_address_has_no_name(first: str) -> None:
    html = links("/2/", "/?p=2", "/?page=2", "/?p=17&amp;page=2")
    assert set(siblings.further(html, first, first=first)) <= {2}
    list(siblings.twins(html, first))


def test_from_one_page_to_the_next() -> None:
    html = links("/2024/02/the-long-story/", "/2024/02/the-long-story/2/", "/2024/02/the-long-story/4/")
    assert list(siblings.further(html, f"{FOLDER}3/", first=FOLDER, number=3)) == [4]
    assert siblings.further(html, f"{FOLDER}4/", first=FOLDER, number=4) == {}


@pytest.mark.parametrize(
    ("link", "url", "twin"),
    [
        ("<link rel='amphtml' href='/amp/story'>", FILE, f"{SITE}/amp/story"),
        ("<link href=/x?output=amp rel=amphtml>", FILE, f"{SITE}/x?output=amp"),
        (
            "<link rel='alternate' media='handheld' href='https://m.example.org/s'>",
            "https://www.example.org/story",
            "https://m.example.org/s",
        ),
        ("<link rel='shortlink' href='/?p=17&amp;x=1'>", f"{SITE}/blog/a", None),
        ("<link rel='shortlink' href='/node/17'>", FILE, f"{SITE}/node/17"),
        ("<link rel='canonical' href='/story'>", f"{SITE}/amp/story", f"{SITE}/story"),
        ("<html lang=en amp><link rel='canonical' href='/story'>", f"{SITE}/x9", f"{SITE}/story"),
        ("<link rel='canonical' href='/politics'>", FILE, None),
        ("<link rel='alternate' hreflang='fr' media='all' href='/fr/story'>", FILE, None),
        ("<link rel='alternate' type='application/rss+xml' href='/feed'>", FILE, None),
        ("<link rel='amphtml' href='https://elsewhere.example/amp'>", FILE, None),
        ("<link rel='amphtml' href='/'>", FILE, None),
    ],
)
def test_twins(link: str, url: str, twin: str | None) -> None:
    assert list(siblings.twins(link.encode(), url)) == ([twin] if twin else [])


@pytest.mark.parametrize(
    ("url", "article"),
    [
        ("/story/amp/", "/story"),
        ("/amp/story", "/story"),
        ("/story.amp.html", "/story.html"),
        ("/story?amp", "/story"),
        ("/story?outputType=amp", "/story"),
        ("/story?id=3&print=1", "/story?id=3"),
        ("/story/print/", "/story"),
        ("/m/politics/story", "/politics/story"),
        ("/story/2/", "/story"),
        ("/story?page=3", "/story"),
    ],
)
def test_what_an_address_would_belong_to(url: str, article: str) -> None:
    assert canonical(SITE + article) in siblings.plain(SITE + url)


@pytest.mark.parametrize("host", ["m.news.example", "amp.news.example", "mobile.news.example"])
def test_hosts_of_twins(host: str) -> None:
    assert list(siblings.plain(f"https://{host}/story")) == [canonical(f"{SITE}/story")]


@pytest.mark.parametrize("url", ["/2024/champions-amplify.html", "/print-media-today", "/story?id=2", "/top-10", "/"])
def test_addresses_that_stand_for_themselves(url: str) -> None:
    assert list(siblings.plain(SITE + url)) == []


def test_other_languages() -> None:
    html = (
        b"<link rel='alternate' hreflang='de' href='/de/geschichte'>"
        b"<link rel=alternate hreflang=pt_BR href=/br/historia><a hreflang='it' href='/it/x'>It</a>"
        b"<link rel='alternate' hreflang='en' href='/2024/02/the-long-story.html?utm_source=x'>"
        b"<link rel='alternate' hreflang='x-default' href='/2024/02/the-long-story.html'>"
        b"<link rel='alternate' hreflang='fr' type='application/rss+xml' href='/fr/feed'>"
    )
    assert siblings.languages(html, FILE) == {f"{SITE}/de/geschichte": "de", f"{SITE}/br/historia": "pt-br"}
