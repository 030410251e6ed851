"""SIGKILL at any instant: every capture that a process was told of is there after the next start, byte for byte."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
from pathlib import Path

from archive.collection import Collection

ROOT = Path(__file__).parents[3]
WRITER = """
import hashlib, json, os, sys
from archive.collection import Collection
from archive.spool import chunks
from archive.warc.appender import Rolling
from tests.archive.warc.making import exchange, page, response

start = int(sys.argv[2])
recorder = Collection.create(sys.argv[1]).recorder(crawl_id="k", user_agent="t", rolling=Rolling(size=60_000))

def told(number):
    def tell(future):
        capture = future.result()
        block = one.response if (one := sent[number]) else b""
        said = [capture.id, one.url, capture.file, capture.offset, hashlib.sha256(block).hexdigest()]
        os.write(1, json.dumps(said).encode() + b"\\n")
    return tell

sent = {}
os.write(1, b"ready\\n")
for number in range(start, start + 100_000):
    sent[number] = page(number, size=400 + number * 37 % 9000)
    future = recorder.record(sent[number])
    future.add_done_callback(told(number))
    if number % 16 == 0:
        future.result()
"""


def test_nothing_that_was_told_is_lost(tmp_path: Path) -> None:
    seeded = random.Random(20260301)
    promised: dict[str, tuple[str, str, int, str]] = {}
    collection = Collection.create(tmp_path)
    for kill in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(kill * 1_000_000)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        lines += [process.stdout.readline() for _ in range(seeded.randrange(150))]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        for line in lines[1:]:
            if line.endswith(b"\n"):
                identity, *rest = json.loads(line)
                promised[identity] = tuple(rest)

        collection = Collection.open(tmp_path)
        assert not list(tmp_path.rglob("*.open"))
        index = collection.index()
        indexed = {capture.id: capture for capture in index.under()}
        index.close()
        for identity, (url, file, offset, sha256) in promised.items():
            capture = indexed[identity]
            assert (capture.url, capture.file, capture.offset) == (url, file, offset)
            record = collection.read(file, offset, capture.length)
            assert isinstance(record.block, bytes)
            assert record.id == identity
            assert hashlib.sha256(record.block).hexdigest() == sha256
    assert len(promised) > 200
