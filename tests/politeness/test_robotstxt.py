"""What a crawl asks for after each kind of answer to its question for robots.txt (RFC 9309 clause 2.3.1)."""

from __future__ import annotations

import gzip
import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.collection import Collection
from crawler.politeness.longago import last_word
from tests import ports
from tests.archive.ingest.pages import exchange
from tests.commands import Ran, wirecopy
from tests.newsroom.answers import Page
from tests.politeness.site import Site, article, listing, robots, simple

FORBIDDEN = "user-agent: *\ndisallow: /private/\n"
NO_RETRY = ("--set", "RETRY_TIMES=0")


def crawl(site: Site, tmp_path: Path, *more: str, paths: tuple[str, ...] = ("/private/1.html", "/open.html")) -> Ran:
    site.pages |= {path: article(path) for path in paths}
    site.pages["/sitemap.xml"] = listing(*(site.url + path for path in paths))
    start = ("crawl", f"{site.url}/sitemap.xml", "-c", "news", "--no-extract", "--json")
    return wirecopy(*start, *NO_RETRY, *more, cwd=tmp_path)


def asked(site: Site) -> set[str]:
    return set(site.paths) - {"/robots.txt", "/sitemap.xml"}


HOSTS: dict[str, tuple[Page, bool]] = {
    # host: (what it answers, whether there are no rules then, rather than nothing to be had)
    "127.0.0.2": (Page(body=b"user-agent: *\ndisallow: /", status=400), True),
    "127.0.0.3": (simple(401, "Who are you?"), True),
    "127.0.0.4": (simple(403, "No"), True),
    "127.0.0.5": (simple(404, "Not found"), True),
    "127.0.0.6": (simple(451, "Not here"), True),
    "127.0.0.7": (simple(429, "Too many"), False),
    "127.0.0.8": (simple(500, "Sorry"), False),
    "127.0.0.9": (simple(503, "Sorry"), False),
    "127.0.0.10": (simple(304, "As before"), True),
    "127.0.0.11": (simple(302, "Moved", ("Location", "/robots.txt")), True),
}


def test_statuses(tmp_path: Path) -> None:
    with ExitStack() as running:
        sites = {
            host: running.enter_context(Site({"/robots.txt": answer, "/1.html": article(1)}, host=host))
            for host, (answer, _) in HOSTS.items()
        }
        with Site({"/sitemap.xml": listing(*(f"{site.url}/1.html" for site in sites.values()))}) as start:
            ran = wirecopy(
                *("crawl", f"{start.url}/sitemap.xml", "-c", "news", "--no-extract", "--json", *NO_RETRY),
                *("--allow-network", "127.0.0.0/8"),
                cwd=tmp_path,
            )
        for host, (_, free) in HOSTS.items():
            assert ("/1.html" in sites[host].paths) is free, host
            assert "/robots.txt" in sites[host].paths
        assert ran.code == 1, "nobody knows what may be asked for where the server fails"
        failures = {failure["url"]: failure["why"] for failure in json.loads(ran.out)["failures"]}
    assert failures.keys() == {f"{sites[host].url}/1.html" for host, (_, free) in HOSTS.items() if not free}
    for why in failures.values():
        assert "robots.txt could not be had: the server answered" in why


