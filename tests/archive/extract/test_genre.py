"""Kinds of articles, by what says so; news where nothing does."""

from __future__ import annotations

import json

import pytest

from archive.extract.article import extract
from tests.archive.extract.test_kind import PROSE

URL = "https://news.example/town/the-harbour-wall-holds-the-night"
PICTURES = "<figure><img src=/a.jpg alt=''><figcaption>The wall</figcaption></figure>" * 6
TIMES = "".join(f"<time datetime='2024-05-03T1{hour}:00Z'>1{hour}:00</time>" for hour in range(6))


def node(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def kind(head: str = "", body: str = PROSE, url: str = URL, h1: str = "The harbour wall holds the night") -> str:
    page = f"<html><head>{head}<title>{h1}</title></head><body><article><h1>{h1}</h1>{body}</article></body></html>"
    return extract(page.encode(), url=url, charset="utf-8").kind


NEWS = {"@type": "NewsArticle", "headline": "Wall", "datePublished": "2024-05-03"}
VIDEO = {"@type": "VideoObject", "name": "Wall", "uploadDate": "2024-05-03"}
DECLARED = node(**NEWS)


@pytest.mark.parametrize(
    ("expected", "head"),
    [
        ("news", DECLARED),
        ("news", node(**NEWS | {"@type": "AnalysisNewsArticle"})),
        ("news", node(**NEWS | {"@type": "ReportageNewsArticle"})),
        ("news", node(**NEWS, video=VIDEO | {"url": URL})),
        ("news", node(**NEWS, associatedMedia={"@type": "ImageGallery"})),
        ("opinion", node(**NEWS | {"@type": ["NewsArticle", "OpinionNewsArticle"]})),
        ("opinion", node(**NEWS, articleSection="Opinion")),
        ("news", node(**NEWS, articleSection="Opinion polls")),
        ("live-blog", node(**NEWS | {"@type": "LiveBlogPosting"})),
        ("live-blog", DECLARED + node(**{"@type": "LiveBlogPosting", "url": URL})),
        ("news", DECLARED + node(**{"@type": "LiveBlogPosting", "url": "https://news.example/another"})),
        ("press-release", node(**NEWS | {"@type": "PressRelease"})),
        ("video", node(**VIDEO, mainEntityOfPage=URL)),
        ("gallery", node(**VIDEO | {"@type": "ImageGallery"}, url=URL)),
        ("video", DECLARED + '<meta property="og:type" content="video.other">'),
        ("gallery", DECLARED + '<meta property="og:type" content="gallery">'),
    ],
)
def test_what_a_page_declares(expected: str, head: str) -> None:
    assert kind(head) == expected


@pytest.mark.parametrize(
    ("expected", "path", "body"),
    [
        ("opinion", "/opinion/2024/the-wall-was-never-enough", PROSE),
        ("news", "/politics/legal-opinion-expected-in-court", PROSE),
        ("opinion", "/meinung/kommentare/die-mauer-haelt-noch-lange", PROSE),
        ("live-blog", "/world/live/2024/may/03/harbour-storm-latest", TIMES + PROSE),
        ("news", "/culture/live/the-band-at-the-harbour-hall-again", PROSE),
        ("live-blog", "/sport/liveticker-hafenstadt-gegen-insel-100", PROSE),
        ("news", "/town/long-live-the-harbour-wall-says-mayor", PROSE),
        ("gallery", "/news/gallery/the-storm-in-town-2024", PROSE + PICTURES),
        ("news", "/news/gallery/the-storm-in-town-2024", PROSE),
        ("video", "/video/the-storm-in-town-2024", f"<video src=/a.mp4></video>{PROSE}"),
        ("news", "/video/the-storm-in-town-2024", PROSE),
        ("press-release", "/press-releases/2024/harbour-board-names-director", PROSE),
    ],
)
def test_what_its_address_says(expected: str, path: str, body: str) -> None:
    assert kind(DECLARED, body, f"https://news.example{path}") == expected


@pytest.mark.parametrize(
    ("expected", "before", "after"),
    [
        ("press-release", "<p>HAVEN, May 3, 2024 /PRNewswire/ -- The board of the harbour names a director.</p>", ""),
        ("press-release", "<p>HAVEN--(BUSINESS WIRE)--The board of the harbour today names a new director.</p>", ""),
        ("press-release", "<p>FOR IMMEDIATE RELEASE</p>", ""),
        (
            "press-release",
            "",
            "<h3>About Haven Board</h3><p>It runs the harbour of the town and all of its walls since 1911.</p>"
            "<h3>Media contact</h3><p>Ann Rowe of the harbour's office, on all working days, press@haven.example</p>",
        ),
        ("news", "", "<h3>About the author</h3><p>Ann Rowe has written of harbours and of walls since 1998.</p>"),
    ],
)
def test_what_its_text_says(expected: str, before: str, after: str) -> None:
    assert kind(DECLARED, before + PROSE + after) == expected


@pytest.mark.parametrize(
    ("expected", "h1"),
    [
        ("opinion", "Opinion: the wall was never going to be enough"),
        ("live-blog", "Live updates: storm hits the harbour of the town"),
        ("news", "Live music returns to the harbour hall at last"),
    ],
)
def test_what_its_headline_says(expected: str, h1: str) -> None:
    assert kind(DECLARED, h1=h1) == expected


def test_a_video_without_prose_is_an_article_only_where_the_page_says_that_it_is_about_it() -> None:
    little = "<video src=/a.mp4></video><p>Forty seconds.</p>"
    assert kind(node(**VIDEO, url=URL), little) == "video"
    assert kind(node(**VIDEO), little) == "other"
    assert kind(node(**VIDEO, url="https://news.example/b"), little) == "other"
