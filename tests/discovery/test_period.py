"""What may be from a period, by what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discovery.candidates import Candidate
from crawler.discovery.period import ALWAYS, Period

MARCH = Period(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
SITE = "https://a.example"


@pytest.mark.parametrize(
    ("path", "published", "lastmod", "holds"),
    [
        ("/x", "2026-03-15", None, True),
        ("/x", "2026-03-31", None, True),
        ("/x", "2026-02-28T23:30:00-02:00", None, True),
        ("/x", "2026-02-28", None, False),
        ("/x", "2026-04-01T00:30:00+02:00", None, True),
        ("/x", "2026-04-02", "2026-03-15", False),
        ("/2026/03/07/x", None, "2026-09-01", True),
        ("/2026/03/x", None, None, True),
        ("/2026/x", None, None, True),
        ("/2025/03/07/x", None, None, False),
        ("/20260401-x", None, None, False),
        ("/2026/02/31/x", None, None, True),
        ("/x", None, "2026-03-02T10:00:00Z", True),
        ("/x", None, "2026-05-02", False),
        ("/story-1234567", None, None, True),
        ("/x", "yesterday", "soon", True),
    ],
)
def test_pages(path: str, published: str | None, lastmod: str | None, holds: bool) -> None:
    candidate = Candidate(url=SITE + path, published=published, lastmod=lastmod)
    assert MARCH.holds(candidate) is holds
    assert ALWAYS.holds(candidate)


@pytest.mark.parametrize(
    ("path", "lastmod", "may"),
    [
        ("/sitemap-2026-03.xml", None, True),
        ("/sitemap-2026-04.xml", "2026-04-30", False),
        ("/sitemap-2025.xml.gz", "2026-03-05", False),
        ("/sitemap-7.xml", "2026-02-10", False),
        ("/sitemap-7.xml", "2026-12-10", True),
        ("/sitemap-7.xml", None, True),
    ],
)
def test_sitemaps(path: str, lastmod: str | None, may: bool) -> None:
    assert MARCH.may_list(Candidate(url=SITE + path, lastmod=lastmod)) is may
