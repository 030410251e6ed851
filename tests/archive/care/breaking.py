"""WARC files taken apart and put together again with something wrong, by zlib alone."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Rec", "load", "members", "offsets", "save"]


@dataclass
class Rec:
    """A record as bytes, and what it becomes when written."""

    version: bytes
    lines: list[tuple[bytes, bytes]]
    block: bytes
    end: bytes = b"\r\n\r\n"
    line_end: bytes = b"\r\n"

    def get(self, name: str) -> str:
        return next((v.decode() for k, v in self.lines if k.decode().lower() == name.lower()), "")

    def put(self, name: str, value: str) -> Rec:
        """Sets a field in its place, or adds it."""
        for number, (key, _) in enumerate(self.lines):
            if key.decode().lower() == name.lower():
                self.lines[number] = key, value.encode()
                return self
        return self.add(name, value)

    def add(self, name: str, value: str) -> Rec:
        self.lines.append((name.encode(), value.encode()))
        return self

    def drop(self, name: str) -> Rec:
        self.lines = [(k, v) for k, v in self.lines if k.decode().lower() != name.lower()]
        return self

    def refill(self, block: bytes, payload: bytes | None = None) -> Rec:
        """Another block, with length and digests that are right for it."""
        self.block = block
        self.put("Content-Length", str(len(block))).put("WARC-Block-Digest", sha1(block))
        if payload is not None:
            self.put("WARC-Payload-Digest", sha1(payload))
        return self

    @property
    def raw(self) -> bytes:
        head = [self.version, *(key + b": " + value for key, value in self.lines)]
        return self.line_end.join(head) + 2 * self.line_end + self.block + self.end


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def members(data: bytes) -> list[bytes]:
    """The gzip members of a file, as they lie."""
    found = []
    while data:
        inflater = zlib.decompressobj(31)
        inflater.decompress(data)
        assert inflater.eof
        found.append(data[: len(data) - len(inflater.unused_data)])
        data = inflater.unused_data
    return found


def load(path: Path) -> list[Rec]:
    records = []
    for member in members(path.read_bytes()):
        head, _, rest = zlib.decompress(member, 31).partition(b"\r\n\r\n")
        version, *lines = head.split(b"\r\n")
        pairs = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
        records.append(Rec(version, pairs, rest[:-4]))
    return records


def save(path: Path, records: Iterable[Rec]) -> None:
    path.write_bytes(b"".join(zlib.compress(record.raw, 6, 31) for record in records))


def offsets(path: Path) -> list[int]:
    """Where the members of a sound file start."""
    starts, at = [], 0
    for member in members(path.read_bytes()):
        starts.append(at)
        at += len(member)
    return starts
