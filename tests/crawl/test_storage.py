"""The disk refuses: the crawl stops, names file and reason in one line, and what was written before is whole."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from archive.collection import Collection
from tests.commands import Ran, environment, wirecopy
from tests.newsroom import Newsroom


def limited(size: int, *arguments: str, cwd: Path) -> Ran:
    """The command, with the system refusing to let any file grow beyond `size` bytes."""
    process = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)),
    )
    return Ran(code=process.returncode, out=process.stdout, err=process.stderr)


def report(collection: Path) -> dict[str, object]:
    (path,) = (collection / "crawls").glob("*/report.json")
    found: dict[str, object] = json.loads(path.read_text())
    return found


def test_no_room_in_mid_crawl(tmp_path: Path) -> None:
    with Newsroom(articles=100) as newsroom:
        crawl = ("crawl", newsroom.url, "-c", "news", "--no-extract")
        ran = limited(150_000, *crawl, cwd=tmp_path)
        assert ran.code == 5, ran.err
        assert "Traceback" not in ran.err
        (told,) = [line for line in ran.err.splitlines() if "cannot write" in line]
        assert ".warc.gz.open" in told
        assert "File too large" in told or "the disk took" in told
        found = report(tmp_path / "news")
        assert found["outcome"] == "stopped: storage"
        assert found["storage"] == told.strip()
        articles = {article.path for article in newsroom.articles}
        asked = {served.path for served in newsroom.log} & articles
        assert len(asked) < len(articles), "it stopped"
        verified = wirecopy("verify", "--json", "-c", "news", cwd=tmp_path)
        assert [row["code"] for row in verified.rows[:-1]] == ["unclosed"], verified
        again = wirecopy(*crawl, cwd=tmp_path)
        assert again.code == 0, again.err
        assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0


def test_refused_only_when_the_file_is_closed(tmp_path: Path) -> None:
    with Newsroom(articles=3) as newsroom:
        Collection.create(tmp_path / "news")
        (tmp_path / "news" / "files.jsonl").mkdir()
        ran = wirecopy("crawl", newsroom.url, "-c", "news", "--no-extract", cwd=tmp_path)
        assert ran.code == 5, ran.err
        (told,) = [line for line in ran.err.splitlines() if "cannot write" in line]
        assert "files.jsonl" in told
        assert report(tmp_path / "news")["outcome"] == "stopped: storage"
        (tmp_path / "news" / "files.jsonl").rmdir()
        mended = wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path)
        assert mended.code == 0, mended.err
        assert "repaired" in mended.err
        exported = wirecopy("export", "jsonl", "-c", "news", cwd=tmp_path)
        assert len(exported.rows) == 3
