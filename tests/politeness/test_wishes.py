"""What pages and robots.txt ask of robots and of trainers: recorded, or obeyed too; the same after a rebuild."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.agents import TRAINERS
from crawler.politeness.optouts import refusals, refused
from crawler.politeness.robots import Robots
from tests.commands import wirecopy
from tests.newsroom.answers import Page
from tests.politeness.site import Site, article, listing, robots

REFUSING = """
User-agent: GPTBot
User-agent: CCBot
User-agent: SomeBot
Disallow: /

User-agent: claudebot
Disallow: /paid/
Disallow: /p*/private

User-agent: Google-Extended
Allow: /

User-agent: *
Disallow: /private/
"""
PAGES = {
    "/open.html": article("open"),
    "/noindex.html": article("noindex", head='<meta name="robots" content="noindex, noai">'),
    "/paid/noarchive.html": article("noarchive", ("X-Robots-Tag", "otherbot: noindex"), ("X-Robots-Tag", "noarchive")),
    "/past.html": article("past", ("X-Robots-Tag", "unavailable_after: 2020-01-31")),
    "/future.html": article("future", ("X-Robots-Tag", "unavailable_after: 2090-01-31"), ("tdm-reservation", "1")),
}


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("/", ("CCBot", "GPTBot")),
        ("/paid/x", ("CCBot", "ClaudeBot", "GPTBot")),
        ("/p/private", ("CCBot", "ClaudeBot", "GPTBot")),
    ],
)
def test_whom_a_file_refuses(target: str, names: tuple[str, ...]) -> None:
    assert refused(target, refusals(Robots(REFUSING.encode()), "wirecopy")) == names


def test_a_rule_for_all_is_no_word_on_training() -> None:
    assert refusals(Robots(b"user-agent: *\ndisallow: /\n\nuser-agent: GPTBot\ndisallow:\n"), "wirecopy") == ()


def test_no_file_takes_long() -> None:
    rules = "".join(f"Disallow: /some/*/where/{n}*\n" for n in range(12_000))
    groups = "".join(f"User-agent: {name}\n" for name in TRAINERS)
    own = "".join(f"User-agent: {name}\nDisallow: /{name}\n\n" for name in TRAINERS)
    robots = Robots(f"{own}{groups}{rules}".encode())
    began = time.process_time()
    found = refusals(robots, "wirecopy")
    assert refused("/some/x/where/3", found) == tuple(sorted(TRAINERS))
    assert time.process_time() - began < 5


USAGE = """
User-Agent: *
Allow: /
Disallow: /never/
Content-Usage: train-ai=n
Content-Usage: /ai-ok/ train-ai=y
content-signal: search=yes,ai-train=no

