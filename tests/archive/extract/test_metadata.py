"""Metadata from pages written by hand, one for each way publishers have of saying it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extract.article import extract
from archive.model import Discovery, Extraction

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"
PROSE = "".join(
    f"<p>Paragraph {number} of the report says at length what the harbour master saw in the night of the storm.</p>"
    for number in range(8)
)


def read(
    head: str = "",
    body: str = "<h1>The harbour wall holds</h1>",
    hint: Discovery | None = None,
    url: str = URL,
    tag: str = "",
    captured: datetime | None = None,
) -> Extraction:
    page = f"<!doctype html><html lang='{tag}'><head>{head}</head><body><article>{body}{PROSE}</article></body></html>"
    return extract(page.encode(), url=url, charset="utf-8", hint=hint, captured=captured)


JSON_LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "@id": "#site", "name": "The Example"},
  {"@type": "Organization", "@id": "#org", "name": "The Example Ltd"},
  {"@type": ["Article", "NewsArticle"], "headline": "The harbour wall holds &amp; the town sleeps",
   "datePublished": "2024-05-03T06:00:00+01:00", "dateModified": "2024-05-03T09:30:00+01:00",
   "author": [{"@id": "#ann"}, {"@type": "Person", "name": "By Bo Lind"}],
   "publisher": {"@id": "#org"}, "articleSection": ["Weather"], "keywords": "storm, harbour, Storm",
   "inLanguage": "en-GB", "image": {"@type": "ImageObject", "url": "/i/wall.jpg"}},
  {"@type": "Person", "@id": "#ann", "name": "Ann Rowe"}
]}</script>"""


def test_json_ld_graph() -> None:
    found = read(JSON_LD, body="")
    assert found.title == "The harbour wall holds & the town sleeps"
    assert found.authors == ("Ann Rowe", "Bo Lind")
    assert (found.published, found.published_precision) == ("2024-05-03T06:00:00+01:00", "second")
    assert found.modified == "2024-05-03T09:30:00+01:00"
    assert (found.site, found.section, found.tags) == ("The Example Ltd", "Weather", ("storm", "harbour"))
    assert found.language == "en"
    assert found.image == "https://www.example.com/i/wall.jpg"
    assert {found.origins[field] for field in ("title", "authors", "published", "section", "image")} == {"json-ld"}


def test_json_ld_that_is_broken() -> None:
    for broken in (
        '{"@type": "NewsArticle", "headline": "The harbour wall holds", "datePublished": "2024-05-03",}',
        '<!-- {"@type": "NewsArticle", "headline": "The harbour wall holds", "datePublished": "2024-05-03"} -->',
        '{"@type": "NewsArticle", "headline": "The harbour\n wall holds", "datePublished": "2024-05-03"};',
        '{"@type": "NewsArticle", "headline": "The harbour wall holds", "datePublished": "2024-05-03", "x": "a "q" b"}',
    ):
        found = read(f'<script type="application/ld+json">{broken}</script>', body="")
        assert (found.title, found.published, found.published_precision) == (
            "The harbour wall holds",
            "2024-05-03",
            "day",
        )


def test_json_ld_of_another_article_is_not_taken() -> None:
    other = '{"@type": "NewsArticle", "url": "https://www.example.com/other", "headline": "Another story entirely"}'
    own = f'{{"@type": "NewsArticle", "url": "{URL}", "headline": "The harbour wall holds"}}'
    found = read(f'<script type="application/ld+json">[{other}, {own}]</script>', body="")
    assert found.title == "The harbour wall holds"


def test_opengraph() -> None:
    found = read(
        """<title>The harbour wall holds | The Example</title>
        <meta property="og:title" content="The harbour wall holds - The Example">
        <meta property="og:site_name" content="The Example"><meta property="og:description" content="A night out.">
        <meta property="og:image" content="//cdn.example.net/wall.jpg">
        <meta property="article:published_time" content="2024-05-03T05:00:00Z">
        <meta property="article:modified_time" content="2024-05-03T08:00:00Z">
        <meta property="article:author" content="https://www.facebook.com/annrowe">
        <meta name="author" content="Ann Rowe">
        <meta property="article:section" content="Weather"><meta property="article:tag" content="storm">
        <meta property="article:tag" content="harbour">""",
        body="<h1>Weather</h1>",
    )
    assert (found.title, found.origins["title"]) == ("The harbour wall holds", "opengraph")
    assert (found.authors, found.origins["authors"]) == (("Ann Rowe",), "meta")
    assert (found.published, found.modified) == ("2024-05-03T05:00:00+00:00", "2024-05-03T08:00:00+00:00")
    assert (found.site, found.section, found.tags) == ("The Example", "Weather", ("storm", "harbour"))
    assert (found.description, found.image) == ("A night out.", "https://cdn.example.net/wall.jpg")


