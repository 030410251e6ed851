"""Logs: a line an event, rotated, and nothing in them that is secret; what a crawl logged is in its WARC file."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from archive.errors import ConfigError
from crawler.logs import Form, Rotation, files, handler, rotation
from crawler.redaction import hide, secrets
from tests.commands import wirecopy
from tests.newsroom import Newsroom


def logger(path: Path, form: Form, rotated: Rotation | None = None) -> logging.Logger:
    made = logging.Logger("test")
    made.addHandler(handler(path, form=form, level="INFO", secrets=["hunter2"], rotated=rotated or Rotation()))
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
    log = logger(tmp_path / "log", "human", Rotation(size=2000, count=3))
    for number in range(200):
        log.info("event %04d", number)
    kept = files(tmp_path / "log")
    assert [path.name for path in kept] == ["log.3", "log.2", "log.1", "log"]
    numbers = re.findall(r"event (\d+)", "".join(path.read_text() for path in kept))
    assert numbers == [f"{number:04}" for number in range(200 - len(numbers), 200)]
    assert all(path.stat().st_size <= 2000 for path in kept)


def test_a_file_a_day_also_where_it_is_opened_anew(tmp_path: Path) -> None:
    path, day = tmp_path / "log", 86_400.0
    days = rotation({"WIRECOPY_LOG_AGE": "1d", "WIRECOPY_LOG_COUNT": "2"})
    noon = 20_000 * day + day / 2

    def write(*ats: float) -> None:
        made = handler(path, form="human", level="INFO", rotated=days)
        for at in ats:
            made.handle(logging.makeLogRecord({"levelno": 20, "msg": f"day {at // day:.0f}", "created": at}))
        made.close()
        os.utime(path, (ats[-1], ats[-1]))

    path.touch()
    os.utime(path, (0, 0))  # an empty one is of no day
    write(noon, noon + day / 3)
    write(noon + day / 2.1, noon + day, noon + day)  # the next morning by another daemon, or after it was killed
    assert [[line[-5:] for line in each.read_text().splitlines()] for each in files(path)] == [
        ["20000"] * 3,
        ["20001"] * 2,
    ]
    write(noon + 5 * day, noon + 9 * day)
    assert [each.read_text()[-6:-1] for each in files(path)] == ["20001", "20005", "20009"]
    for wrong in ({"WIRECOPY_LOG_AGE": "daily"}, {"WIRECOPY_LOG_COUNT": "some"}, {"WIRECOPY_LOG_SIZE": "big"}):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            rotation(wrong)


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
