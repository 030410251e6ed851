"""/metrics and /healthz of a daemon that runs, read by Prometheus' own parser; and why status says a source waits."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive.errors import ConfigError
from crawler.sources.source import Source
from crawler.watch.endpoint import Endpoint, address, reasons
from crawler.watch.figures import Figures, View
from crawler.watch.lateness import cut_short, why
from crawler.watch.ledger import Run
from crawler.watch.live import Live
from crawler.watch.metrics import METRICS
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.watch.test_daemon import SOURCE, Daemon

NOW = 1_800_000_000.0


def ask(daemon: Daemon, path: str) -> tuple[int, str]:
    daemon.until("http://127.0.0.1:\\d+/metrics")
    (url,) = {match[0] for line in daemon.said if (match := re.search(r"http://127\.0\.0\.1:\d+", line))}
    try:
        with urllib.request.urlopen(url + path, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_daemon_that_runs_tells_how_it_stands(tmp_path: Path) -> None:
    collection = tmp_path / "news"
    collection.mkdir()
    with Newsroom(articles=3) as newsroom:
        text = SOURCE.format(number=0, url=newsroom.url) + SOURCE.format(number=1, url="http://127.0.0.9:1")
        off = '\n[[source]]\nid = "off"\nname = "Off"\nurl = "https://example.org/"\nenabled = false\n'
        (collection / "sources.toml").write_text(f"format = 1\n{text}{off}")
        daemon = Daemon(collection, "--metrics", "0", "--set", "RETRY_TIMES=0")
        for number in range(2):
            daemon.until(f" n{number}: (complete|partly failed)")
        status, text = ask(daemon, "/metrics")
        assert status == 200
        families = list(text_string_to_metric_families(text))
        samples = {(one.name, one.labels.get("source")): one.value for family in families for one in family.samples}
        assert {name for name, _ in samples if name.startswith("wirecopy_")} == set(METRICS)
        assert all(family.documentation for family in families)
        labels = {label for family in families for one in family.samples for label in one.labels}
        assert labels == {"source", "version"}
        assert samples["wirecopy_sources", None] == 2
        assert samples["wirecopy_source_new_articles_total", "n0"] == 3
        assert samples["wirecopy_source_unanswered_crawls_total", "n0"] == 0
        assert samples["wirecopy_source_unanswered_crawls_total", "n1"] == 1
        assert samples["wirecopy_source_failing", "n1"] == 0
        assert samples["wirecopy_disk_free_bytes", None] > samples["wirecopy_disk_reserve_bytes", None] > 0
        assert ("wirecopy_source_failures", "off") not in samples
        if promtool := shutil.which("promtool"):
            command = [promtool, "check", "metrics"]
            checked = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stderr
        status, text = ask(daemon, "/healthz")
        assert status == 200
        assert json.loads(text) | {"disk_free": 0, "heartbeat": 0, "late": 0, "running": 0} == {
            **{"status": "ok", "reasons": [], "sources": 2, "late": 0, "running": 0},
            **{"paused": None, "disk_free": 0, "heartbeat": 0},
        }
        assert ask(daemon, "/elsewhere")[0] == 404

        rows = {row["source"]: row for row in wirecopy("status", "--json", "-c", collection, cwd=tmp_path).rows}
        assert rows["n1"]["why"] == "backing off: no answer in 1 crawls"
        assert rows["off"]["why"] == "disabled"
        assert rows["n0"]["found"] == 3
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(60) == 143

        old = collection / "crawls" / "20200101-000000-00ff"
        old.mkdir()
        daemon = Daemon(collection, "--metrics", "0", "--set", "WIRECOPY_RESERVE=900 TB", "--log-format", "json")
        daemon.until("disk: no crawls")
        with closing(sqlite3.connect(collection / "state.sqlite")) as state, state:
            state.execute("UPDATE sources SET last = 0, failures = 0")
        status, text = ask(daemon, "/healthz")
        assert status == 503
        (reason,) = json.loads(text)["reasons"]
        assert reason.startswith("disk: no crawls: ")
        rows = {row["source"]: row for row in wirecopy("status", "--json", "-c", collection, cwd=tmp_path).rows}
        assert rows["n0"]["why"].startswith("due, and paused: no crawls: ")
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(60) == 143
        lines = [json.loads(line) for line in daemon.said if line.startswith("{")]
        (told,) = [line for line in lines if "event" in line]
        assert (told["event"], told["text"][:17], told["sources"]) == ("disk", "disk: no crawls: ", [])
        assert [path.name for path in (collection / "crawls").iterdir()] != []
        assert not old.exists()
        rows = {row["source"]: row for row in wirecopy("status", "--json", "-c", collection, cwd=tmp_path).rows}
        assert rows["n0"]["why"] == "due, and no daemon runs"


def test_a_daemon_whose_loop_is_stuck_or_that_cannot_write_is_not_healthy() -> None:
    def view(**changes: Any) -> View:
        usual: dict[str, Any] = {
            **{"now": NOW, "beat": NOW - 2, "sources": (), "figures": Figures(), "running": 0, "paused": ""},
            **{"wrong": {}, "free": 10**9, "reserve": 10**6, "writable": True},
            **{"alerts_delivered": 0, "alerts_failed": 0, "alerts_waiting": 0},
        }
        return View(**usual | changes)

    assert reasons(view()) == []
    assert reasons(view(beat=NOW - 100)) == ["planner: it did nothing for 100 s"]
    assert reasons(view(free=10)) == ["disk: 10 B left, and 1.0 MB are to stay free"]
    assert reasons(view(writable=False)) == ["storage: the collection cannot be written"]
    assert reasons(view(wrong={"shipping": "not shipped: the store is away"})) == []
    assert reasons(view(wrong={"storage": "cannot be written: no"})) == ["storage: cannot be written: no"]


def test_a_loop_that_does_not_answer_is_told_by_one_who_does() -> None:
    loop = asyncio.new_event_loop()  # and nobody runs it

    def look() -> View:
        raise AssertionError("nobody is there to look")

    with closing(loop), Endpoint(("127.0.0.1", 0), look, loop, patience=0.1) as endpoint:
        for path, told in (("/healthz", '"planner: no answer in 0.1 s"'), ("/metrics", "does not answer")):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(endpoint.url + path, timeout=10)
            with caught.value as error:
                assert error.code == 503
                assert told in error.read().decode()


def test_loopback_is_the_default() -> None:
    assert address("9464") == address("127.0.0.1:9464") == ("127.0.0.1", 9464)
    assert address("[::]:9464") == ("::", 9464)
    for wrong in ("", "here", "9464:here", "99999", "²"):
        with pytest.raises(ConfigError, match="expected PORT or HOST:PORT"):
            address(wrong)


LIVE = Live(beat=NOW, processes=2, crawls=1)


@pytest.mark.parametrize(
    ("live", "next_at", "failures", "busy", "told"),
    [
        (LIVE, NOW + 60, 0, None, ""),
        (LIVE, NOW + 60, 3, None, "backing off: no answer in 3 crawls"),
        (Live(beat=NOW, processes=2, crawls=1, running={"s": NOW - 5}), None, 0, None, "being crawled for 5 s"),
        (
            Live(beat=NOW, processes=2, crawls=1, died={"s": NOW + 5}),
            NOW - 60,
            0,
            None,
            "its crawl died: tried again soon",
        ),
        (None, NOW - 60, 0, None, "due, and no daemon runs"),
        (Live(beat=NOW, processes=2, crawls=1, paused="full"), NOW - 60, 0, None, "due, and paused: full"),
        (LIVE, NOW - 60, 0, "t", "due, and its site is busy: t is crawled"),
        (Live(beat=NOW, processes=2, crawls=2), NOW - 60, 0, None, "due, and there are 2 crawls already"),
        (LIVE, NOW - 1, 0, None, "due"),
    ],
)
def test_why_a_source_waits(
    live: Live | None, next_at: float | None, failures: int, busy: str | None, told: str
) -> None:
    source = Source(id="s", name="S", url="https://example.org/")
    assert why(source, next_at=next_at, failures=failures, live=live, busy=busy, now=NOW) == told


def test_what_a_budget_cut_short_is_told() -> None:
    def last(**facts: Any) -> Run:
        return Run(source="s", started=NOW, ended=NOW, crawl="c", outcome="complete", **facts)

    assert cut_short(None) == cut_short(last(reason="finished")) == ""
    assert cut_short(last(left=7)) == "last crawl left 7 pages: max_pages"
    assert cut_short(last(reason="closespider_timeout")) == "last crawl stopped at max_time"
    assert cut_short(last(reason="max_bytes")) == "last crawl stopped at max_bytes"
