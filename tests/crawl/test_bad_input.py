"""What a user can get wrong: one line that says what, an exit code of its own, and never a traceback."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from archive.collection import Collection
from tests.commands import Ran, environment, program, wirecopy
from tests.newsroom import Newsroom


def refused(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err + ran.out
    complaint = [line for line in ran.err.splitlines() if line.startswith("wirecopy: ")]
    assert len(complaint) == 1, ran.err
    for word in words:
        assert word in complaint[0]


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "http://", "nonsense", "http://[::1"])
def test_not_a_url(tmp_path: Path, url: str) -> None:
    refused(wirecopy("crawl", url, "-c", "news", cwd=tmp_path), 2, url)
    assert not (tmp_path / "news").exists()


def test_no_such_host(tmp_path: Path) -> None:
    ran = wirecopy("crawl", "http://no-such-host.invalid/", "-c", "news", "--set", "RETRY_TIMES=0", cwd=tmp_path)
    assert ran.code == 9
    assert "http://no-such-host.invalid/: http://no-such-host.invalid/robots.txt could not be had: N" in ran.err
    assert "next:" not in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("verb", [["search", "x"], ["show", "x"], ["export", "jsonl"], ["verify"], ["rebuild"]])
def test_no_collection(tmp_path: Path, verb: list[str]) -> None:
    refused(wirecopy(*verb, "-c", "nowhere", cwd=tmp_path), 3, "nowhere")


def test_a_directory_that_is_no_collection(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    refused(wirecopy("crawl", "http://127.0.0.1:9/", "-c", "photos", cwd=tmp_path), 3, "photos")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]


def test_storage_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(wirecopy("crawl", "http://127.0.0.1:9/", "-c", "file/news", cwd=tmp_path), 5, "file")


def test_a_collection_that_is_being_rebuilt(tmp_path: Path) -> None:
    with Newsroom(articles=2) as newsroom, Collection.create(tmp_path / "news").exclusive("rebuild"):
        refused(wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path), 4, "rebuild")
        assert not newsroom.log


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        assert wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path).code == 0
    shown = shell(f"{program()} export jsonl -c news | head -c 10; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert (shown.code, len(shown.out), shown.err) == (0, 10, "")
    closed = shell(f"{program()} export jsonl -c news >&-", tmp_path)
    refused(closed, 5, "Bad file descriptor")
    assert len(closed.err.splitlines()) == 1


def test_standard_streams_that_are_closed(tmp_path: Path) -> None:
    """A WARC file must not get the number of one of them: what prints would print into it."""
    with Newsroom(articles=2) as newsroom:
        assert shell(f"{program()} crawl {newsroom.url}/ -c news <&- >&- 2>&-", tmp_path).code == 0
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0


def shell(command: str, cwd: Path) -> Ran:
    ran = subprocess.run(
        ["bash", "-c", command], cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr)
