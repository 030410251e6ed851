"""What a user can get wrong: one line that says what, an exit code of its own, and never a traceback."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a collection `news`, crawled with all standard streams closed.

    Otherwise a WARC file would get the number of one of them, and what prints would print into it.
    """
    path = tmp_path_factory.mktemp("home")
    with Newsroom(articles=6) as newsroom:
        assert shell(f"{program()} crawl {newsroom.url}/ -c news <&- >&- 2>&-", path).code == 0
    return path


def test_ctrl_c_at_any_time(home: Path) -> None:
    """While modules are loaded, too: never a traceback."""
    begun = "import os; from crawler.__main__ import main; os.write(1, b'begun'); main()"
    for seconds in (0.1, 0.2, 0.3, 0.5):
        process = subprocess.Popen(
            [sys.executable, "-c", begun, "search", "the", "-c", "news"],
            cwd=home,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.read(5) == b"begun"
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -signal.SIGINT)
        assert said.strip() in (b"", b"wirecopy: interrupted")


def test_a_reader_that_has_seen_enough(home: Path) -> None:
    shown = shell(f"{program()} export jsonl -c news | head -c 10; exit ${{PIPESTATUS[0]}}", home)
    assert (shown.code, len(shown.out), shown.err) == (0, 10, "")


def test_a_standard_output_that_is_closed(home: Path) -> None:
    closed = shell(f"{program()} export jsonl -c news >&-", home)
    refused(closed, 5, "Bad file descriptor")
    assert len(closed.err.splitlines()) == 1


def test_a_collection_that_cannot_be_written_can_be_read(home: Path) -> None:
    (home / "news" / "sources.toml").write_text("format = 1\n")
    verbs = ["verify", "search the -n 1", "export jsonl", "status", "crawl http://127.0.0.1:9/"]
    asked = "; ".join(f"{program()} {verb} -c news >&2; echo $?" for verb in verbs)
    if os.geteuid() != 0:
        lock = "chmod -R a-w news"
    elif shutil.which("unshare"):
        lock = "mount --bind news news && mount -o remount,ro,bind news"
        asked = f"unshare -m bash -c {shlex.quote(f'{lock} && {{ {asked}; }}')}"
        lock = "true"
    else:
        pytest.skip("needs unshare to keep root from writing")
    ran = shell(f"{lock}; {asked}; chmod -R u+w news", home)
    assert ran.out.split() == ["0", "0", "0", "0", "5"], ran.err
    assert ran.err.count('"article_id"') == 6


def shell(command: str, cwd: Path) -> Ran:
    ran = subprocess.run(
        ["bash", "-c", command], cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr)
