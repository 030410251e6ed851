"""The trace of 500 groups, each prefix of it replayed as a power cut: nothing durable is lost, no file is damaged.

The model, and ten groups of it in full, are in tests/archive/warc/test_powercut.py. Here what is durable is compared
as bytes in place, the file that was repaired is verified, and now and then the collection as a whole.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from archive.care.verify import Verification
from archive.collection import Collection
from archive.index import cdxj
from archive.model import Capture
from archive.warc.appender import Fsync, FsyncPolicy, Rolling
from tests.archive.warc.making import UnsyncedDisk, page
from tests.archive.warc.test_powercut import Event, State, TracedDisk, put
from tests.soak.lives import defects
from tests.soak.progress import SEED, Progress

WAYS = ("lost", "torn", "zeros", "garbage", "names of both")
_WHOLE = 200
"""Every so many cuts the whole collection is verified."""


class Trace:
    """A crawl's events, and from which one on each capture must outlast a cut, with its bytes."""

    def __init__(self, path: Path, policy: FsyncPolicy, groups: int) -> None:
        Collection.create(path)
        disk = TracedDisk(path)
        collection = Collection.open(path, disk=disk)
        recorder = collection.recorder(
            crawl_id="1", user_agent="test", fsync=Fsync(policy=policy, interval=3600), rolling=Rolling(size=40_000)
        )
        durable: list[tuple[int, Capture]] = []
        waiting: list[Capture] = []
        for number in range(groups):
            capture = recorder.record(page(number, size=1000)).result(timeout=30)
            assert capture is not None
            waiting.append(capture)
            if policy == "interval" and number % 5 == 4:  # so that cuts find groups written and not yet durable
                recorder.flush()
            if policy == "group" or number % 5 == 4:
                durable += [(len(disk.events), one) for one in waiting]
                waiting.clear()
        recorder.close()
        durable += [(len(disk.events), one) for one in waiting]
        self.events: list[Event] = disk.events
        files = {file.name: file.read_bytes() for file in collection.archive_dir.iterdir()}
        self.durable = [
            (since, one, files[one.file][one.offset : one.offset + one.length], cdxj.line(one).encode())
            for since, one in durable
        ]


def cut(trace: Trace, how: str, path: Path, every: int = 1) -> int:
    """Cuts after each event, or after some at random; how many cuts there were."""
    seeded = random.Random(f"{SEED}-{how}")
    state = State()
    cuts = 0
    for number, event in enumerate(trace.events, start=1):
        event(state)
        if seeded.randrange(every):
            continue
        cuts += 1
        shutil.rmtree(path, ignore_errors=True)
        Collection.create(path, disk=UnsyncedDisk())
        put(state, how, path, seeded)
        collection = Collection.open(path, disk=UnsyncedDisk())
        assert not list(path.rglob("*.open"))
        files = {file.name: file.read_bytes() for file in collection.archive_dir.iterdir()}
        lines = {line for index in collection.indexes_dir.glob("*.cdxj") for line in index.read_bytes().splitlines()}
        for since, one, data, line in trace.durable:
            if since > number:
                break
            assert files[one.file][one.offset : one.offset + one.length] == data, f"{how}, event {number}: lost"
            assert line in lines, f"{how}, event {number}: not in the index"
        repaired = [collection.locate(one.file) for one in collection.recovered if one.kept_bytes]
        found = list(defects(path)) if cuts % _WHOLE == 1 else []
        found += [one for file in repaired for one in Verification(file, jobs=1) if one.severity == "defect"]
        assert not found, f"{how}, event {number}"
    return cuts


@pytest.mark.parametrize("policy", ["group", "interval"])
def test_some_cuts_of_a_long_crawl(policy: FsyncPolicy, tmp_path: Path) -> None:
    trace = Trace(tmp_path / "crawled", policy, 120)
    assert sum(cut(trace, how, tmp_path / "cut", every=40) for how in WAYS) >= 20


@pytest.mark.soak
@pytest.mark.parametrize("policy", ["group", "interval"])
def test_every_cut_of_500_groups(policy: FsyncPolicy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(f"powercut-{policy}")
    trace = Trace(tmp_path / "crawled", policy, 500)
    for how in WAYS:
        if how not in progress:
            progress.add(how, cut(trace, how, tmp_path / "cut"))
    with capsys.disabled():
        print(f"\n{policy}: {sum(progress)} power cuts in {len(trace.events)} events, 0 of 500 captures lost")
    progress.finish()
