"""What is read of each vocabulary, form by form: the address, and what the listing says of the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import classify
from crawler.discovery.candidates import Candidate, date

HERE = "https://news.example/x/feed"
STORY = "https://news.example/1"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://news.example/'>{}</feed>"
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"
xmlns:v="http://www.google.com/schemas/sitemap-video/1.1" xmlns:x="http://www.w3.org/1999/xhtml">{}</urlset>"""
JSON = '{{"version":"https://jsonfeed.org/version/{}","items":[{{{}}}]}}'

READ: dict[str, tuple[str | bytes, Candidate]] = {
    "RSS 0.90": (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
        "<channel/><item><title>One</title><link>/1</link></item></rdf:RDF>",
        Candidate(url=STORY, title="One"),
    ),
    "RSS 0.91, a document type, its language": (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        "<rss version='0.91'><channel><language>en-us</language><item><title>AT&amp;T &eacute;</title><link>/1</link>"
        "</item></channel></rss>",
        Candidate(url=STORY, title="AT&T é", language="en-us"),
    ),
    "RSS 0.92, a source and an enclosure": (
        "<rss version='0.92'><channel><item><title>T</title><link>//news.example/1</link>"
        "<source url='http://b.example/'>B</source><enclosure url='/1.mp3' length='1' type='audio/mpeg'/>"
        "</item></channel></rss>",
        Candidate(url=STORY, title="T"),
    ),
    "RSS 1.0": (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><item rdf:about='/1'><title>T</title><dc:creator>Ann</dc:creator>"
        "<dc:date>2002-09-07T00:00:01-05:00</dc:date></item></rdf:RDF>",
        Candidate(url=STORY, title="T", authors=("Ann",), published="2002-09-07T00:00:01-05:00"),
    ),
    "RSS 2.0, markup in CDATA, a year of two digits": (
        "<rss version='2.0'><channel><item><title><![CDATA[A <b>bold</b> &amp; long one]]></title>"
        "<guid>https://news.example/1</guid><pubDate>07 Sep 02 00:00 EST</pubDate></item></channel></rss>",
        Candidate(url=STORY, title="A bold & long one", published="2002-09-07T00:00:00-05:00"),
    ),
    "RSS 2.0 in Latin-1 that calls itself UTF-8": (
        b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><item><title>Caf\xe9</title><link>/1</link>"
        b"</item></channel></rss>",
        Candidate(url=STORY, title="Café"),
    ),
    "RSS 2.0 in UTF-8 that calls itself Latin-1": (
        "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>Café</title>"
        "<link>/1</link></item></channel></rss>",
        Candidate(url=STORY, title="Café"),
    ),
    "Atom 0.3": (
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#' xml:lang='de'><entry><title mode='escaped'>"
        "A &lt;b&gt;bold&lt;/b&gt; one</title><link rel='alternate' type='text/html' href='/1'/>"
        "<issued>2003-12-13T08:29:29-04:00</issued>"
        "<modified>2003-12-14T08:29:29Z</modified><author><name>Ann</name></author></entry></feed>",
        Candidate(
            url=STORY,
            title="A bold one",
            authors=("Ann",),
            published="2003-12-13T08:29:29-04:00",
            language="de",
            lastmod="2003-12-14T08:29:29+00:00",
        ),
    ),
    "Atom 1.0, elements in a title": (
        ATOM.format(
            "<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <em>title</em></div></title>"
            "<link rel='self' href='/1.atom'/><link href='/1'/></entry>"
        ),
        Candidate(url=STORY, title="A title"),
    ),
    "Atom 1.0, xml:base upon xml:base": (
        ATOM.format("<entry xml:base='2026/'><link xml:base='03/' href='one'/></entry>"),
        Candidate(url="https://news.example/2026/03/one"),
    ),
    "Atom 1.0, an id only": (ATOM.format(f"<entry><id>{STORY}</id></entry>"), Candidate(url=STORY)),
    "JSON Feed 1": (
        JSON.format(
            "1", '"id":"1","url":"/1","title":"T","author":{"name":"Ann"},"date_published":"2026-01-01T00:00:00Z"'
        ),
        Candidate(url=STORY, title="T", authors=("Ann",), published="2026-01-01T00:00:00+00:00"),
    ),
    "JSON Feed 1.1": (
        JSON.format("1.1", '"id":"1","url":"/1","title":"T","authors":[{"name":"Ann"},{"name":"Bo"}],"language":"de"'),
        Candidate(url=STORY, title="T", authors=("Ann", "Bo"), language="de"),
    ),
    "Google News": (
        SITEMAP.format(
            f"<url><loc> {STORY} </loc><n:news><n:publication><n:name>P</n:name><n:language>zh-cn</n:language>"
            "</n:publication><n:genres>Blog</n:genres><n:publication_date>2026-01-01</n:publication_date>"
            "<n:title>T</n:title><n:keywords>a, b</n:keywords></n:news></url>"
        ),
        Candidate(url=STORY, title="T", published="2026-01-01", language="zh-cn"),
    ),
    "images, videos and alternates are no pages of their own": (
        SITEMAP.format(
            f"<url><loc>{STORY}</loc><lastmod>2026-01-02</lastmod><i:image><i:loc>/i.jpg</i:loc><i:title>I</i:title></i:image>"
            "<v:video><v:title>V</v:title><v:content_loc>/v.mp4</v:content_loc></v:video>"
            "<x:link rel='alternate' hreflang='de' href='/de/1'/></url>"
        ),
        Candidate(url=STORY, lastmod="2026-01-02"),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_of_each_form_what_it_says_is_read(name: str) -> None:
    data, wanted = READ[name]
    listing = classify.listing(data if isinstance(data, bytes) else data.encode(), url=HERE)
    assert listing is not None
    assert (listing.candidates, listing.faults) == ((wanted,), ())


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01+00:00"),
        ("Sat, 07 Sep 02 00:00:01 UT", "2002-09-07T00:00:01+00:00"),
        ("7 Sep 02 00:00 PDT", "2002-09-07T00:00:00-07:00"),
        ("Saturday, 07 September 2002 00:00:01 CET", "2002-09-07T00:00:01+01:00"),
        ("Sat,07 Sep 2002 00:00:01 +02:00", "2002-09-07T00:00:01+02:00"),
        ("Sat, 07 Sep 2002 00:00:01 GMT+0200", "2002-09-07T00:00:01+02:00"),
        ("Sat, 07 Sep 2002 00:00 -0000", "2002-09-07T00:00:00+00:00"),
        ("Sat Sep 07 00:00:01 2002", "2002-09-07T00:00:01+00:00"),
        ("Sat Sep 07 00:00:01 +0000 2002", "2002-09-07T00:00:01+00:00"),
        ("2002-09-07T00:00:01.5+0100", "2002-09-07T00:00:01+01:00"),
        ("the other day", "the other day"),
        ("", None),
    ],
)
def test_dates_of_any_make(written: str, moment: str | None) -> None:
    assert date(written) == moment


@given(st.text(max_size=40) | st.text(alphabet="SatSep0123456789 :,+-GMT", max_size=40))
def test_no_text_makes_a_date_raise(written: str) -> None:
    date(written)