def test_nothing_is_asked_for_where_nobody_answers(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{ports.free()}/"
    ran = wirecopy("crawl", url, "-c", "news", *NO_RETRY, cwd=tmp_path)
    assert ran.code == 9
    assert f"{url}robots.txt could not be had" in ran.err


def test_a_failure_that_passes_is_none(tmp_path: Path) -> None:
    with Site({"/robots.txt": lambda before: robots(FORBIDDEN) if before else simple(500, "Sorry")}) as site:
        assert crawl(site, tmp_path, "--set", "RETRY_TIMES=1").code == 0
        assert asked(site) == {"/open.html"}


def test_rules_are_asked_for_once_obeyed_and_archived(tmp_path: Path) -> None:
    with Site({"/robots.txt": robots(FORBIDDEN)}) as site:
        ran = crawl(site, tmp_path)
        assert ran.code == 0, ran.err
        assert asked(site) == {"/open.html"}
        assert site.paths.count("/robots.txt") == 1
    assert json.loads(ran.out)["counts"]["refused_by_robots"] == 1
    kept = {}
    for path in (tmp_path / "news" / "archive").glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_headers.get_header("WARC-Target-URI") == f"{site.url}/robots.txt":
                    kept[record.rec_type] = record.content_stream().read()
    assert kept["response"] == FORBIDDEN.encode()
    assert b"hopsFromSeed: P\r\n" in kept["metadata"]


@pytest.mark.parametrize(("hops", "obeyed"), [(5, True), (6, False)])
def test_redirects_are_followed_for_five_hops(tmp_path: Path, hops: int, obeyed: bool) -> None:
    chain = {f"/r{hop}": simple(302, "Moved", ("Location", f"/r{hop + 1}")) for hop in range(1, hops)}
    start = simple(301, "Moved", ("Location", "/r1"))
    with Site({"/robots.txt": start, **chain, f"/r{hops}": robots(FORBIDDEN)}) as site:
        assert crawl(site, tmp_path).code == 0
        assert ("/private/1.html" not in asked(site)) is obeyed


def test_the_rules_of_where_a_redirect_leads_hold(tmp_path: Path) -> None:
    with (
        Site({"/robots.txt": robots(FORBIDDEN)}, host="127.0.0.2") as other,
        Site({"/go": simple(302, "Moved", ("Location", f"{other.url}/private/x"))}) as site,
    ):
        assert crawl(site, tmp_path, "--allow-network", "127.0.0.2", paths=("/open.html",)).code == 0
        ran = wirecopy(
            *("crawl", f"{site.url}/go", "-c", "news", "--no-extract", "--allow-network", "127.0.0.2"), cwd=tmp_path
        )
        assert ran.code == 8, ran.err
        assert other.paths == ["/robots.txt"]


def test_rules_expire(tmp_path: Path) -> None:
    def rules(before: int) -> Page:
        return robots(FORBIDDEN if before else "user-agent: *\nallow: /")

    paths = ("/1.html", "/2.html", "/private/3.html", "/private/4.html")
    with Site({"/robots.txt": rules}) as site:
        slow = ["--set", "DOWNLOAD_SLOTS={}", "--set", "DOWNLOAD_DELAY=0.5", "--set", "WIRECOPY_ROBOTS_MAX_AGE=1"]
        slow += ["--set", "CONCURRENT_REQUESTS=1"]
        assert crawl(site, tmp_path, *slow, paths=paths).code == 0
        assert site.paths.count("/robots.txt") >= 2
        assert "/private/4.html" not in asked(site)


def test_a_long_compressed_file_with_odd_ends_of_lines(tmp_path: Path) -> None:
    text = "\ufeffUSER-AGENT: WireCopy/2\rDISALLOW: /private/\r" + "# nothing\r" * 60_000 + "disallow: /open.html"
    page = Page(body=gzip.compress(text.encode()), type="text/plain", headers=(("Content-Encoding", "gzip"),))
    with Site({"/robots.txt": page}) as site:
        assert crawl(site, tmp_path).code == 0
        assert asked(site) == {"/open.html"}, "and the rest, beyond 500 KiB, need not be read"


START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def archived(tmp_path: Path, *answers: tuple[int, int, str]) -> Path:
    """A collection with answers of a robots.txt: days after the start, status, body."""
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    for days, status, body in answers:
        recorder.record(exchange("http://h.example/robots.txt", body, minutes=days * 1440, status=status)).result(10)
    recorder.close()
    return collection.path


@pytest.mark.parametrize(
    ("answers", "day", "expected"),
    [
        ([], 99, None),
        ([(0, 200, FORBIDDEN)], 99, None),
        ([(0, 500, ""), (20, 500, "")], 29, None),
        ([(0, 500, ""), (20, 500, "")], 31, b""),
        ([(0, 200, FORBIDDEN), (1, 503, ""), (20, 500, "")], 30, None),
        ([(0, 200, FORBIDDEN), (1, 503, ""), (20, 500, "")], 32, FORBIDDEN.encode()),
        ([(0, 200, FORBIDDEN), (1, 404, ""), (2, 503, "")], 40, b""),
        ([(0, 503, ""), (20, 200, FORBIDDEN), (25, 503, "")], 40, None),
    ],
)
def test_after_thirty_days_of_silence_the_last_word_holds(
    tmp_path: Path, answers: list[tuple[int, int, str]], day: int, expected: bytes | None
) -> None:
    path = archived(tmp_path, *answers)
    assert last_word(path, "http://h.example/robots.txt", now=START + timedelta(days=day)) == expected
