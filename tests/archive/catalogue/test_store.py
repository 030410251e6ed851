"""Rows of the catalogue: what they say of an article, and that the order of arrival makes no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.query import article, articles, search, versions
from archive.catalogue.store import Catalogue, Cursor
from archive.catalogue.timeline import difference, events, recent
from archive.catalogue.versions import article_id
from archive.errors import ArticleNotFound, NoCatalogue, StorageError, VersionNotFound
from archive.index import cdxj
from archive.model import KEPT_OUT, Capture, Extraction, Reading
from tests.archive.catalogue.rows import rows, unread

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "https://news.example"


def capture(number: int, path: str = "/story", minutes: int = 0, mime: str = "text/html", status: int = 200) -> Capture:
    return Capture(
        id=f"urn:uuid:capture-{number}",
        url=HOST + path,
        date=START + timedelta(minutes=minutes),
        status=status,
        mime=mime,
        digest=f"sha1:{number}",
        file="A.warc.gz",
        offset=number * 100,
        length=99,
    )


def reading(number: int, of: Capture, minutes: int = 0, **values: Any) -> Reading:
    said = Extraction(url=of.url, title="Title", text="Some text.", version="1")
    return Reading(
        id=f"urn:uuid:reading-{number}",
        date=START + timedelta(days=1, minutes=minutes),
        capture_id=of.id,
        file="T.warc.gz",
        offset=number * 10,
        extraction=replace(said, **values),
    )


def catalogue_of(path: Path, captures: Sequence[Capture], readings: Sequence[Reading]) -> Catalogue:
    catalogue = Catalogue(path, create=True)
    add_captures(catalogue, captures)
    catalogue.add_readings(readings, "text/T.warc.gz", Cursor())
    return catalogue


def add_captures(catalogue: Catalogue, captures: Sequence[Capture]) -> None:
    catalogue.add_lines([cdxj.line(each).encode() for each in captures], "indexes/A.cdxj", Cursor())


def texts(catalogue: Catalogue) -> list[list[str | None]]:
    """The texts of all versions of all articles."""
    return [[v.text for v in versions(catalogue, found.article_id)] for found in articles(catalogue)]


def test_an_article_is_what_its_newest_reading_says(tmp_path: Path) -> None:
    first, second = capture(1), capture(2, minutes=60)
    with catalogue_of(
        tmp_path / "c",
        [first, second],
        [
            reading(2, second, title="New title", text="New text.", authors=("Ann", "Bo"), options={"a": "b"}),
            reading(1, first, published="2026-02-28", language="en", options={"a": "b"}),
        ],
    ) as catalogue:
        [found] = articles(catalogue)
        assert found.title == "New title"
        assert found.authors == ("Ann", "Bo")
        assert found.language is None
        assert found.reading.id == "urn:uuid:reading-2"
        assert found.reading.options == {"a": "b"}
        assert (found.capture.id, found.capture.file, found.capture.offset) == (second.id, "A.warc.gz", 200)
        assert found.capture.date == second.date
        assert [(v.number, v.title, v.date) for v in versions(catalogue, found.article_id)] == [
            (1, "Title", first.date),
            (2, "New title", second.date),
        ]


def test_the_same_title_and_text_again_is_no_version(tmp_path: Path) -> None:
    first, second, third = capture(1), capture(2, minutes=1), capture(3, minutes=2)
    said = [reading(1, first), reading(2, second, image="new.jpg"), reading(3, third, text="Other.")]
    with catalogue_of(tmp_path / "c", [first, second, third], said) as catalogue:
        assert texts(catalogue) == [["Some text.", "Other."]]


def test_a_newer_extractor_makes_no_version(tmp_path: Path) -> None:
    first, second, third = capture(1), capture(2, minutes=1), capture(3, minutes=2)
    with catalogue_of(
        tmp_path / "c",
        [first, second, third],
        [reading(1, first, text="v1"), reading(2, second, text="v2", version="2")],
    ) as catalogue:
        assert texts(catalogue) == [["v1"]]
        assert next(articles(catalogue)).text == "v2"
        # Read with both, the change between the two is seen; what differs between the extractors is none.
        catalogue.add_readings([reading(3, second, text="v1", minutes=-5)], "text/T.warc.gz", Cursor())
        assert texts(catalogue) == [["v1"]]
        catalogue.add_readings([reading(4, third, text="v2 changed", version="2")], "text/T.warc.gz", Cursor())
        assert texts(catalogue) == [["v1", "v2 changed"]]


@pytest.mark.parametrize("said", [{"kind": "index"}, {"kind": "other"}, {"error": "hangs", "labels": ("failed",)}])
def test_what_is_no_article_is_read_but_not_listed(tmp_path: Path, said: dict[str, Any]) -> None:
    page = capture(1)
    with catalogue_of(tmp_path / "c", [page], [reading(1, page, **said)]) as catalogue:
        assert list(articles(catalogue)) == []
        assert not list(unread(catalogue))
        assert list(search(catalogue, "text")) == []


def test_a_failed_reading_hides_nothing_and_a_newer_verdict_counts(tmp_path: Path) -> None:
    page = capture(1)
    with catalogue_of(
        tmp_path / "c", [page], [reading(1, page), reading(2, page, minutes=1, error="died", text=None, version="2")]
    ) as catalogue:
        assert texts(catalogue) == [["Some text."]]
        catalogue.add_readings([reading(3, page, minutes=2, kind="index", version="3")], "text/T.warc.gz", Cursor())
        assert list(articles(catalogue)) == []
        assert list(search(catalogue, "text")) == []


def test_urls_of_one_page_are_one_article_found_by_each(tmp_path: Path) -> None:
    plain, amp = capture(1, "/story?utm_source=x"), capture(2, "/amp/story", minutes=1)
    with catalogue_of(
        tmp_path / "c", [plain, amp], [reading(1, plain), reading(2, amp, canonical_url=f"{HOST}/story")]
    ) as catalogue:
        [found] = articles(catalogue)
        for name in (
            found.article_id,
            found.article_id[:8],
            f"{HOST}/story",
            f"{HOST}/amp/story#top",
            "news.example/story",
            "http://www.news.example/story/",
        ):
            assert article(catalogue, name).article_id == found.article_id
        for name in (f"{HOST}/other", "zzzz", "", "%"):
            with pytest.raises(ArticleNotFound):
                article(catalogue, name)


def test_an_article_keeps_its_id_when_a_newer_extractor_reads_another_address(tmp_path: Path) -> None:
    page = capture(1)
    with catalogue_of(tmp_path / "c", [page], [reading(1, page)]) as catalogue:
        before = next(articles(catalogue)).article_id
        later = reading(2, page, minutes=1, version="2", canonical_url=f"{HOST}/moved")
        catalogue.add_readings([later], "text/T.warc.gz", Cursor())
        assert [found.article_id for found in articles(catalogue)] == [before]
        assert len(before) == 20
        assert before == before.lower()


def test_pages_wait_until_they_are_read(tmp_path: Path) -> None:
    pages = [
        capture(1, "/a"),
        capture(2, "/b", mime="application/xhtml+xml", status=203),
        capture(3, "/c", mime="unk"),
        capture(4, "/d", status=404),
        capture(5, "/e", mime="warc/revisit"),
        capture(6, "/f", mime="image/png"),
    ]
    with catalogue_of(tmp_path / "c", pages, []) as catalogue:
        waiting = list(unread(catalogue))
        assert [each.capture.id for each in waiting] == [pages[0].id, pages[1].id, pages[2].id]
        catalogue.add_readings([reading(1, pages[1])], "text/T.warc.gz", Cursor())
        assert [each.capture.id for each in unread(catalogue)] == [pages[0].id, pages[2].id]
        assert catalogue.count_unread() == 2
        assert catalogue.has_unread(waiting[0].number)
        assert not catalogue.has_unread(waiting[0].number - 1)
        assert waiting[0].capture == pages[0]


def test_pages_wait_by_host(tmp_path: Path) -> None:
    places = ["https://b.example/1", "https://a.example/1", "https://b.example:81/1", "https://b.example/2"]
    pages = [replace(capture(number), url=url) for number, url in enumerate(places)]
    with catalogue_of(tmp_path / "c", pages, []) as catalogue:
        hosts = ["example,a)", "example,b)", "example,b:81)"]
        assert catalogue.unread_hosts(10) == hosts
        assert catalogue.unread_hosts(1, after=hosts[0]) == hosts[1:2]
        assert catalogue.unread_hosts(10, after=hosts[-1]) == []
        first = catalogue.next_unread(hosts[1])
        assert first
        assert first.capture.url == places[0]
        second = catalogue.next_unread(hosts[1], first.number)
        assert second
        assert second.capture.url == places[3]
        assert catalogue.next_unread(hosts[1], second.number) is None
        catalogue.set_aside([pages[1].id])
        assert catalogue.unread_hosts(10) == hosts[1:]


def test_pages_whose_file_is_away_wait_aside(tmp_path: Path) -> None:
    pages = [capture(1, "/a"), capture(2, "/b")]
    with catalogue_of(tmp_path / "c", pages, []) as catalogue:
        catalogue.set_aside([pages[0].id])
        assert [each.capture.id for each in unread(catalogue)] == [pages[1].id]
        catalogue.take_up()
        assert [each.capture for each in unread(catalogue)] == pages


def test_since_gives_what_is_new_or_changed(tmp_path: Path) -> None:
    old, again, new = capture(1, "/a"), capture(2, "/a", minutes=60), capture(3, "/b", minutes=30)
    with catalogue_of(
        tmp_path / "c", [old, again, new], [reading(1, old), reading(2, again, text="Changed."), reading(3, new)]
    ) as catalogue:
        assert [found.url for found in articles(catalogue)] == [new.url, old.url]
        assert [found.url for found in articles(catalogue, since=again.date)] == [old.url]
        assert list(articles(catalogue, since=again.date + timedelta(seconds=1))) == []


def test_what_was_only_read_since_is_given_to_who_keeps_a_copy(tmp_path: Path) -> None:
    early, late = capture(1, "/a"), capture(2, "/b", minutes=60)
    with catalogue_of(tmp_path / "c", [early, late], [reading(1, late), reading(2, early, minutes=5)]) as catalogue:
        after = reading(1, late).date + timedelta(minutes=1)
        assert list(articles(catalogue, since=after)) == []
        assert [found.url for found in articles(catalogue, since=after, read=True)] == [early.url]
        assert [found.url for found in articles(catalogue, since=late.date, read=True)] == [early.url, late.url]


def test_search_gives_the_newest_version_newest_first(tmp_path: Path) -> None:
    pages = [capture(number, f"/{number}", minutes=number) for number in range(4)]
    said = [
        reading(0, pages[0], title="選挙", text="東京で選挙", published="2026-03-01T09:00:00+09:00"),
        reading(1, pages[1], title="Vote", text="An election in 東京.", published="2026-02-01"),
        reading(2, pages[2], text="Nothing of it.", published="2099-01-01"),
        reading(3, pages[3], text="東京 again, without a date"),
    ]
    with catalogue_of(tmp_path / "c", pages, said) as catalogue:
        hits = list(search(catalogue, "東京"))
        assert [hit.article.url for hit in hits] == [pages[3].url, pages[0].url, pages[1].url]
        assert hits[1].text.marked("[", "]") == "[東京]で選挙"
        assert [hit.article.url for hit in search(catalogue, "東京", limit=1, offset=1)] == [pages[0].url]
        assert [hit.title.marked("[", "]") for hit in search(catalogue, "選挙")] == ["[選挙]"]
        newer = capture(9, "/3", minutes=90)
        add_captures(catalogue, [newer])
        catalogue.add_readings([reading(9, newer, text="Another text")], "text/T.warc.gz", Cursor())
        assert pages[3].url not in [hit.article.url for hit in search(catalogue, "東京")]
        assert [hit.article.url for hit in search(catalogue, "another")] == [pages[3].url]


@pytest.mark.parametrize("label", sorted(KEPT_OUT))
def test_walls_are_kept_out_of_the_feed_unless_asked_for(tmp_path: Path, label: str) -> None:
    captures = [capture(n, path=f"/{n}", minutes=n) for n in range(6)]
    labelled = {n: (label,) if n % 2 else ("thin",) for n in range(6)}
    made = [reading(n, of=one, labels=labelled[n]) for n, one in enumerate(captures)]
    catalogue = catalogue_of(tmp_path / "c.sqlite", captures, made)
    assert [found.url for found in articles(catalogue)] == [f"{HOST}/{n}" for n in (0, 2, 4)]
    assert len(list(articles(catalogue, walls=True))) == 6
    assert [hit.article.url for hit in search(catalogue, "text", limit=2)] == [f"{HOST}/{n}" for n in (4, 2)]
    assert [hit.article.url for hit in search(catalogue, "text", limit=2, offset=2)] == [f"{HOST}/0"]
    assert [hit.article.url for hit in search(catalogue, "text", limit=2, walls=True)] == [
        f"{HOST}/{n}" for n in (5, 4)
    ]


def test_a_capture_that_goes_takes_its_version_along(tmp_path: Path) -> None:
    first, second = capture(1), capture(2, minutes=1)
    with catalogue_of(
        tmp_path / "c", [first, second], [reading(1, first), reading(2, second, text="Gone.")]
    ) as catalogue:
        assert catalogue.drop_missing("A.warc.gz", {first.id}) == 1
        assert texts(catalogue) == [["Some text."]]
        assert list(search(catalogue, "gone")) == []
        assert len(list(search(catalogue, "some"))) == 1


def test_a_reading_that_was_cut_off_is_due_again(tmp_path: Path) -> None:
    page = capture(1)
    with catalogue_of(tmp_path / "c", [page], [reading(1, page), reading(7, page, text="Lost.")]) as catalogue:
        catalogue.drop_readings("T.warc.gz", "text/T.warc.gz", 70)
        assert texts(catalogue) == [["Some text."]]
        assert not list(unread(catalogue))
        catalogue.drop_readings("T.warc.gz", "text/T.warc.gz", 0)
        assert list(articles(catalogue)) == []
        assert [each.capture.id for each in unread(catalogue)] == [page.id]
    assert rows(tmp_path / "c")["words of no article"] == []


def happened(catalogue: Catalogue) -> list[tuple[str, int | None, str | None]]:
    """Kind, version and target of all that happened to the only article."""
    [found] = articles(catalogue)
    return [(each.kind, each.version, each.target) for each in events(catalogue, found.article_id)]


def test_a_page_that_went_and_came_back_as_it_was(tmp_path: Path) -> None:
    first, changed, lost = capture(1), capture(2, minutes=1), capture(3, minutes=2, status=404)
    back = replace(capture(4, minutes=3, mime="warc/revisit"), digest=first.digest)
    with catalogue_of(
        tmp_path / "c", [back, lost, changed, first], [reading(2, changed, text="Changed."), reading(1, first)]
    ) as catalogue:
        assert happened(catalogue) == [
            ("first", 1, None),
            ("edited", 2, None),
            ("deleted", None, None),
            ("restored", None, None),
            ("edited", 3, None),
        ]
        [found] = articles(catalogue)
        assert [each.as_version for each in events(catalogue, found.article_id)][-1] == 1
        assert found.text == "Some text."
        assert found.capture.id == first.id
        assert [version.capture_id for version in versions(catalogue, found.article_id)][-1] == back.id


@pytest.mark.parametrize(
    ("redirect", "kind", "target"),
    [
        ("/", "deleted", "//news.example/"),
        ("/2026/", "deleted", "//news.example/2026"),
        ("/other/story", "moved", "//news.example/other/story"),
        ("/login?next=story", None, None),
        ("/2026/story/?utm_source=x", None, None),
    ],
)
def test_where_a_redirect_leads_tells_what_it_means(
    tmp_path: Path, redirect: str, kind: str | None, target: str | None
) -> None:
    page = capture(1, "/2026/story")
    later = replace(capture(2, "/2026/story", minutes=1, status=301), redirect=HOST + redirect)
    with catalogue_of(
        tmp_path / "c", [page, later, replace(later, id="urn:uuid:again")], [reading(1, page)]
    ) as catalogue:
        assert happened(catalogue)[1:] == ([(kind, None, target)] if kind else [])


def test_a_page_that_claims_to_be_another_has_moved(tmp_path: Path) -> None:
    page, later = capture(1), capture(2, minutes=1)
    with catalogue_of(
        tmp_path / "c", [page, later], [reading(1, page), reading(2, later, canonical_url=f"{HOST}/new/story")]
    ) as catalogue:
        old = article(catalogue, article_id("//news.example/story"))
        assert [(each.kind, each.target) for each in events(catalogue, old.article_id)] == [
            ("first", None),
            ("moved", "//news.example/new/story"),
        ]
        assert article(catalogue, f"{HOST}/new/story").article_id != old.article_id


@pytest.mark.parametrize("labels", [("consent",), ("bot-wall",), ("login", "thin"), ("truncated",), ("paywalled",)])
def test_what_stands_in_an_articles_place_is_no_edit(tmp_path: Path, labels: tuple[str, ...]) -> None:
    pages = [capture(n, minutes=n) for n in range(3)]
    wall = reading(1, pages[1], text="Please agree.", labels=labels)
    with catalogue_of(tmp_path / "c", pages, [reading(0, pages[0]), wall, reading(2, pages[2])]) as catalogue:
        assert happened(catalogue) == [("first", 1, None)]
        assert next(articles(catalogue)).text == "Some text."


def test_a_soft_404_is_a_deletion(tmp_path: Path) -> None:
    page, later = capture(1), capture(2, minutes=1)
    said = [reading(1, page), reading(2, later, title="Sorry", text="Nothing here.", labels=("soft-404",))]
    with catalogue_of(tmp_path / "c", [page, later], said) as catalogue:
        assert happened(catalogue) == [("first", 1, None), ("deleted", None, None)]


def test_what_happened_lately_to_any_article(tmp_path: Path) -> None:
    one, other = capture(1, "/a"), capture(2, "/b", minutes=1)
    gone, edited = capture(3, "/a", minutes=30, status=410), capture(4, "/b", minutes=40)
    said = [reading(1, one), reading(2, other), reading(3, edited, text="Some other text.")]
    with catalogue_of(tmp_path / "c", [one, other, gone, edited], said) as catalogue:
        assert [each.kind for each in recent(catalogue, START)] == ["deleted", "edited"]
        assert [each.kind for each in recent(catalogue, edited.date)] == ["edited"]


def test_two_versions_are_compared_by_the_extractor_that_read_both(tmp_path: Path) -> None:
    first, second = capture(1), capture(2, minutes=1)
    said = [reading(1, first, text="A cat sat."), reading(2, second, text="A dog sat.")]
    newer = [reading(3, second, text="Menu. A dog sat.", version="2", minutes=5)]
    with catalogue_of(tmp_path / "c", [first, second], [*said, *newer]) as catalogue:
        [found] = articles(catalogue)
        apart = difference(catalogue, found.article_id)
        assert [(piece.kind, piece.text) for piece in apart.text if piece.kind != "same"] == [
            ("removed", "cat "),
            ("added", "dog "),
        ]
        with pytest.raises(VersionNotFound, match="no version 3"):
            difference(catalogue, found.article_id, 1, 3)


PAGES = [
    *(capture(n, f"/{n % 3}", minutes=n // 2, mime="text/html" if n else "unk") for n in range(6)),
    capture(6, "/0", minutes=1, status=404),
    replace(capture(7, "/1", minutes=2, status=301), redirect=f"{HOST}/0"),
    replace(capture(8, "/1", minutes=4, mime="warc/revisit"), digest=capture(1).digest),
]
SAID: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    title=st.sampled_from(["One", "Two"]),
    text=st.sampled_from(["Eins.", "Zwei.", None]),
    version=st.sampled_from(["1", "2"]),
    kind=st.sampled_from(["article", "article", "article", "index"]),
    error=st.sampled_from([None, None, None, "failed"]),
    canonical_url=st.sampled_from([None, f"{HOST}/0", f"{HOST}/1"]),
    labels=st.sampled_from([(), (), (), ("soft-404",), ("paywalled",)]),
    published=st.sampled_from([None, "2026-01-02", "2026-03-01T11:00:00Z", "nonsense"]),
)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Reading], list[Reading], int]:
    """Readings in two orders, and how many of the second come before the captures do."""
    said = draw(st.lists(st.tuples(st.sampled_from(PAGES), st.integers(0, 3), SAID), max_size=8))
    readings = [reading(n, page, minutes=minutes, **values) for n, (page, minutes, values) in enumerate(said)]
    return readings, draw(st.permutations(readings)), draw(st.integers(0, len(readings)))


@settings(max_examples=30)
@given(arrivals())
def test_the_order_of_arrival_makes_no_difference(arrived: tuple[list[Reading], list[Reading], int]) -> None:
    readings, shuffled, early = arrived
    with TemporaryDirectory() as directory:
        one, other = Path(directory, "one"), Path(directory, "other")
        catalogue_of(one, PAGES, readings).close()
        catalogue = Catalogue(other, create=True)
        add_captures(catalogue, PAGES[:2])
        catalogue.add_readings(shuffled[:early], "text/T.warc.gz", Cursor())
        add_captures(catalogue, PAGES[::-1])
        for each in shuffled:
            catalogue.add_readings([each], "text/T.warc.gz", Cursor())
        catalogue.close()
        assert rows(one) == rows(other)
        assert rows(one)["words of no article"] == []


def test_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "c", create=True)
    columns = [column for column, *_ in catalogue.connection.execute("SELECT * FROM articles").description]
    catalogue.close()
    contract = """schema article_id url canonical_url title authors published published_precision modified language
        language_declared translations site section tags description image text text_format blocks figures kind labels
        wishes word_count origins reading capture"""
    assert columns == contract.split()


def test_bad_files_are_told_of_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NoCatalogue):
        Catalogue(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
    (tmp_path / "text").write_text("no database at all, but long enough to be looked at " * 40)
    with pytest.raises(NoCatalogue, match="rebuild"):
        Catalogue(tmp_path / "text", create=True)
    with Catalogue(tmp_path / "newer", create=True) as newer:
        newer.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NoCatalogue, match="newer"):
        Catalogue(tmp_path / "newer")
    with Catalogue(tmp_path / "older", create=True) as older:
        older.connection.execute("PRAGMA user_version = 1")
    with pytest.raises(NoCatalogue, match=r"older.*wirecopy rebuild"):
        Catalogue(tmp_path / "older", create=True)
    with pytest.raises(StorageError):
        Catalogue(tmp_path / "no" / "such" / "directory", create=True)
