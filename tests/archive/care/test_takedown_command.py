"""wirecopy takedown as a user runs it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from archive.api import Collection
from archive.digest import digest
from tests.archive.care.removing import ELSEWHERE, PAGE, SECRET, URL, holding
from tests.commands import environment, wirecopy


def state(path: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_says_what_would_go_and_what_went(path: Path) -> None:
    common = ("takedown", "-c", path, "--reason", "a court order", "--capture", URL)
    before = state(path)
    refused = wirecopy(*common, cwd=path.parent)
    assert refused.code == 8
    assert "--yes" in refused.err
    dry = wirecopy(*common, "--dry-run", "--json", cwd=path.parent)
    assert dry.code == 0, dry.err
    (would,) = dry.rows
    assert would["removed"] is False
    assert [each["url"] for each in would["captures"]] == [URL, URL]
    assert state(path) == before
    done = wirecopy(*common, "--yes", cwd=path.parent)
    assert done.code == 0, done.err
    assert would["captures"][0]["id"] in done.err
    assert f"removed {would['records']} records" in done.err
    with Collection.open(path) as collection:
        assert collection.captures(URL) == []
        assert collection.payload(collection.captures(ELSEWHERE)[0]) == PAGE
    again = wirecopy(*common, "--yes", cwd=path.parent)
    assert again.code == 1
    assert again.err == f"wirecopy: no capture of {URL}\n"


def test_removes_a_content(path: Path) -> None:
    done = wirecopy(
        *("takedown", "-c", path, "--reason", "personal data", "--content", digest(PAGE), "--yes", "--json"),
        cwd=path.parent,
    )
    assert done.code == 0, done.err
    assert done.rows[0]["removed"] is True
    assert holding(path, SECRET) == set()
    assert wirecopy("verify", "-c", path, cwd=path.parent).code == 0


def test_refuses_what_it_cannot_do(path: Path) -> None:
    before = state(path)
    common = ("takedown", "-c", path, "--reason", "none", "--yes")
    assert wirecopy(*common, cwd=path.parent).code == 2
    assert wirecopy(*common, "--capture", URL, "--content", digest(PAGE), cwd=path.parent).code == 2
    assert wirecopy(*common, "--content", "md5:12", cwd=path.parent).code == 2
    assert wirecopy("takedown", "-c", path, "--capture", URL, "--yes", cwd=path.parent).code == 2, "a reason is due"
    with Collection.open(path).shared("wirecopy crawl"):
        locked = wirecopy(*common, "--capture", URL, cwd=path.parent)
        assert locked.code == 4
        assert "wirecopy crawl" in locked.err
    assert state(path) == before


@pytest.mark.parametrize(("answer", "code"), [("n", 8), ("y", 0)])
def test_asks_who_can_be_asked(path: Path, answer: str, code: int) -> None:
    master, slave = pty.openpty()
    command = ["takedown", "-c", str(path), "--reason", "a court order", "--content", digest(PAGE)]
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", *command], env=environment(), stdin=slave, stderr=subprocess.PIPE, text=True
    )
    os.close(slave)
    os.write(master, f"{answer}\n".encode())
    _, err = process.communicate(timeout=60)
    os.close(master)
    assert "Remove this for good?" in err
    assert URL in err
    assert process.returncode == code
    assert (holding(path, SECRET) == set()) == (answer == "y")
