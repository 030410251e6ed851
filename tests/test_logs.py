"""Logs: a line an event, rotated, and nothing in them that is secret; what a crawl logged is in its WARC file."""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from crawler.logs import COUNT, SIZE, Form, files, handler
from crawler.redaction import hide, secrets
from tests.commands import wirecopy
from tests.newsroom import Newsroom


def logger(path: Path, form: Form, size: int = SIZE, count: int = COUNT) -> logging.Logger:
    made = logging.Logger("test")
    made.addHandler(handler(path, form=form, level="INFO", secrets=["hunter2"], size=size, count=count))
    return made


def test_a_line_is_an_event_and_holds_no_secret(tmp_path: Path) -> None:
    for form in ("human", "json"):
        log = logger(tmp_path / form, form)
        log.info("proxy %s: two\nlines, hunter2", "http://me:pw@proxy.example/")
        try:
            raise ValueError("hunter2 it was")
        except ValueError:
            log.exception("broke")
        log.info("done", extra={"facts": {"source": "a", "sources": ["https://me:pw@e.org", "mail@example.org"]}})
        log.debug("nobody hears this")
    human = (tmp_path / "human").read_text().splitlines()
    assert len(human) == 3
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ proxy http://\(redacted\)@proxy.example/: two\\nlines, "
        r"\(redacted\)",
        human[0],
    )
    assert "Traceback" in human[1]
    first, second, third = map(json.loads, (tmp_path / "json").read_text().splitlines())
    assert first["text"] == "proxy http://(redacted)@proxy.example/: two\nlines, (redacted)"
    assert (first["level"], first["logger"]) == ("info", "test")
    assert datetime.fromisoformat(first["time"]).utcoffset() is not None
    assert "ValueError: (redacted) it was" in second["traceback"]
    assert (third["source"], third["sources"]) == ("a", ["https://(redacted)@e.org", "mail@example.org"])
    assert "hunter2" not in "".join(human)


def test_files_are_rotated_and_so_many_kept(tmp_path: Path) -> None:
    log = logger(tmp_path / "log", "human", size=2000, count=3)
    for number in range(200):
        log.info("event %04d", number)
    kept = files(tmp_path / "log")
    assert [path.name for path in kept] == ["log.3", "log.2", "log.1", "log"]
    numbers = re.findall(r"event (\d+)", "".join(path.read_text() for path in kept))
    assert numbers == [f"{number:04}" for number in range(200 - len(numbers), 200)]
    assert all(path.stat().st_size <= 2000 for path in kept)


def test_what_settings_hold_that_is_secret() -> None:
    chosen = {"API_TOKEN": "t0ken", "PORT": "8080", "HEADERS": {"Authorization": "Bearer s3cret", "Accept": "*/*"}}
    assert secrets(chosen) == {"t0ken", "Bearer s3cret"}
    assert hide("t0ken in http://u:p@h/ and Bearer s3cret", secrets(chosen)) == (
        "(redacted) in http://(redacted)@h/ and (redacted)"
    )


def test_the_log_of_a_crawl_is_json_rotated_and_in_its_warc_file(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        ran = wirecopy(
            *("crawl", newsroom.url + "/feed.xml", "-c", tmp_path / "news", "--log-format", "json"),
            *("--set", "LOG_LEVEL=DEBUG", "--set", "WIRECOPY_LOG_SIZE=4000", "--set", "WIRECOPY_LOG_COUNT=50"),
            *("--set", "API_TOKEN=t0ken-of-mine", "--no-extract"),
            cwd=tmp_path,
        )
    assert ran.code == 0, ran.err
    (log,) = (tmp_path / "news" / "crawls").glob("*/crawl.log")
    written = files(log)
    assert len(written) > 2
    lines = [json.loads(line) for path in written for line in path.read_text().splitlines()]
    assert {"scrapy.core.engine"} < {line["logger"] for line in lines}
    text = "".join(path.read_text() for path in written)
    assert "t0ken-of-mine" not in text
    records = {
        record.headers["WARC-Target-URI"].rpartition("/")[2]: (record.headers["Content-Type"], record.reader.read())
        for file in (tmp_path / "news" / "archive").iterdir()
        for record in ArchiveIterator(file.open("rb"))
        if (record.headers.get("WARC-Target-URI") or "").startswith("metadata://wirecopy/crawls/")
    }
    kind, kept = records["crawl.log"]
    assert kind == "application/x-ndjson"
    # What was logged until it was archived: all but the last lines.
    assert text.startswith(kept.decode())
    assert len(kept) > 0.8 * len(text)
    assert b"t0ken-of-mine" not in b"".join(block for _, block in records.values())
