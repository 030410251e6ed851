"""What a crawl keeps of itself: settings, log and report as records, tied together, and in no index of pages."""

from __future__ import annotations

import json
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.commands import scrapy, wirecopy
from tests.crawl.conftest import Crawled
from tests.newsroom import Newsroom


def crawl_records(collection: Path) -> tuple[dict[str, tuple[str, str, str, bytes]], list[str]]:
    """By the last part of their URI: type, media type, id and block; and the ids of all warcinfo records."""
    found, warcinfos = {}, []
    for path in sorted((collection / "archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                header = record.rec_headers.get_header
                if record.rec_type == "warcinfo":
                    warcinfos.append(header("WARC-Record-ID"))
                elif (url := header("WARC-Target-URI")).startswith("metadata://wirecopy/crawls/"):
                    kind, identity = header("Content-Type"), header("WARC-Record-ID")
                    found[url.rpartition("/")[2]] = (record.rec_type, kind, identity, record.content_stream().read())
    return found, warcinfos


def test_settings_log_and_report_are_records(crawled: Crawled) -> None:
    kept, warcinfos = crawl_records(crawled.collection)
    assert {name: found[:2] for name, found in kept.items()} == {
        "settings.json": ("resource", "application/json"),
        "crawl.log": ("resource", "text/plain; charset=utf-8"),
        "report.json": ("resource", "application/json"),
        "manifest": ("metadata", "application/warc-fields"),
    }
    (directory,) = (crawled.collection / "crawls").iterdir()
    assert json.loads(kept["report.json"][3]) == json.loads((directory / "report.json").read_text())
    log = (directory / "crawl.log").read_bytes()
    assert log.startswith(kept["crawl.log"][3])
    assert b"Crawled (200)" in kept["crawl.log"][3] or b"Spider opened" in kept["crawl.log"][3]
    settings = json.loads(kept["settings.json"][3])
    assert settings["settings"]["DOWNLOAD_MAXSIZE"] == 64 * 1024 * 1024
    lines = kept["manifest"][3].decode().splitlines()
    assert [line for line in lines if line.startswith("warcinfo: ")] == [f"warcinfo: {one}" for one in warcinfos]
    tied = {line.removeprefix("resource: ") for line in lines if line.startswith("resource: ")}
    assert tied == {kept[name][2] for name in ("settings.json", "crawl.log", "report.json")}


def test_none_of_them_is_taken_for_a_page(crawled: Crawled) -> None:
    indexes = list((crawled.collection / "indexes").glob("*.cdxj"))
    assert indexes
    assert not any("wirecopy/crawls" in path.read_text() for path in indexes)
    verified = wirecopy("verify", "--notes", "-c", crawled.collection, cwd=crawled.collection.parent)
    assert verified.code == 0
    assert "metadata:" not in verified.out


def test_scrapys_own_command_keeps_them_too_and_secrets_stay_out(tmp_path: Path) -> None:
    settings = {
        "WIRECOPY_COLLECTION": str(tmp_path / "news"),
        "WIRECOPY_EXTRACT": "False",
        "LOG_FILE": str(tmp_path / "log"),
        "API_TOKEN": "t0psecret",
        "PROXIES": "http://me:hunter2@proxy.example:3128",
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    with Newsroom(articles=1) as newsroom:
        ran = scrapy("crawl", "article", "-a", f"url={newsroom.url}", *given)
    assert ran.code == 0, ran.err
    kept, _ = crawl_records(tmp_path / "news")
    assert kept.keys() == {"settings.json", "crawl.log", "report.json", "manifest"}
    assert (tmp_path / "log").read_bytes().startswith(kept["crawl.log"][3])
    told = json.loads(kept["settings.json"][3])["settings"]
    assert told["API_TOKEN"] == "(redacted)"
    assert told["PROXIES"] == "http://(redacted)@proxy.example:3128"
    assert not any(secret in block for secret in (b"t0psecret", b"hunter2") for *_, block in kept.values())


def test_a_crawl_that_reached_nothing_leaves_no_file(tmp_path: Path) -> None:
    assert wirecopy("crawl", "http://127.0.0.1:9/", "-c", "news", "--set", "RETRY_TIMES=0", cwd=tmp_path).code == 9
    assert not list((tmp_path / "news" / "archive").iterdir())