def test_microdata_without_what_commenters_say() -> None:
    found = read(
        body="""<div itemscope itemtype="https://schema.org/NewsArticle">
        <h1 itemprop="headline">The harbour wall holds</h1>
        <span itemprop="author" itemscope><b itemprop="name">Ann Rowe</b>, our correspondent</span>
        <meta itemprop="datePublished" content="2024-05-03T05:00Z"></div>
        <div id="comments"><div itemprop="comment"><span itemprop="author">troll99</span></div></div>"""
    )
    assert (found.title, found.authors) == ("The harbour wall holds", ("Ann Rowe",))
    assert (found.published, found.published_precision) == ("2024-05-03T05:00:00+00:00", "minute")
    assert found.origins["published"] == "microdata"


def test_what_only_the_reader_sees() -> None:
    found = read(
        "<title>The harbour wall holds - example.com</title>",
        body="""<h1>The harbour wall <em>holds</em></h1><div class="byline">By <a href="/people/ann">Ann Rowe</a>
        (ann@example.com)</div><p class="info">Published 3 May 2024, 06:00</p>""",
    )
    assert (found.title, found.origins["title"]) == ("The harbour wall holds", "h1")
    assert found.authors == ("Ann Rowe",)
    assert (found.published, found.origins["published"]) == ("2024-05-03T06:00:00+00:00", "shown")


def test_the_headline_shown_wins_where_the_others_agree() -> None:
    found = read(
        '<meta property="og:title" content="Harbour wall holds the night, town sleeps">',
        body="<h1>The Example</h1><h1>Storm: Harbour wall holds the night, and the town sleeps</h1>",
    )
    assert found.title == "Storm: Harbour wall holds the night, and the town sleeps"


def test_a_kicker_and_the_name_of_the_site_are_no_part_of_the_headline() -> None:
    headline = "Harbour wall holds the night"
    offers = f'<meta property="og:title" content="{headline}"><meta property="og:site_name" content="The Gull">'
    for shown in (f"<b>Weather</b> {headline}", f"{headline} | The Gull"):
        assert read(offers, body=f"<h1>{shown}</h1>").title == headline
    for shown in (f"Most {headline}", f"2024 {headline}"):  # no kickers, but words that the offer leaves out
        assert read(offers, body=f"<h1>{shown}</h1>").title == shown


def test_a_headline_is_written_as_it_is_offered_where_the_page_sets_it_otherwise() -> None:
    offer = '<meta property="og:title" content="Storm: Harbour wall holds">'
    for shown in ("STORM: HARBOUR WALL HOLDS", "<b>Storm</b> Harbour wall holds"):
        assert read(offer, body=f"<h1>{shown}</h1>").title == "Storm: Harbour wall holds"


def test_bylines_and_dates_that_nothing_marks() -> None:
    above = read(body="<div>Weather</div><div>3 May 2024</div><h1>The harbour wall holds</h1>")
    assert (above.published, above.origins["published"]) == ("2024-05-03", "shown")
    headline = "<h1>The harbour wall holds</h1>"
    assert read(body=f"{headline}<p>By <b>Ann Rowe</b></p>").authors == ("Ann Rowe",)
    assert read(body=f"{headline}<p>Von Ann Rowe</p>").authors == ("Ann Rowe",)
    assert read(body=f"{headline}<p>By the sea</p><p>By and large</p>").authors == ()
    assert read(body=f"{headline}<aside><address><a rel=author href=/x>Ann Rowe</a></address></aside>").authors == (
        "Ann Rowe",
    )


