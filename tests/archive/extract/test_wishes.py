"""What publishers ask of robots and of those who train models, wherever they say it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract.article import extract
from archive.extract.wishes import directives, may_train
from archive.http import parse_head
from archive.model import Discovery, Extraction

URL = "https://example.org/2026/11/23/story"


def read(*fields: str, head: str = "", hint: Discovery | None = None) -> Extraction:
    lines = "\r\n".join(("HTTP/1.1 200 OK", *fields, "", ""))
    page = (
        f"<html><head>{head}</head><body><article><p>{'The harbour was quiet again. ' * 40}</p></article></body></html>"
    )
    return extract(page.encode(), url=URL, charset="utf-8", head=parse_head(lines.encode()), hint=hint)


def asked(*fields: str, head: str = "", hint: Discovery | None = None) -> dict[str, str]:
    said = read(*fields, head=head, hint=hint)
    found = {label: said.origins[f"labels.{label}"] for label in said.labels}
    assert {name for name in said.origins if name.startswith("labels.")} == {f"labels.{label}" for label in found}
    return found


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["noindex"], {"noindex"}),
        (["NoIndex,NOFOLLOW"], {"noindex", "nofollow"}),
        (["none"], {"noindex", "nofollow"}),
        (["nocache", " noarchive "], {"noarchive"}),
        (["all", "index, follow, max-snippet:-1, max-image-preview:large"], set()),
        (["noai, noimageai"], {"noai", "noimageai"}),
        # examples of developers.google.com/search/docs/crawling-indexing/robots-meta-tag
        (["googlebot: nofollow", "otherbot: noindex, nofollow"], set()),
        (["BadBot: noindex, nofollow, googlebot: nofollow"], set()),
        (["googlebot: nofollow, wirecopy: noindex"], {"noindex"}),
        (["max-snippet: 20, noindex"], {"noindex"}),
        (["wirecopy: none"], {"noindex", "nofollow"}),
        (["*: noarchive"], {"noarchive"}),
        (["wirecopy2: noindex"], set()),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST"], {"unavailable-after"}),
        (["unavailable_after: some day"], set()),
        (["no index, no-archive, noindexing"], set()),
        (["", ",", ":", ":,:", "noindex:"], set()),
    ],
)
def test_directives(values: list[str], found: set[str]) -> None:
    assert set(directives(values)) == found


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("25 Jun 2027 15:00:00 PST", "2027-06-25T15:00:00-08:00"),
        ("Friday, 25 Jun 2027 15:00:00 GMT", "2027-06-25T15:00:00+00:00"),
        ("2027-06-25T15:00:00+02:00", "2027-06-25T15:00:00+02:00"),
        ("2027-06-25", "2027-06-25"),
    ],
)
def test_dates(text: str, instant: str) -> None:
    assert directives([f"unavailable_after: {text}, nofollow"]) == {"unavailable-after": instant, "nofollow": ""}
    assert directives([f"wirecopy: unavailable_after: {text}"]) == {"unavailable-after": instant}


@given(st.lists(st.text(st.sampled_from("nofi deax:,*-_1wr"), max_size=40), max_size=5))
def test_any_text_is_read(values: list[str]) -> None:
    assert set(directives(values)) <= {"noindex", "nofollow", "noarchive", "noai", "unavailable-after"}


def test_no_value_takes_long() -> None:
    began = time.process_time()
    directives(["unavailable_after: " * 100_000, "a:" * 500_000, "," * 1_000_000] * 50)
    assert time.process_time() - began < 10


def test_where_it_was_said_is_its_origin() -> None:
    assert asked("X-Robots-Tag: noarchive", "x-robots-tag: noai", head=meta("ROBOTS", "noindex, noai")) == {
        "noai": "header",
        "noarchive": "header",
        "noindex": "meta",
    }
    assert asked(head=meta("wirecopy", "noindex") + meta("googlebot", "noarchive")) == {"noindex": "meta"}
    assert asked(head=meta("robots", "unavailable_after: 2027-06-25")) == {"unavailable-after": "meta: 2027-06-25"}
    assert asked() == {}


def test_of_two_dates_the_earlier_counts() -> None:
    early, late = (f"unavailable_after: {year}-06-25" for year in (2027, 2090))
    assert asked(f"X-Robots-Tag: {late}", head=meta("robots", early)) == {"unavailable-after": "meta: 2027-06-25"}
    assert asked(f"X-Robots-Tag: {early}", head=meta("robots", late)) == {"unavailable-after": "header: 2027-06-25"}


@pytest.mark.parametrize(
    ("preferences", "may"),
    [
        ("train-ai=n", False),
        ("train-ai=y, search=n", True),
        ("search=yes, ai-input=yes, ai-train=no", False),
        ("ai=n;train-ai=y", False),
        ("AI-TRAIN=NO", False),
        ("search=n, ai-input=no", None),
        ("train-ai, train-ai=maybe, =n", None),
        ("", None),
    ],
)
def test_preferences_on_usage(preferences: str, may: bool | None) -> None:
    assert may_train(preferences) is may
    assert asked(f"Content-Usage: {preferences}") == ({"noai": "header"} if may is False else {})


def test_reservations_of_rights() -> None:
    policy = "https://example.org/tdm.json"
    assert asked("TDM-Reservation: 1", f"tdm-policy: {policy}") == {"tdm-reserved": f"header: {policy}"}
    assert asked(head=meta("tdm-reservation", "1")) == {"tdm-reserved": "meta"}
    assert asked("tdm-reservation: 0", head=meta("tdm-reservation", "yes")) == {}


@pytest.mark.parametrize(
    ("file", "header", "element", "found"),
    [
        ("1", None, None, "tdmrep.json"),
        ("1", "0", None, None),
        ("1", None, "0", None),
        ("1", "0", "1", "meta"),
        (None, "1", "0", None),
        (None, "0", "1", "meta"),
        (None, "1", "1", "meta"),
        ("1", "1", None, "header"),
        ("1", "2", "reserved", "tdmrep.json"),
        (None, "1", "yes", "header"),
    ],
)
def test_of_reservations_the_page_goes_before_its_header_and_that_before_the_file(
    file: str | None, header: str | None, element: str | None, found: str | None
) -> None:
    """TDM Reservation Protocol, "Processing priority"; other values than 0 and 1 are errors, which say nothing."""
    fields = [f"tdm-reservation: {header}"] if header else []
    head = meta("tdm-reservation", element) if element else ""
    assert asked(*fields, head=head, hint=Discovery(reserved=file)).get("tdm-reserved") == found


def test_crawlers_that_are_shut_out() -> None:
    refused = Discovery(refused=("CCBot", "GPTBot"))
    assert asked(hint=refused) == {"noai": "robots.txt: CCBot, GPTBot"}
    assert asked(head=meta("robots", "noai"), hint=refused) == {"noai": "meta"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("noindex", "noindex"),
        ("none, noarchive", "noindex, noarchive"),
        ("unavailable_after: 2027-06-25", "from 2027-06-25"),
        ("nofollow, noai", None),
    ],
)
def test_only_a_crawl_that_obeys_withholds(content: str, why: str | None) -> None:
    assert "withheld" not in asked(head=meta("robots", content))
    assert asked(head=meta("robots", content), hint=Discovery(obeys="wirecopy")).get("withheld") == why


def test_the_name_is_that_of_the_crawl() -> None:
    mine = Discovery(obeys="mybot")
    assert "withheld" in asked("X-Robots-Tag: mybot: noindex", hint=mine)
    assert "withheld" in asked(head=meta("mybot", "noindex"), hint=mine)
    assert asked("X-Robots-Tag: wirecopy: noindex", hint=mine) == {}
