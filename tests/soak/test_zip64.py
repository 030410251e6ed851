"""A WACZ file beyond 4 GiB, in one entry and in all: what ZIP's first format cannot say, other people's programs read.

The file is sparse: of its long entry only the ends are on the disk.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Final

import pytest

from archive.pack.check import check
from archive.pack.wacz import DIGEST, PACKAGE, WaczWriter

pytestmark = pytest.mark.soak

ZEROS: Final = bytes(16 * 1024 * 1024)
LONG: Final = "archive/long.warc.gz"
SIZE: Final = 2**32 + 5
SMALL: Final = {"archive/before.warc.gz": b"before the border", "archive/behind.warc.gz": b"behind it"}


class Sparse(FileIO):
    """A file that leaves a hole where zeros are written."""

    def write(self, data: Any, /) -> int:
        if data is not ZEROS:
            return super().write(data)
        self.seek(len(ZEROS), 1)
        return len(ZEROS)


def long() -> Iterator[bytes]:
    rest = SIZE - 5
    yield b"begin"
    while rest > len(ZEROS):
        yield ZEROS
        rest -= len(ZEROS)
    yield bytes(rest - 3)
    yield b"end"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "long.wacz"
    with Sparse(path, "w+") as out:
        writer = WaczWriter(out, datetime(2026, 11, 27, tzinfo=UTC))
        (before, first), (behind, last) = SMALL.items()
        writer.add(before, [first], len(first))
        writer.add(LONG, long(), SIZE)
        writer.add(behind, [last], len(last))
        writer.finish({}, None)
    assert path.stat().st_size > SIZE
    assert path.stat().st_blocks * 512 < 2 * len(ZEROS), "the disk is spared"
    return path


def test_other_programs_read_what_lies_on_both_sides_of_the_border(package: Path) -> None:
    with zipfile.ZipFile(package) as opened:
        assert opened.namelist() == [next(iter(SMALL)), LONG, *list(SMALL)[1:], PACKAGE, DIGEST]
        assert opened.getinfo(LONG).file_size == SIZE
        for name, data in SMALL.items():
            assert opened.read(name) == data
        entries = opened.infolist()
    for entry in entries:
        assert begins(package, entry), f"{entry.filename}: where its data begins can be told as replayweb.page does"
    checked = check(package)  # reads all of it, against CRC and SHA-256
    assert (checked.resources, checked.faults) == (3, ())
    programs: dict[str, tuple[list[str], Callable[[str], list[str]]]] = {
        "unzip": (["unzip", "-tqq", str(package)], lambda name: ["unzip", "-p", str(package), name]),
        "bsdtar": (["bsdtar", "-tf", str(package)], lambda name: ["bsdtar", "-xOf", str(package), name]),
    }
    found = {name: commands for name, commands in programs.items() if shutil.which(name)}
    for whole, one in found.values():
        assert subprocess.run(whole, check=False, capture_output=True).returncode == 0, whole
        for name, data in SMALL.items():
            assert subprocess.run(one(name), check=True, capture_output=True).stdout == data
    if len(found) < len(programs):
        pytest.skip(f"not installed: {', '.join(programs.keys() - found.keys())}")


def begins(package: Path, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry without extra fields in the directory has none before its data either: there, nobody looks."""
    with package.open("rb") as file:
        file.seek(entry.header_offset)
        signature, _, name, extra = struct.unpack("<4s22sHH", file.read(30))
        file.seek(entry.header_offset + 30 + name + extra)
        start = file.read(5)
    expected = {LONG: b"begin", **SMALL}.get(entry.filename, start)
    return signature == b"PK\3\4" and (bool(entry.extra) or not extra) and start == expected[:5]