def test_people_rather_than_agencies_but_agencies_rather_than_nobody() -> None:
    assert read('<meta name="author" content="Ann Rowe, Reuters">').authors == ("Ann Rowe",)
    assert read('<meta name="author" content="von Ann Rowe und Bo Lind, dpa">').authors == ("Ann Rowe", "Bo Lind")
    assert read('<meta name="author" content="Reuters">').authors == ("Reuters",)
    assert read('<meta name="author" content="https://example.com/ann">').authors == ()
    assert read('<meta name="author" content="Ann Rowe, CEPF®, Bo Lind, MS, R.D.">').authors == ("Ann Rowe", "Bo Lind")
    assert read('<meta name="author" content="page.head.author">').authors == ()


def test_a_canonical_url_is_believed_only_at_home() -> None:
    own = "https://example.com/news/harbour"
    assert read(f'<link rel="canonical" href="{own}">').canonical_url == own
    assert read('<link rel="canonical" href="/news/harbour">').canonical_url == "https://www.example.com/news/harbour"
    assert read('<link rel="canonical" href="https://example.org/stolen">').canonical_url is None
    assert read('<link rel="canonical" href="https://www.example.com/">').canonical_url is None
    assert (
        read(f'<link rel="canonical" href="https://other.org/x"><meta property="og:url" content="{own}">').canonical_url
        == own
    )


def test_a_feed_fills_what_the_page_lacks() -> None:
    hint = Discovery(
        listing="feed", title="From the feed", authors=("Ann Rowe",), published="2024-05-03T05:00:00Z", language="en"
    )
    found = read(body="", hint=hint)
    assert (found.title, found.authors, found.published) == (
        "From the feed",
        ("Ann Rowe",),
        "2024-05-03T05:00:00+00:00",
    )
    assert {found.origins[field] for field in ("title", "authors", "published")} == {"feed"}
    said = read(JSON_LD, body="", hint=hint)
    assert (said.title, said.authors[1]) == ("The harbour wall holds & the town sleeps", "Bo Lind")


def test_a_time_is_taken_from_the_source_that_has_one() -> None:
    found = read(
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-05-03"}</script>'
        '<meta property="article:published_time" content="2024-05-03T06:00:00+01:00">'
    )
    assert found.published == "2024-05-03T06:00:00+01:00"


def test_an_instant_is_given_in_the_time_of_the_newsroom_where_the_page_shows_it() -> None:
    declared = '<meta property="article:published_time" content="2024-05-04T03:22:07Z">'
    headline = "<h1>The harbour wall holds</h1>"
    for shown, instant in (
        ("<time datetime='2024-05-03T22:22:07-05:00'>Friday</time>", "2024-05-03T22:22:07-05:00"),
        ("<p>May 3, 2024 10:22 pm EST</p>", "2024-05-03T22:22:07-05:00"),
        ("<p>May 4, 2024, 2:22 pm</p>", "2024-05-04T14:22:07+11:00"),
        ("<p>Updated May 4, 2024, 2:25 pm</p>", "2024-05-04T03:22:07+00:00"),
        ("<p>May 3, 2024, 4:22</p>", "2024-05-04T03:22:07+00:00"),  # a clock of twelve hours
    ):
        assert read(declared, body=headline + shown).published == instant, shown


def test_an_address_is_the_judge_of_the_dates_that_are_shown() -> None:
    headline, meeting = "<h1>The harbour wall holds</h1>", "<p>The council meets on May 21, 2024 at noon</p>"
    assert read(body=headline + meeting).published == "2024-05-03"
    shown = "<p>Posted May 2, 2024 at 11:30 pm</p>"
    assert read(body=headline + meeting + shown).published == "2024-05-02T23:30:00+00:00"
    for path in ("2024/may/03/wall", "a/20240503/wall", "2024-05-03-wall-holds", "wall-2024-05-03.html"):
        assert read(body=headline + meeting, url=f"https://example.com/{path}").published == "2024-05-03", path
    for path in ("2024/05/", "2024/05/33/wall", "a120240503/wall", "news/20240503999"):
        assert read(body=headline + meeting, url=f"https://example.com/{path}").published == "2024-05-21", path


def test_the_date_of_the_page_is_that_of_an_article_that_gives_none() -> None:
    node = '{{"@type": "WebPage", "url": "{}", "datePublished": "2024-05-01T06:00:00+01:00"}}'
    head = f'<script type="application/ld+json">{node.format(URL)}</script>'
    plain = "https://www.example.com/news/wall"
    assert read(head.replace(URL, plain), url=plain).published == "2024-05-01T06:00:00+01:00"
    assert read(head, url=plain).published is None  # of another page


