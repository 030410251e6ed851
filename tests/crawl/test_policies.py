"""What settings ask of the archive: when a file is closed, what becomes a revisit, how much is fetched."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from tests.commands import start, wirecopy
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


def test_paused_for_room_and_stopped_soundly(tmp_path: Path) -> None:
    with Newsroom(articles=2) as newsroom:
        process = start("crawl", newsroom.url, "-c", "news", *given(WIRECOPY_RESERVE="1000000 TB"), cwd=tmp_path)
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("paused: ")
        assert "1000000000000 MB are to stay free" in said
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "interrupted" in err
        assert "paused for room on the disk: 1" in err
        assert not newsroom.log, "nothing was asked for"


def test_stops_when_enough_is_archived(tmp_path: Path) -> None:
    with Newsroom(articles=60) as newsroom:
        ran = wirecopy("crawl", newsroom.url, "-c", "news", "--max-bytes", "60 kB", "--no-extract", cwd=tmp_path)
        assert ran.code == 0, ran.err
        assert "stopped early: max_bytes" in ran.err
        assert len(newsroom.log) < 60
    size = sum(path.stat().st_size for path in files(tmp_path / "news"))
    assert 60_000 <= size < 200_000


def test_a_page_cut_at_the_limit_is_kept_as_such(tmp_path: Path) -> None:
    with Newsroom(articles=1) as newsroom:
        # more than comes in at once, even when it has waited long: 256 KiB
        long = tuple(random.Random(number).randbytes(2000).hex() for number in range(160))
        article = newsroom.edit(newsroom.articles[0], paragraphs=long)
        url = newsroom.url + article.path
        crawl = ("crawl", url, "-c", "news", "--scope", "page", *given(DOWNLOAD_MAXSIZE=20_000, RETRY_TIMES=0))
        for _ in range(2):  # the second is no revisit of the first, which does not hold the page
            assert wirecopy(*crawl, cwd=tmp_path).code != 0
        sent = [served.sent for served in newsroom.log if served.path == article.path]
    kept = [
        (record.rec_type, record.rec_headers.get_header("WARC-Truncated"), block)
        for path in files(tmp_path / "news")
        for record, block in records(path)
        if record.rec_headers.get_header("WARC-Target-URI") == url and record.rec_type in ("response", "revisit")
    ]
    assert [found[:2] for found in kept] == [("response", "length")] * 2
    for (_, _, block), whole in zip(kept, sent, strict=True):
        assert whole.startswith(block)
        assert 20_000 <= len(block) < len(whole)
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0
    lines = [line for path in (tmp_path / "news" / "indexes").glob("*.cdxj") for line in path.read_text().splitlines()]
    (row,) = wirecopy("export", "jsonl", "-c", "news", cwd=tmp_path).rows
    assert "truncated" in row["labels"]
    assert sum('"truncated": "length"' in line or '"truncated":"length"' in line for line in lines) == 2


def test_damage_that_the_audit_finds_is_told(tmp_path: Path) -> None:
    with Newsroom(articles=1) as newsroom:
        crawl = ("crawl", newsroom.url, "-c", "news", "--no-extract", *given(WIRECOPY_AUDIT="1 GB"))
        assert wirecopy(*crawl, cwd=tmp_path).code == 0
        (path,) = files(tmp_path / "news")
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(data)
        ran = wirecopy(*crawl, cwd=tmp_path)
    assert ran.code == 1, ran.err
    assert f"damaged: archive/{path.name}: SHA-256" in ran.err
