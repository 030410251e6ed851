"""What lies in WARC files, read with zlib and nothing of the project's: the witness of these tests."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Kept", "kept"]

_FIELD = re.compile(rb"^([A-Za-z-]+):[ \t]*(.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A whole record."""

    type: str
    url: str
    block: bytes
    fingerprint: str
    """Of all its bytes, header lines included."""

    @property
    def status(self) -> str:
        return self.block.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2][:3]

    @property
    def body(self) -> bytes:
        """As sent, chunk framing and all."""
        return self.block.partition(b"\r\n\r\n")[2]


def kept(collection: Path) -> dict[str, Kept]:
    """Every whole record of a collection by its id, those of growing files too; ids that repeat are an error."""
    found: dict[str, Kept] = {}
    seen: set[int] = set()
    for path in sorted([*collection.glob("archive/*.warc.gz*"), *collection.glob("text/*.warc.gz*")]):
        if path.suffix == ".cut":
            continue
        with path.open("rb") as file:
            data = file.read()
            inode = path.stat().st_ino
        if inode in seen:  # killed between the new name and the removal of the old
            continue
        seen.add(inode)
        for member in _members(data):
            head, _, rest = member.partition(b"\r\n\r\n")
            fields = {name.lower(): value.decode() for name, value in _FIELD.findall(head)}
            identity = fields[b"warc-record-id"]
            assert identity not in found, f"{identity} is there twice, in {path.name} too"
            found[identity] = Kept(
                type=fields[b"warc-type"],
                url=fields.get(b"warc-target-uri", ""),
                block=rest[: int(fields[b"content-length"])],
                fingerprint=hashlib.sha256(member).hexdigest(),
            )
    return found


def _members(data: bytes) -> Iterator[bytes]:
    """Gzip members, inflated, as far as they are whole."""
    while data:
        inflating = zlib.decompressobj(31)
        try:
            member = inflating.decompress(data)
        except zlib.error:
            return
        if not inflating.eof:
            return
        yield member
        data = inflating.unused_data
