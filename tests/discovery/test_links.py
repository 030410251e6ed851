"""Section pages: which links are articles, where the list goes on, what the site declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import declared, links, page, paging
from crawler.discovery.page import Page

URL = "https://news.example/sport/"


def read(html: str, url: str = URL) -> Page:
    found = page.read(f"<!doctype html><html lang='en_GB'><body>{html}</body></html>".encode(), url=url)
    assert found is not None
    return found


def articles(html: str) -> list[str]:
    return [candidate.url for candidate in links.articles(read(html))]


ARTICLES = [
    "<li><a href='/2024/02/03/minister-resigns-after-vote'>Minister resigns</a></li>",
    "<h2><a href='/sport/1234567'>Late goal</a></h2>",
    "<a href='/sport/x'><h3>Harbour wins the derby in the last minute</h3></a>",
    "<article><a href='/a/harbour-wins-the-derby-in-style'>Harbour wins the derby</a></article>",
    "<div class='teaser'><a href='/politik/artikel-4711234.html'>Die Wahl ist vorbei</a></div>",
    "<a href='https://www.news.example/story/98765432'>The long way of the river to the sea and back</a>",
    "<a href='/?p=12345'>Harbour wins the derby in the last minute</a>",
    "<a href='/news/article/0123456789abcdef0123'>港で祭りが開かれた</a>",
    "<a href='//news.example/mundo/la-ciudad-que-nunca-duerme-bien.html'><img src=x alt='Foto'></a>",
    "<a href='2024/2/3/a-walk-by-the-sea'>Walk</a>",
    "<h3><a href='/videos-show-storm-over-the-city'>Storm</a></h3>",
    "<h3><a href='/archives/48151'>Storm</a></h3>",
    "<h3><a href='/people/ada-byron-wins-the-prize'>Ada Byron wins the prize at last</a></h3>",
]

OTHERS = [
    "<a href='/'>Home of the oldest newspaper on the coast</a>",
    "<a href='/sport/'>Sport from the coast, every single day</a>",
    "<h2><a href='/business/'>Business</a></h2>",
    "<a href='/tag/harbour-and-its-many-boats/'>Everything about the harbour</a>",
    "<a href='/author/ada-byron-of-the-desk'>Ada Byron of the desk</a>",
    "<nav><a href='/politics/'>Politics</a></nav>",
    "<footer><a href='/about-us-and-our-long-history'>About us and our long history</a></footer>",
    "<a href='/login?next=/2024/02/03/minister-resigns-after-vote'>Sign in to read the whole story</a>",
    "<a href='/subscribe'>Subscribe now and read everything we write</a>",
    "<a href='/video/2024/harbour-wins'>Video</a>",
    "<a href='mailto:desk@news.example'>Write to the desk of the newspaper now</a>",
    "<a href='javascript:go()'>Harbour wins the derby in the last minute</a>",
    "<a href='#comments'>Harbour wins the derby in the last minute</a>",
    "<a href='/media/2024/02/03/harbour-wins-the-derby.jpg'>Harbour wins the derby</a>",
    "<a href='/feed.xml'>All the news of the coast as a feed</a>",
    "<a href='/privacy-policy'>Privacy policy</a>",
    "<a href='/shop/cart'>Cart</a>",
    "<a>no address, but many words to click on here</a>",
    "<a href='http://[bad'>a broken address with a long wording</a>",
]


@pytest.mark.parametrize("html", ARTICLES)
def test_an_article_by_its_looks(html: str) -> None:
    assert len(articles(html)) == 1


@pytest.mark.parametrize("html", OTHERS)
def test_no_article_by_its_looks(html: str) -> None:
    assert articles(html) == []


def test_a_page_of_all_of_them_keeps_their_order() -> None:
    mixed = "".join(other + article for other, article in zip(OTHERS, ARTICLES, strict=False))
    assert articles(mixed) == [articles(html)[0] for html in ARTICLES]


def test_links_to_one_page_count_as_one_and_the_longest_wording_is_its_title() -> None:
    found = links.articles(
        read(
            "<a href='/a/harbour-wins-the-derby?utm_source=home'><img alt=''></a>"
            "<h2><a href='/a/harbour-wins-the-derby'>Harbour wins the derby</a></h2>"
            "<a href='/a/harbour-wins-the-derby#comments'>12 comments</a>"
        )
    )
    assert [(link.url, link.title, link.language) for link in found] == [
        ("https://news.example/a/harbour-wins-the-derby?utm_source=home", "Harbour wins the derby", "en-gb")
    ]


def test_base_element() -> None:
    found = links.articles(read("<base href='https://cdn.example/x/'><h2><a href='a-b-c-d'>Words</a></h2>"))
    assert [link.url for link in found] == ["https://cdn.example/x/a-b-c-d"]


def test_sections_are_what_could_list_more() -> None:
    html = (
        "<nav><a href='/politics/'>Politics</a><a href='/sport/football'>Football</a><a href='/login'>Sign in</a>"
        "<a href='/about'>About</a><a href='/tag/sea'>Sea</a><a href='/a/b/c/'>Deep</a><a href='/x.html'>X</a></nav>"
    )
    assert links.sections(read(html + ARTICLES[0])) == (
        "https://news.example/politics/",
        "https://news.example/sport/football",
    )


@pytest.mark.parametrize(
    ("html", "url", "following"),
    [
        ("<link rel='next' href='/sport/?page=2'>", URL, "https://news.example/sport/?page=2"),
        ("<a rel='nofollow next' href='page/2/'>2</a>", URL, "https://news.example/sport/page/2/"),
        ("<a href='?page=2'>Older posts</a>", URL, "https://news.example/sport/?page=2"),
        ("<a href='/sport/2'>Weiter »</a>", URL, "https://news.example/sport/2"),
        ("<a href='/sport/p2'>下一页</a>", URL, "https://news.example/sport/p2"),
        ("<a class='next' href='/sport/older'>→</a>", URL, "https://news.example/sport/older"),
        ("<a aria-label='Next page' href='?start=20'><svg></svg></a>", URL, "https://news.example/sport/?start=20"),
        ("<a href='?page=1'>1</a> <a href='?page=2'>2</a> <a href='?page=9'>9</a>", URL, URL + "?page=2"),
        ("<a href='/sport/page/2/'>2</a><a href='/sport/page/4/'>4</a>", URL + "page/3/", URL + "page/4/"),
        (
            "<button class='load-more' data-url='/api/list?offset=20'>More</button>",
            URL,
            "https://news.example/api/list?offset=20",
        ),
        (
            "<button class='b' data-load-more='/api/list?from=3'>More</button>",
            URL,
            "https://news.example/api/list?from=3",
        ),
        ("<ul data-next-page='?page=2'></ul>", URL, URL + "?page=2"),
        ("<a href='?page=1'>2</a> <a href='?page=2'>3</a>", URL, URL + "?page=1"),
        ("<a href='?page=0'>1</a> <a href='?page=2'>3</a>", URL + "?page=1", URL + "?page=2"),
        ("<a href='?start=20'>2</a> <a href='?start=40'>3</a>", URL, URL + "?start=20"),
        ("<a href='?start=0'>1</a> <a href='?start=40'>3</a>", URL + "?start=20", URL + "?start=40"),
        (
            r"<script>window.S={list:{nextPageUrl:'\/api\/news?page=2\u0026n=9'}}</script>",
            URL,
            "https://news.example/api/news?page=2&n=9",
        ),
    ],
)
def test_where_a_list_goes_on(html: str, url: str, following: str) -> None:
    assert paging.next_pages(read(html, url)) == (following,)


@pytest.mark.parametrize(
    "html",
    [
        "<a rel='next' href='https://elsewhere.example/?page=2'>2</a>",
        f"<a rel='next' href='{URL}'>2</a>",
        "<a href='/sport/gallery'>›</a>",
        "<a href='/2024/02/'>2</a>",
        "<a href='?page=1'>1</a><a href='?page=3'>3</a>",
        "<a href='/next-week-in-sport-we-look-at'>Next week in sport we look at the derby</a>",
        "<button class='menu' data-url='/menu'>Menu</button>",
        "<ul data-more-label='More of this' data-loaded='1'></ul>",
        "<script>var nextUrl = 'next'; prev_url = '/api/1'</script>",
    ],
)
def test_a_list_that_ends(html: str) -> None:
    assert paging.next_pages(read(html)) == ()


def test_links_marked_nofollow_are_skipped_unless_they_are_to_be_followed() -> None:
    html = f"<html><body><h2><a rel='nofollow noopener' href='{URL}1234567'>Late goal</a></h2></body></html>".encode()
    found = [page.read(html, url=URL, nofollow=follow) for follow in (False, True)]
    assert [[link.url for link in links.scored(one)] for one in found if one] == [[], [f"{URL}1234567"]]


def test_declared_feeds_and_sitemaps() -> None:
    found = read(
        "<link rel='alternate' type='application/rss+xml; charset=utf-8' href='/feed.xml'>"
        "<link rel='Alternate' type='application/atom+xml' href='feed.atom'><link rel='feed' href='/f'>"
        "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>"
        "<link rel='alternate' type='application/json+oembed' href='/oembed?x'>"
        "<link rel='alternate' hreflang='fr' href='/fr/'><link rel='sitemap' href='/map.xml'>"
    )
    assert declared.feeds(found) == (
        "https://news.example/feed.xml",
        "https://news.example/sport/feed.atom",
        "https://news.example/f",
    )
    assert declared.sitemaps(found) == ("https://news.example/map.xml",)


@given(st.text(max_size=200), st.sampled_from(ARTICLES + OTHERS), st.integers(0, 60))
def test_no_page_makes_a_reader_raise(noise: str, html: str, cut: int) -> None:
    found = page.read((html[:cut] + noise + html[cut:]).encode("utf-8", "surrogatepass"), url=URL)
    if found is not None:
        links.articles(found)
        links.sections(found)
        paging.next_pages(found)
        declared.feeds(found)
