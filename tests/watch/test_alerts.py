"""Alerts as somebody gets them: by webhook and by command, once, and at least once whatever is killed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.collection import Collection
from archive.errors import ConfigError
from crawler.sources.file import read_alerts
from crawler.watch.ledger import NAME, Ledger
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.watch.test_daemon import SOURCE, Daemon

KEY = "whisper"
ONE_TRY = ("--set", "RETRY_TIMES=0", "--set", "WIRECOPY_EXTRACT=False")


@dataclass(slots=True)
class Inbox:
    """A server that takes webhooks; `answers` are the statuses it gives, in turn, then 200. 0: never."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    more: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    def until(self, count: int) -> list[dict[str, Any]]:
        with self.more:
            assert self.more.wait_for(lambda: len(self.got) >= count, 60), self.got
            return [json.loads(body) for _, body in self.got]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with box.more:
                status = box.answers.pop(0) if box.answers else 200
                box.got.append((dict(self.headers), body))
                box.more.notify_all()
            if not status:
                box.over.wait(60)
                return
            self.send_response(status)
            self.send_header("Location", box.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    box.url = f"http://127.0.0.1:{server.server_port}/hook/t0ken"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield box
    finally:
        box.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOK_KEY", KEY)
    monkeypatch.setenv("HOOK_TOKEN", "Bearer s3cret")
    path = tmp_path / "news"
    path.mkdir()
    return path


def configure(collection: Path, url: str, sources: str, more: str = "") -> None:
    hook = f'[[alerts.webhook]]\nurl = "{url}"\n'
    (collection / "sources.toml").write_text(f"format = 1\n{hook}{more}{sources}")


def failed_before(collection: Path, name: str, times: int) -> None:
    """As if so many crawls had had no answer, the last long ago."""
    with closing(sqlite3.connect(collection / "state.sqlite")) as state, state:
        state.execute("UPDATE sources SET failures = ?, last = since - 1e6 WHERE id = ?", (times, name))


def run_once(collection: Path) -> str:
    ran = wirecopy("daemon", "--once", "-c", collection, *ONE_TRY, cwd=collection.parent)
    assert ran.code == 0, ran.err
    assert "t0ken" not in ran.err
    assert "s3cret" not in ran.err
    return ran.err


def test_a_source_that_breaks_and_recovers_is_told_once_each(collection: Path, inbox: Inbox, tmp_path: Path) -> None:
    secret = 'headers = { Authorization = { env = "HOOK_TOKEN" } }\nsign = { env = "HOOK_KEY" }\n'
    with Newsroom(articles=2) as newsroom:
        dead = SOURCE.format(number=0, url="http://127.0.0.9:1")
        configure(collection, inbox.url, dead, secret)
        run_once(collection)
        for times in (11, 12):
            failed_before(collection, "n0", times)
            run_once(collection)
        (event,) = inbox.until(1)
        assert (event["event"], event["source"], event["sources"]) == ("failing", "n0", ["n0"])
        assert re.fullmatch(r"n0: no answer in 12 crawls in a row", event["text"])
        headers, body = inbox.got[0]
        assert headers["Authorization"] == "Bearer s3cret"
        expected = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Wirecopy-Signature"] == f"sha256={expected}"

        configure(collection, inbox.url, SOURCE.format(number=0, url=newsroom.url), secret)
        failed_before(collection, "n0", 8)
        run_once(collection)
        _, event = inbox.until(2)
        assert (event["event"], event["of"], event["source"]) == ("recovered", "failing", "n0")
        assert len(inbox.got) == 2


def test_an_alert_that_was_not_taken_outlives_the_daemon(collection: Path, inbox: Inbox, tmp_path: Path) -> None:
    inbox.answers = [0, 302]
    configure(collection, inbox.url, SOURCE.format(number=0, url="http://127.0.0.9:1"))
    run_once(collection)
    failed_before(collection, "n0", 11)
    daemon = Daemon(collection, *ONE_TRY)
    inbox.until(1)  # … and gets no answer
    daemon.process.kill()
    daemon.process.wait(10)
    run_once(collection)  # where it went is no delivery
    with closing(sqlite3.connect(collection / "state.sqlite")) as state:
        ((tries, wait),) = state.execute("SELECT tries, due - made FROM outbox").fetchall()
    assert tries >= 1
    assert wait > 10
    run_once(collection)
    events = inbox.until(3)
    assert {event["event"] for event in events} == {"failing"}
    assert len({event["id"] for event in events}) == 1
    assert len(inbox.got) == 3


def test_a_webhook_that_does_not_answer_keeps_no_crawl_waiting(collection: Path, inbox: Inbox) -> None:
    inbox.answers = [0]
    with Newsroom(articles=2) as newsroom:
        sources = SOURCE.format(number=0, url="http://127.0.0.9:1") + SOURCE.format(number=1, url=newsroom.url)
        configure(collection, inbox.url, sources, 'timeout = "60s"\n')
        Collection.create(collection)
        with closing(Ledger(collection / NAME)) as ledger:
            ledger.seen(["n0", "n1"], time.time() - 1e7)
        failed_before(collection, "n0", 11)
        daemon = Daemon(collection, *ONE_TRY, "--processes", "1", "--batch", "1")
        inbox.until(1)
        daemon.until("n1: complete")
        assert not any("alerts.webhook" in line for line in daemon.said)
        daemon.process.kill()
        daemon.process.wait(10)


def test_a_command_gets_the_event_and_no_shell_does(collection: Path, tmp_path: Path) -> None:
    notify = tmp_path / "notify.py"
    notify.write_text(
        "import json, os, sys\n"
        "event = json.load(sys.stdin)\n"
        "got = json.dumps([event, dict(os.environ), sys.argv[1:]])\n"
        "open(os.path.dirname(__file__) + '/got', 'w').write(got)\n"
    )
    command = f'[[alerts.command]]\nrun = ["{sys.executable}", "{notify}", "$HOME; ls"]\n'
    (collection / "sources.toml").write_text(f"format = 1\n{command}")
    tried = wirecopy("status", "--test-alert", "-c", collection, cwd=tmp_path)
    assert tried.code == 3  # no collection yet
    assert wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path).code == 0
    tried = wirecopy("status", "--test-alert", "-c", collection, cwd=tmp_path)
    assert (tried.code, tried.err) == (0, "alerts.command[0]: delivered\n")
    event, environment, arguments = json.loads((tmp_path / "got").read_text())
    assert event["event"] == environment["WIRECOPY_EVENT"] == "test"
    assert environment["WIRECOPY_EVENT_ID"] == event["id"]
    assert arguments == ["$HOME; ls"]

    notify.write_text("import sys, time\nprint('no such number', file=sys.stderr)\nsys.exit(3)\n")
    tried = wirecopy("status", "--test-alert", "-c", collection, cwd=tmp_path)
    assert tried.code == 1
    assert tried.err.endswith("ended with 3: no such number\n")
    notify.write_text(
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    (collection / "sources.toml").write_text(f'format = 1\n{command}timeout = "2s"\n')
    tried = wirecopy("status", "--test-alert", "-c", collection, cwd=tmp_path)
    assert tried.err.endswith("not done in 2 s\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[alerts.webhook]]\nurl = "hooks.example.org/x"', "alerts.webhook[0].url: expected https://"),
        ('[[alerts.webhook]]\nurl = "https://me:pw@example.org/"', "alerts.webhook[0].url: expected no user"),
        ('[[alerts.webhook]]\nurl = { env = "NOWHERE" }', "alerts.webhook[0].url: the environment has no NOWHERE"),
        (
            '[[alerts.webhook]]\nurl = "https://e.org/"\ntimeout = "1h"',
            "alerts.webhook[0].timeout: '1h': expected a span",
        ),
        ('[[alerts.webhook]]\nurl = "https://e.org/"\non = ["broken"]', "alerts.webhook[0].on[0]: "),
        ('[[alerts.webhook]]\nurl = "https://e.org/"\nheaders = { "A\\nB" = "x" }', "alerts.webhook[0].headers: "),
        ("[[alerts.command]]\nrun = []", "alerts.command[0].run: expected a program"),
        ('[[alerts.command]]\nrun = ["/no/such"]', "alerts.command[0].run: expected a program"),
        ('[[alerts.pigeon]]\ncolour = "grey"', "alerts: Object contains unknown field `pigeon`"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(f"format = 1\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        read_alerts(file, {})
    assert str(caught.value).startswith(f"{file}: {message.replace('alerts: ', 'alerts: ')}"), caught.value
    assert "pw" not in str(caught.value)
