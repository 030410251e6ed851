"""Pages of some days only, and pages of a list."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC
from pathlib import Path

from tests.commands import environment, wirecopy
from tests.newsroom import Newsroom


def test_only_pages_of_that_time_are_asked_for(tmp_path: Path) -> None:
    with Newsroom(articles=24) as newsroom:
        days = sorted(article.published.astimezone(UTC).date() for article in newsroom.articles)
        since, until = days[6], days[16]
        options = ("--since", str(since), "--until", f"{until}T23:59:59", "--json")
        ran = wirecopy("crawl", f"{newsroom.url}/feed.xml", "-c", "news", *options, cwd=tmp_path)
        assert ran.code == 0, ran.err
        asked = {served.path for served in newsroom.log}
        listed = json.loads(ran.out)["counts"]
        wanted = {a.path for a in newsroom.articles if since <= a.published.astimezone(UTC).date() <= until}
        fetched = asked & {article.path for article in newsroom.articles}
    assert 0 < len(fetched) < 24
    assert fetched <= wanted
    assert listed["out_of_period"] > 0


def test_the_pages_of_a_list_and_no_others(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        paths = [article.path for article in newsroom.articles[:3]]
        lines = "# three of them\n" + "".join(f"{newsroom.url}{path}\n" for path in paths)
        (tmp_path / "urls.txt").write_text(lines)
        ran = wirecopy("crawl", "--from", "urls.txt", "-c", "news", cwd=tmp_path)
        assert ran.code == 0, ran.err
        assert {served.path for served in newsroom.log} == {"/robots.txt", *paths}
        piped = subprocess.run(
            [sys.executable, "-m", "crawler", "crawl", "--from", "-", "-c", "other"],
            input=lines,
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert piped.returncode == 0, piped.stderr
        assert sum(served.path in paths for served in newsroom.log) == 6
    empty = wirecopy("crawl", "--from", "/dev/null", "-c", "news", cwd=tmp_path)
    assert (empty.code, "lists no URLs" in empty.err) == (2, True)
    assert wirecopy("crawl", "-c", "news", cwd=tmp_path).code == 2