User-Agent: ExampleBot
Allow: /
Content-Usage: train-ai=y
"""
"""The example of draft-ietf-aipref-attach-04, and a Content-Signal as contentsignals.org has it."""


@pytest.mark.parametrize(
    ("token", "target", "names"),
    [
        ("wirecopy", "/", ("Content-Signal", "Content-Usage")),
        ("wirecopy", "/ai-ok/story", ("Content-Signal",)),
        ("examplebot", "/story", ()),
    ],
)
def test_what_a_file_says_of_training_in_so_many_words(token: str, target: str, names: tuple[str, ...]) -> None:
    robots = Robots(USAGE.encode())
    assert refused(target, refusals(robots, token)) == names
    assert robots.rules("wirecopy").allows("/story")
    assert not robots.rules("wirecopy").allows("/never/x")


def test_the_names_are_in_the_docs() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "politeness.md").read_text("utf-8")
    section = page.partition("## Training")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)) == TRAINERS


def exported(cwd: Path, *more: str) -> dict[str, dict[str, object]]:
    ran = wirecopy("export", "jsonl", "-c", "news", *more, cwd=cwd)
    assert ran.code == 0, ran.err
    return {row["url"].rpartition("/")[2].removesuffix(".html"): row for row in ran.rows}


def metadata(collection: Path) -> dict[str, str]:
    found = {}
    for path in (collection / "archive").glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "metadata":
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    found[url.rpartition("/")[2]] = record.content_stream().read().decode()
    return found


@pytest.mark.parametrize("obey", [False, True])
def test_recorded_or_obeyed_and_rebuilt(tmp_path: Path, obey: bool) -> None:
    with Site({"/robots.txt": robots(REFUSING), **PAGES}) as site:
        site.pages["/sitemap.xml"] = listing(*(site.url + path for path in PAGES))
        ran = wirecopy(
            *("crawl", f"{site.url}/sitemap.xml", "-c", "news"),
            *(("--robots-meta", "obey") if obey else ()),
            cwd=tmp_path,
        )
        assert ran.code == 0, ran.err
    fields = metadata(tmp_path / "news")
    assert "robots-refuses: CCBot, GPTBot\r\n" in fields["open.html"]
    assert ("robots-meta-obeyed-as: wirecopy\r\n" in fields["open.html"]) is obey
    assert "robots-refuses" not in fields["robots.txt"]
    feed, everything = exported(tmp_path), exported(tmp_path, "--walls")
    assert set(everything) == {"open", "noindex", "noarchive", "past", "future"}, "all are archived and read"
    assert set(feed) == ({"open", "future"} if obey else set(everything))
    assert set(exported(tmp_path, "--without", "noindex", "--without", "tdm-reserved", "--walls")) == {
        *("open", "noarchive", "past")
    }
    withheld = ["withheld"] if obey else []
    assert everything["open"]["labels"] == ["noai"]
    assert everything["noindex"]["labels"] == ["noai", "noindex", *withheld]
    assert everything["noarchive"]["labels"] == ["noai", "noarchive", *withheld]
    assert everything["past"]["labels"] == ["noai", "unavailable-after", *withheld]
    assert everything["future"]["labels"] == ["noai", "tdm-reserved", "unavailable-after", *withheld]
    origins = everything["noarchive"]["origins"]
    assert isinstance(origins, dict)
    assert origins["labels.noai"] == "robots.txt: CCBot, ClaudeBot, GPTBot"
    found = wirecopy("search", "harbour", "-c", "news", "--json", cwd=tmp_path)
    assert all(word in found.out for word in feed)
    assert ("noindex.html" in found.out) is not obey
    assert wirecopy("rebuild", "-c", "news", cwd=tmp_path).code == 0
    assert exported(tmp_path) == feed
    assert exported(tmp_path, "--walls") == everything
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0


def front(*links: str, head: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Page:
    items = "".join(
        f'<article><h2><a href="{link}">What the harbour makes of it today</a></h2></article>' for link in links
    )
    body = f"<html><head><title>The Quay</title>{head}</head><body><main>{items}</main></body></html>"
    return Page(body=body.encode(), headers=headers)


SAYS = {
    "meta": front("/news/story-of-the-harbour-today.html", head='<meta name="robots" content="nofollow">'),
    "header": front("/news/story-of-the-harbour-today.html", headers=(("X-Robots-Tag", "wirecopy: none"),)),
    "others": front("/news/story-of-the-harbour-today.html", headers=(("X-Robots-Tag", "otherbot: none"),)),
}


@pytest.mark.parametrize(
    ("says", "setting", "followed"),
    [("meta", "record", True), ("meta", "obey", False), ("header", "obey", False), ("others", "obey", True)],
)
def test_links_that_are_not_to_be_followed(tmp_path: Path, says: str, setting: str, followed: bool) -> None:
    story = "/news/story-of-the-harbour-today.html"
    with Site({"/": SAYS[says], story: article(1)}) as site:
        ran = wirecopy(
            *(
                "crawl",
                f"{site.url}/",
                "-c",
                "news",
                "--no-extract",
                "--json",
                "--set",
                f"WIRECOPY_ROBOTS_META={setting}",
            ),
            cwd=tmp_path,
        )
        assert ran.code == 0, ran.err
        assert (story in site.paths) is followed
    held = [(one["limit"], one["url"]) for one in json.loads(ran.out)["held_back"]]
    assert held == ([] if followed else [("nofollow", f"{site.url}/")])


def test_a_label_that_is_none_is_refused(tmp_path: Path) -> None:
    ran = wirecopy("export", "jsonl", "-c", "news", "--without", "no-ai", cwd=tmp_path)
    assert ran.code == 2
    assert "--without no-ai: no such label: there are bot-wall, " in ran.err


def test_a_setting_that_is_none_is_refused(tmp_path: Path) -> None:
    ran = wirecopy("crawl", "http://127.0.0.1:1/", "-c", "news", "--set", "WIRECOPY_ROBOTS_META=ignore", cwd=tmp_path)
    assert ran.code == 2
    assert "WIRECOPY_ROBOTS_META: 'ignore' is none of record, obey" in ran.err
