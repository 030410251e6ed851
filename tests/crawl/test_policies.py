"""What settings ask of the archive: when a file is closed, what becomes a revisit, how much is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from tests.commands import wirecopy
from tests.newsroom import Newsroom


def files(collection: Path) -> list[Path]:
    return sorted((collection / "archive").glob("*.warc.gz"))


def records(path: Path) -> Iterator[tuple[ArcWarcRecord, bytes]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=True):
            yield record, record.content_stream().read()


def given(**settings: object) -> list[str]:
    return [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]


def test_small_files_hold_whole_exchanges(tmp_path: Path) -> None:
    with Newsroom(articles=24) as newsroom:
        crawl = ("crawl", newsroom.url, "-c", "news", "--no-extract", *given(WIRECOPY_ROLL_SIZE="50 kB"))
        assert wirecopy(*crawl, cwd=tmp_path).code == 0
        asked = len(newsroom.log)
    written = files(tmp_path / "news")
    assert len(written) >= 3
    requests, listed, warcinfos = 0, set(), set()
    for path in written:
        found = list(records(path))
        ids = [record.rec_headers.get_header("WARC-Record-ID") for record, _ in found]
        warcinfos.add(ids[0])
        requests += sum(record.rec_type == "request" for record, _ in found)
        for record, block in found:
            named = [value for name, value in record.rec_headers.headers if name == "WARC-Concurrent-To"]
            assert set(named) <= set(ids), "what belongs together lies in one file"
            if record.rec_headers.get_header("WARC-Target-URI", "").endswith("/manifest"):
                lines = block.decode().splitlines()
                listed = {line.removeprefix("warcinfo: ") for line in lines if line.startswith("warcinfo: ")}
    assert requests == asked
    assert listed == warcinfos, "the manifest names every file of the crawl, its own too"
    verified = wirecopy("verify", "-c", "news", cwd=tmp_path)
    assert verified.code == 0, verified.out


def test_an_idle_file_is_closed(tmp_path: Path) -> None:
    with Newsroom(articles=1) as newsroom:
        slow = given(DOWNLOAD_SLOTS="{}", DOWNLOAD_DELAY=1, RANDOMIZE_DOWNLOAD_DELAY=False, WIRECOPY_ROLL_IDLE=0.2)
        crawl = ("crawl", newsroom.url + "/feed.xml", "-c", "news", "--no-extract", *slow)
        ran = wirecopy(*crawl, cwd=tmp_path)
        assert ran.code == 0, ran.err
        asked = len(newsroom.log)
    assert asked >= 3
    assert len(files(tmp_path / "news")) >= asked, "a second of rest after each exchange"
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0