def test_unknown_is_none() -> None:
    found = extract(b"<html><body></body></html>", url="https://example.com/x", charset=None)
    assert (found.title, found.authors, found.published, found.text, found.error) == (None, (), None, None, None)


def test_a_card_for_social_media_names_who_wrote_it() -> None:
    card = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="Ann Rowe">'
    for label in ("Written by", "Verfasst von", "Escrito por", "Écrit par", "Автор", "執筆者"):
        assert read(card.format(label)).authors == ("Ann Rowe",)
    assert read(card.format("Est. reading time")).authors == ()


def test_who_signs_goes_before_the_site_that_is_named_as_author() -> None:
    site = '<meta property="og:site_name" content="Example Herald"><meta name="author" content="{}">'
    signed = "<h1>The harbour wall holds</h1><p>By Ann Rowe</p>"
    for name in ("Example Herald", "example", "EXAMPLE.com"):
        assert read(site.format(name), body=signed).authors == ("Ann Rowe",)
        assert read(site.format(name)).authors == (name,)


def test_one_word_that_links_to_its_author_is_a_name_where_a_byline_has_it() -> None:
    headline = "<h1>The harbour wall holds</h1>"
    link = "<a href=/author/harbourmaster>harbourmaster</a>"
    assert read(body=f"{headline}<p>by {link}</p>").authors == ("harbourmaster",)
    assert read(body=f"{headline}<p class=author>{link}</p>").authors == ("harbourmaster",)
    assert read(body=f"{headline}<p>{link}</p>").authors == ()
    assert read(body=f"{headline}<p class=author><a href=/author/x>About the author</a></p>").authors == ()


def test_those_who_took_the_pictures_or_checked_are_no_authors() -> None:
    node = '{"@type": "NewsArticle", "author": [{"name": "Ann Rowe"}, {"name": "Bo Lind"}, {"name": "Cy Moor"}]}'
    head = f'<script type="application/ld+json">{node}</script>'
    bylines = "<p class=byline>By Ann Rowe</p><p class=byline>{} Bo Lind</p><p class=byline>{} Cy Moor</p>"
    assert read(head).authors == ("Ann Rowe", "Bo Lind", "Cy Moor")
    for first, second in (
        ("Photography by", "Edited by"),
        ("Contributions from", "Fact-checked by"),
        ("Illustrated by", "With additional reporting by"),
    ):
        assert read(head, body=f"<h1>The harbour wall holds</h1>{bylines.format(first, second)}").authors == (
            "Ann Rowe",
        )
    links = "<a href=/authors/ann>Ann Rowe</a> <a href=/authors/bo>Bo Lind</a>"
    assert read(body=f"<h1>The harbour wall holds</h1><p>By <b>Ann Rowe</b></p>{links}").authors == ("Ann Rowe",)
    assert read(body=f"<h1>The harbour wall holds</h1>{links}").authors == ("Ann Rowe", "Bo Lind")


def test_who_signs_beside_the_one_who_is_declared_or_instead_of_a_login() -> None:
    declared = '<meta name="author" content="{}">'
    body = "<h1>The harbour wall holds</h1><p class=byline>By Ann Rowe and Bo Lind</p>"
    assert read(declared.format("Ann Rowe"), body=body).authors == ("Ann Rowe", "Bo Lind")
    assert read(declared.format("Cy Moor"), body=body).authors == ("Cy Moor",)
    for login in ("arowe", "ann.rowe", "AnnR", "ann_rowe", "ann7"):
        assert read(declared.format(login), body=body).authors == ("Ann Rowe", "Bo Lind"), login
        assert read(declared.format(login)).authors in ((login,), ())
    assert read(declared.format("Ann"), body=body).authors == ("Ann",)


def test_names_without_where_they_were_sent_from() -> None:
    declared = '<meta name="author" content="{}">'
    for said in ("Ann Rowe The Associated Press", "Ann Rowe for Reuters", "Ann Rowe in", "Reuters, London, Ann Rowe"):
        assert read(declared.format(said)).authors == ("Ann Rowe",), said
    assert read(declared.format("Reuters, London")).authors == ("Reuters",)
    headline = "<h1>The harbour wall holds</h1>"
    assert read(body=f"{headline}<a class=author href=/authors/x>View all articles by her</a>").authors == ()


