"""Articles to export."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.model import Article, CaptureRef, ReadingRef

AWKWARD = '=HYPERLINK("x"), "quoted"\nand a second line; é 東京 \u2028 end'


def article(number: int = 1, title: str | None = AWKWARD, text: str | None = AWKWARD) -> Article:
    return Article(
        article_id=f"a{number:019}",
        url=f"https://news.example/{number}",
        canonical_url=None,
        title=title,
        authors=("Ann Ant", "Bo, Jr."),
        published="2026-03-01",
        published_precision="day",
        modified=None,
        language="en",
        site="The Daily Test",
        section=None,
        tags=(),
        description=None,
        image=None,
        text=text,
        text_format="plain",
        kind="article",
        labels=("thin",),
        word_count=7,
        origins={"title": "json-ld"},
        reading=ReadingRef(id="urn:uuid:r", extractor="wirecopy", version="1", options={"a": "b"}),
        capture=CaptureRef(
            id="urn:uuid:c",
            file="A.warc.gz",
            offset=5_000_000_000,
            digest=None,
            date=datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC),
        ),
    )
