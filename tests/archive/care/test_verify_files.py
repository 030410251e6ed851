"""Every kind of broken file, made on purpose: verify names it, says where, and checks what follows."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archive.care.breaking import load, offsets, save
from tests.archive.care.collections import defects
from tests.archive.care.test_verify_records import at, changed_block, long_length


def _cut(data: bytes, _starts: list[int]) -> bytes:
    return data[:-9]


def _flip(data: bytes, starts: list[int]) -> bytes:
    place = starts[6] + 40
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


def _flip_checksum(data: bytes, starts: list[int]) -> bytes:
    place = starts[7] - 6
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _lose_middle(data: bytes, starts: list[int]) -> bytes:
    return data[: starts[6] + 30] + data[starts[7] :]


def _garbage_between(data: bytes, starts: list[int]) -> bytes:
    return data[: starts[6]] + b"garbage" + data[starts[6] :]


WHOLE: dict[str, tuple[Callable[[bytes, list[int]], bytes], str, Callable[[list[int], int], int | None]]] = {
    "one member for all": (
        lambda data, _: zlib.compress(gzip.decompress(data), 6, 31),
        "whole-file-gzip",
        lambda starts, size: 0,
    ),
    "cut in the last record": (_cut, "truncated-tail", lambda starts, size: starts[-1]),
    "zeros behind": (lambda data, _: data + bytes(4096), "truncated-tail", lambda starts, size: size),
    "garbage behind": (lambda data, _: data + b"garbage", "truncated-tail", lambda starts, size: size),
    "one byte behind": (lambda data, _: data + b"\x1f", "truncated-tail", lambda starts, size: size),
    "bit rot": (_flip, "damaged-member", lambda starts, size: starts[6]),
    "bad checksum": (_flip_checksum, "damaged-member", lambda starts, size: starts[6]),
    "member cut short": (_lose_middle, "damaged-member", lambda starts, size: starts[6]),
    "garbage between": (_garbage_between, "damaged-member", lambda starts, size: starts[6]),
    "nothing": (lambda data, _: b"", "empty-file", lambda starts, size: None),
    "another kind of file": (lambda data, _: b"%PDF-1.7 " * 100, "not-warc", lambda starts, size: 0),
}


@pytest.mark.parametrize("name", WHOLE)
def test_names_what_is_wrong_in_a_file(name: str, warc: Path) -> None:
    change, code, place = WHOLE[name]
    data, starts = warc.read_bytes(), offsets(warc)
    warc.write_bytes(change(data, starts))
    found = defects([warc])
    assert [(defect.code, defect.offset) for defect in found] == [(code, place(starts, len(data)))], found


def test_what_follows_damage_is_still_checked(warc: Path) -> None:
    records = load(warc)
    changed_block(records)
    save(warc, records)
    starts = offsets(warc)
    data = bytearray(warc.read_bytes())
    data[starts[2] + 40] ^= 0x55
    warc.write_bytes(data)
    found = defects([warc])
    assert ("damaged-member", starts[2]) in {(defect.code, defect.offset) for defect in found}
    assert ("block-digest", starts[at(records, "request", "/chunked")]) in {(d.code, d.offset) for d in found}


def test_a_plain_file_is_read_as_well(warc: Path) -> None:
    warc.write_bytes(gzip.decompress(warc.read_bytes()))
    assert defects([warc]) == []


def test_a_wrong_length_in_a_plain_file_costs_only_its_record(warc: Path) -> None:
    records = load(warc)
    number = long_length(records)
    warc.write_bytes(b"".join(record.raw for record in records))
    found = defects([warc])
    offset = sum(len(record.raw) for record in records[:number])
    assert [(defect.code, defect.offset) for defect in found] == [("content-length", offset)]


def test_a_plain_file_cut_short(warc: Path) -> None:
    data = gzip.decompress(warc.read_bytes())
    last = data.rindex(b"WARC/1.1\r\n")
    warc.write_bytes(data[:-20])
    found = defects([warc])
    assert [(defect.code, defect.offset) for defect in found] == [("truncated-tail", last)]


def test_a_file_cut_at_any_byte_is_either_whole_or_named(warc: Path) -> None:
    data, starts = warc.read_bytes(), offsets(warc)
    ends = {*starts[1:], len(data)}
    for size in range(starts[3], starts[4] + 3):
        warc.write_bytes(data[:size])
        found = {defect.code for defect in defects([warc])}
        assert ("truncated-tail" in found) == (size not in ends), size