def test_a_name_right_before_the_date_signs_where_nothing_else_does() -> None:
    headline = "<h1>The harbour wall holds</h1>"
    for shown in ("<span>Ann Rowe</span> <span>3 May 2024</span>", "<p>Ann Rowe | Staff Writer | May 3, 2024</p>"):
        assert read(body=headline + shown).authors == ("Ann Rowe",), shown
    for shown in ("<p>The Harbour Of 2024 Holds</p>", "<p>홍길동 서울 2024년 5월 3일</p>", "<p>Weather 3 May 2024</p>"):
        assert read(body=headline + shown).authors == (), shown


def test_the_sign_over_the_door_is_no_headline() -> None:
    sign = "<h1><a href='{}'>Notes from the Harbour Office</a></h1><h2>The harbour wall holds</h2>"
    title = "<title>The harbour wall holds</title>"
    for door in ("/", "https://example.com", "http://www.example.com/news/", "../"):
        assert read(title, body=sign.format(door)).title == "The harbour wall holds"
    assert read(title, body=f"<h1><a href='{URL}'>The harbour wall holds</a></h1>").title == "The harbour wall holds"


def test_a_date_by_the_headline_in_years_that_are_counted_from_elsewhere() -> None:
    plain = "https://www.example.com/news/wall"
    for shown, day in (
        ("12 มีนาคม 2569", "2026-03-12"),
        ("令和8年3月12日", "2026-03-12"),
        ("民國113年5月3日", "2024-05-03"),
    ):
        found = read("", body=f"<h1>The harbour wall holds</h1><p>{shown}</p>", url=plain)
        assert found.published == day, shown


HERE = "https://www.example.com/news/harbour-wall-holds"
CAPTURED = datetime(2026, 11, 27, 20, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "shown", "published", "precision"),
    [
        ("en-GB", "<p>By Ann Rowe</p><p>2 hours ago</p>", "2026-11-27T18:37:00+00:00", "hour"),
        ("en-GB", "<time>5 minutes ago</time>", "2026-11-27T20:32:00+00:00", "minute"),
        ("ru", "<span>вчера, 14:05</span>", "2026-11-26T14:05:00+00:00", "minute"),
        ("en-GB", "<p>03/04/26</p>", "2026-04-03", "day"),
        ("fa", "<p>جمعه ۶ آذر ۱۴۰۵ - ۱۴:۰۵</p>", "2026-11-27T14:05:00+00:00", "minute"),
        ("ar", "<p>17 جمادى الآخرة 1448هـ</p>", "2026-11-27", "day"),
        ("he", "<p>י״ז בכסלו תשפ״ז</p>", "2026-11-27", "day"),
        ("hi", "<p>२७ नवंबर २०२६</p>", "2026-11-27", "day"),
    ],
)
def test_a_date_by_the_headline_as_readers_of_that_language_know_it(
    tag: str, shown: str, published: str, precision: str
) -> None:
    found = read(body=f"<h1>The harbour wall holds</h1>{shown}", url=HERE, tag=tag, captured=CAPTURED)
    assert (found.published, found.published_precision) == (published, precision)


def test_what_is_counted_from_now_is_not_read_where_now_is_not_known() -> None:
    assert read(body="<h1>The harbour wall holds</h1><p>2 hours ago</p>", url=HERE, tag="en").published is None


def test_a_day_that_is_still_to_come_or_before_the_web_is_the_last_to_be_believed() -> None:
    def declared(day: str) -> str:
        return f'<meta property="article:published_time" content="{day}T10:00:00Z">'

    shown = "<h1>The harbour wall holds</h1><p>26 November 2026</p>"
    for day in ("2036-11-26", "1926-11-26"):
        assert read(declared(day), shown, url=HERE, captured=CAPTURED).published == "2026-11-26"
        assert read(declared(day), url=HERE, captured=CAPTURED).published == f"{day}T10:00:00+00:00"
    to_come = "<h1>The harbour wall opens</h1><p>26 December 2026</p>"
    assert read(body=to_come, url=HERE, captured=CAPTURED).published is None
    assert read(declared("1970-01-01"), shown, url=HERE).published == "2026-11-26"
    assert read(declared("1970-01-01"), url=HERE).published is None
