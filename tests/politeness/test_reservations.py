"""What a host's tdmrep.json reserves is recorded with each page it is for; the file is asked for once, and archived."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Collection
from archive.care.rebuild import rebuild
from archive.care.verify import Verification
from crawler.politeness.reservations import PATH, reservations, reserved
from tests.commands import run
from tests.newsroom.answers import Page
from tests.politeness.site import Site, article, listing, robots

POLICY = "https://example.org/policy.json"
FILE = json.dumps(
    [
        {"location": "/free/*", "tdm-reservation": 0},
        {"location": "/*/pictures/*.jpg$", "tdm-reservation": 1},
        {"location": "/news/", "tdm-reservation": 1, "tdm-policy": POLICY},
        {"location": "/free/after/all", "tdm-reservation": 1},
        {"location": "/path/foo-%24", "tdm-reservation": 1},
        {"location": "/odd/", "tdm-reservation": 2},
        {"location": "/odd/but/longer", "tdm-reservation": 1},
        {"location": 3, "tdm-reservation": 1},
        "rubbish",
    ]
).encode()


@pytest.mark.parametrize(
    ("target", "by"),
    [
        ("/", None),
        ("/news/1.html?a=b", POLICY),
        ("/free/news/", None),
        ("/free/after/all", None),
        ("/x/pictures/y.jpg", "1"),
        ("/x/pictures/y.jpg?z", None),
        ("/News/1.html", None),
        ("/%6Eews/1.html", POLICY),
        ("/path/foo-$", "1"),
        ("/odd/but/longer", None),
    ],
)
def test_the_first_rule_that_fits_counts(target: str, by: str | None) -> None:
    """TDM Reservation Protocol, "TDM File on the Origin Server": "the most specific match is the first in sequence".

    "/path/foo-%24" is its own example of a pattern; case counts, characters that need no "%" are compared without, and
    another value than 0 and 1 is as good as none.
    """
    assert reserved(target, reservations(FILE)) == by


def test_the_examples_of_the_report() -> None:
    """ "TDM File on the Origin Server", "Examples": a whole server, and three groups of files."""
    rules = reservations(b'[{"location": "/", "tdm-reservation": 1}]')
    assert [reserved(target, rules) for target in ("/", "/a/b.html?c")] == ["1", "1"]
    policy = "https://provider.com/policies/policy.json"
    rules = reservations(
        json.dumps(
            [
                {"location": "/directory-a/", "tdm-reservation": 1},
                {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": policy},
                {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0},
            ]
        ).encode()
    )
    assert {
        target: reserved(target, rules)
        for target in ("/directory-a/1.pdf", "/directory-b/html/2.html", "/directory-b/images/3.jpg", "/directory-b/")
    } == {
        "/directory-a/1.pdf": "1",
        "/directory-b/html/2.html": policy,
        "/directory-b/images/3.jpg": None,
        "/directory-b/": None,
    }


def test_a_file_that_reserves_nothing_or_is_none() -> None:
    for body in (b"", b"<html>", b"{}", b"[" * 100_000, json.dumps([{"location": "/", "tdm-reservation": 0}]).encode()):
        assert reservations(body) == ()


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), inner)
        ),
    )
)
def test_no_file_makes_it_raise(content: object) -> None:
    assert reserved("/news/", reservations(json.dumps(content).encode())) in (None, "1")


REFUSING = "User-agent: GPTBot\nDisallow: /news/\n"


def test_it_is_a_label_of_the_pages_it_is_for_also_of_those_that_did_not_change(tmp_path: Path) -> None:
    paths = ("/news/1.html", "/news/2.html", "/free/3.html")
    pages = {
        PATH: Page(body=FILE, type="application/json"),
        "/news/1.html": article(1),
        "/news/2.html": article(2, ("tdm-reservation", "0")),
        "/free/3.html": article(3),
    }
    with Site(pages) as site:
        urls = [f"http://paper.test:{site.port}{path}" for path in paths]
        site.pages["/feed.xml"] = listing(*urls)
        arguments = ["crawl", f"http://paper.test:{site.port}/feed.xml", "-c", "news", "--set", "DOWNLOAD_DELAY=0"]
        arguments += ["--allow-network", "127.0.0.0/8"]

        def crawl() -> None:
            ran = run("tests.hostile.child", tmp_path / "facts", *arguments, cwd=tmp_path)
            assert ran.code == 0, ran.err

        crawl()
        assert site.paths[:2] == ["/robots.txt", PATH]
        assert site.paths.count(PATH) == 1
        before = wished(tmp_path / "news")
        site.pages[PATH] = Page(body=b'[{"location": "/free/", "tdm-reservation": 1}]', type="application/json")
        site.pages["/robots.txt"] = robots(REFUSING)
        site.pages["/feed.xml"] = listing(*urls, changed=datetime.now(UTC))
        crawl()
        assert [served.case for served in site.log if served.path in paths][3:] == ["not-modified"] * 3
        with Collection.open(tmp_path / "news") as news:
            assert news.captures(f"http://paper.test:{site.port}{PATH}"), "the file is archived"
    found = {"1.html": f"tdmrep.json: {POLICY}", "2.html": None, "3.html": None}
    assert {name: origins.get("labels.tdm-reserved") for name, (origins, _) in before.items()} == found
    after = wished(tmp_path / "news")
    assert after == {
        "1.html": ({"labels.noai": "robots.txt: GPTBot"}, [("tdm-reserved", True), ("noai", False)]),
        "2.html": ({"labels.noai": "robots.txt: GPTBot"}, [("noai", False)]),
        "3.html": ({"labels.tdm-reserved": "tdmrep.json"}, [("tdm-reserved", False)]),
    }
    assert not list(Verification(tmp_path / "news", jobs=1))
    with Collection.open(tmp_path / "news") as news:
        rebuild(news)
    assert wished(tmp_path / "news") == after


def wished(path: Path) -> dict[str, tuple[dict[str, str], list[tuple[str, bool]]]]:
    """Of each article: where its labels were said, and what it was asked, with whether that is over."""
    with Collection.open(path) as news:
        return {
            one.url.rpartition("/")[2]: (
                {name: origin for name, origin in one.origins.items() if name.startswith("labels.")},
                [(wish.label, wish.until is not None) for wish in one.wishes],
            )
            for one in news.articles()
        }
