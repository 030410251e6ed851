"""What is kept of a damaged file: all that is whole, nothing that is not, and others can read it."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path

import fastwarc.warc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.care.whole import Kept, Lost, Split, survey, written
from tests.archive.care.breaking import Rec, load, members, save

_FIXTURES = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.fixture
def records(sound: Path) -> list[Rec]:
    (path,) = (sound / "archive").glob("*.warc.gz")
    return load(path)[:12]


def rewritten(path: Path, data: bytes) -> tuple[bytes, list[Kept | Split | Lost]]:
    path.write_bytes(data)
    fd = os.open(path, os.O_RDONLY)
    try:
        found = list(survey(fd, len(data)))
        return b"".join(written(fd, len(data), found)), found
    finally:
        os.close(fd)


def raws(data: bytes) -> list[bytes]:
    return [zlib.decompress(member, 31) for member in members(data)]


def joined(records: list[Rec]) -> bytes:
    return gzip.compress(b"".join(record.raw for record in records), mtime=0)


def test_a_sound_file_is_one_stretch(records: list[Rec], tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    save(path, records)
    data = path.read_bytes()
    assert rewritten(path, data) == (data, [Kept(offset=0, length=len(data))])
    assert rewritten(path, b"") == (b"", [])


@settings(max_examples=150, suppress_health_check=_FIXTURES)
@given(st.data())
def test_members_that_nothing_touched_are_kept_as_they_lie(
    records: list[Rec], tmp_path: Path, data: st.DataObject
) -> None:
    """Bytes changed, taken out or put in at a few places."""
    path = tmp_path / "a.warc.gz"
    save(path, records)
    whole = members(path.read_bytes())
    touched = data.draw(st.sets(st.integers(0, len(whole) - 1), min_size=1, max_size=4))
    pieces = []
    for number, member in enumerate(whole):
        if number in touched:
            at = data.draw(st.integers(0, len(member) - 1))
            length = data.draw(st.integers(0, 60))
            member = member[:at] + data.draw(st.binary(max_size=60)) + member[at + length :]
        pieces.append(member)
    new, found = rewritten(path, b"".join(pieces))
    kept = members(new)
    untouched = [member for number, member in enumerate(whole) if number not in touched]
    assert [member for member in kept if member in untouched] == untouched
    for member in kept:
        if member not in whole:  # changed in the gzip header, or kept of one that the file's end cut off
            assert zlib.decompress(member, 31) in {record.raw for record in records}
    gaps = {item.offset: item.length for item in found if isinstance(item, Lost)}
    stretches = sum(item.length for item in found if isinstance(item, Kept)) + sum(gaps.values())
    assert stretches == sum(map(len, pieces))


def test_cut_at_every_byte_the_records_before_are_kept(records: list[Rec], tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    save(path, records[:4])
    data, expected = path.read_bytes(), [record.raw for record in records]
    ends = [0]
    for member in members(data):
        ends.append(ends[-1] + len(member))
    for size in range(ends[2], ends[3] + 1):
        kept = raws(rewritten(path, data[:size])[0])
        assert kept in (expected[:2], expected[:3])
        assert len(kept) >= sum(size >= end for end in ends[1:])


def test_one_member_becomes_many(records: list[Rec], tmp_path: Path) -> None:
    new, _ = rewritten(tmp_path / "a.warc.gz", joined(records))
    assert raws(new) == [record.raw for record in records]
    read = fastwarc.warc.ArchiveIterator(BytesIO(new), parse_http=False)
    assert [record.record_id for record in read] == [record.get("WARC-Record-ID") for record in records]


def test_one_member_cut_short(records: list[Rec], tmp_path: Path) -> None:
    data = joined(records)
    for size in range(200, len(data), 97):
        kept = raws(rewritten(tmp_path / "a.warc.gz", data[:size])[0])
        assert kept == [record.raw for record in records[: len(kept)]]
        inflated = zlib.decompressobj(31).decompress(data[:size])
        assert sum(map(len, kept)) <= len(inflated)
        assert len(inflated) < sum(len(record.raw) for record in records[: len(kept) + 1])


def test_of_one_damaged_member_only_what_vouches_for_itself(records: list[Rec], tmp_path: Path) -> None:
    """Stored, not deflated: a changed byte changes nothing but itself, and the checksum at the end."""
    stored = zlib.compress(b"".join(record.raw for record in records), 0, 31)
    place = stored.index(records[7].raw) + len(records[7].raw) - 20
    damaged = stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :]
    kept = raws(rewritten(tmp_path / "a.warc.gz", damaged)[0])
    sound = [record.raw for number, record in enumerate(records) if number != 7]
    assert kept == sound[: len(kept)]
    assert len(kept) >= len(sound) - 1
    assert rewritten(tmp_path / "a.warc.gz", damaged[: len(damaged) // 3])[0]


def test_a_member_by_itself_is_not_trusted_without_its_checksum(records: list[Rec], tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    save(path, records)
    data = path.read_bytes()
    last = len(members(data)[-1])
    changed = data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]
    new, found = rewritten(path, changed)
    assert new == data[:-last]
    assert [type(item) for item in found] == [Kept, Lost]


def test_what_is_no_record_stays_with_the_records(records: list[Rec], tmp_path: Path) -> None:
    """A member is copied whatever is in it; taken out of a member with others, it is a member of its own."""
    path = tmp_path / "a.warc.gz"
    strange = zlib.compress(records[1].raw + b"more", 6, 31) + zlib.compress(b"WARC/1.1\r\nno: record\r\n\r\n", 6, 31)
    assert rewritten(path, strange)[0] == strange
    records[3].put("Content-Length", "7")
    assert raws(rewritten(path, joined(records[:5]))[0]) == [
        *(record.raw for record in records[:3]),
        records[3].raw + records[4].raw,
    ]


def test_a_long_record_costs_no_memory(records: list[Rec], tmp_path: Path) -> None:
    long = records[2].refill(bytes(60_000_000))
    data = gzip.compress(records[1].raw + long.raw + records[4].raw, 1)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    fd = os.open(path, os.O_RDONLY)
    tracemalloc.start()
    try:
        size = sum(map(len, written(fd, len(data), list(survey(fd, len(data))))))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
        os.close(fd)
    assert size > 1000
