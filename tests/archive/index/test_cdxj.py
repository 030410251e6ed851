"""Index lines: the form pywb reads, and captures that come back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index import cdxj
from archive.model import Capture

CAPTURE = Capture(
    id="urn:uuid:0e7e2c4e-0000-4000-8000-000000000001",
    url="https://www.News.example/Story?b=2&a=1",
    date=datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    status=200,
    mime="text/html",
    digest="sha1:KV4EOLWUALXWFSOCRMRACWKNH4C4OJLR",
    file="news-1.warc.gz",
    offset=484,
    length=427,
)


def test_a_line_is_key_time_and_json_of_strings() -> None:
    key, time, document = cdxj.line(CAPTURE).split(" ", 2)
    assert key == "example,news)/story?a=1&b=2"
    assert time == "20260301123015"
    assert json.loads(document) == {
        "url": "https://www.News.example/Story?b=2&a=1",
        "mime": "text/html",
        "status": "200",
        "digest": "KV4EOLWUALXWFSOCRMRACWKNH4C4OJLR",
        "length": "427",
        "offset": "484",
        "filename": "news-1.warc.gz",
        "id": "urn:uuid:0e7e2c4e-0000-4000-8000-000000000001",
        "date": "2026-03-01T12:30:15.123456Z",
    }


def test_what_is_unknown_is_a_dash_and_a_sha256_keeps_its_name() -> None:
    bare = replace(CAPTURE, status=None, digest=None, mime="unk", truncated="disconnect")
    fields = json.loads(cdxj.line(bare).split(" ", 2)[2])
    assert (fields["status"], fields["digest"], fields["truncated"]) == ("-", "-", "disconnect")
    long = replace(CAPTURE, digest="sha256:" + "0f" * 32)
    assert json.loads(cdxj.line(long).split(" ", 2)[2])["digest"] == "sha256:" + "0f" * 32
    assert cdxj.parse(cdxj.line(bare)) == bare
    assert cdxj.parse(cdxj.line(long)) == long


def test_lines_of_other_programs_are_read() -> None:
    line = (
        'com,example)/ 20200102030405 {"url": "http://example.com/", "mime": "text/html", "status": "200", '
        '"digest": "ABC", "length": "1", "offset": "2", "filename": "a.warc.gz", "languages": "eng"}'
    )
    capture = cdxj.parse(line)
    assert capture.date == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (capture.id, capture.digest) == ("", "sha1:ABC")


@pytest.mark.parametrize(
    "line", ["", "key", "key 20200102030405", "key 20200102030405 {}", "key 2020 {", 'key x {"url": 1}', "!meta {}"]
)
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="CDXJ"):
        cdxj.parse(line)


@given(
    url=st.text(st.characters(exclude_categories=["Cs"]), max_size=50).map("http://example.com/".__add__),
    date=st.datetimes(min_value=datetime(1996, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants it so
    status=st.none() | st.integers(100, 999),
    digest=st.none() | st.from_regex(r"sha1:[A-Z2-7]{32}", fullmatch=True),
    offset=st.integers(0, 2**60),
)
def test_captures_come_back(url: str, date: datetime, status: int | None, digest: str | None, offset: int) -> None:
    capture = replace(CAPTURE, url=url, date=date, status=status, digest=digest, offset=offset)
    line = cdxj.line(capture)
    assert "\n" not in line
    assert cdxj.parse(line) == capture


def test_times_are_utc() -> None:
    there = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert cdxj.timestamp14(there) == "20251231230000"
    assert cdxj.parse(cdxj.line(replace(CAPTURE, date=there))).date == there
