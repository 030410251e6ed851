"""``shipped.jsonl``: what lies elsewhere, a line for each step, fsynced before the next one is taken.

Of a file in a store the newest line counts. It is *begun* before its first byte is sent, so that what a crash leaves
there is known to be ours; *checked* when all of it was read back and has the SHA-256 that ``files.jsonl`` states;
to be erased when a takedown has made the file anew; and *removed* when the store has done so. A copy counts as one only
while it is checked and is what ``files.jsonl`` says by now. With the WARC files, this list is all that a rebuild needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from archive.disk import Disk
from archive.storage.address import Address
from archive.storage.ranges import Copy
from archive.warc.files import ClosedFile, add_line

__all__ = ["FOLDERS", "MANIFEST", "Folder", "Line", "Step", "add", "copies", "read_lines"]

MANIFEST: Final = "shipped.jsonl"

Folder = Literal["archive", "text"]
FOLDERS: Final[tuple[Folder, ...]] = get_args(Folder)
Step = Literal["begun", "checked", "erase", "removed"]


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    step: Step
    file: str
    folder: Folder
    size: int
    sha256: str
    store: str
    """URL, or the path of a directory."""
    when: str
    mark: str = ""
    """Of a checked one: by what the store tells that it is unchanged."""
    endpoint: str | None = None
    region: str | None = None

    def reached(self, now_at: Address | None) -> Address:
        """Where the store is: as it was then, save what `now_at` says of the same one."""
        here = now_at if now_at is not None and now_at.url == self.store else Address(url=self.store)
        return replace(here, endpoint=here.endpoint or self.endpoint, region=here.region or self.region)


def read_lines(path: Path) -> dict[tuple[str, str], Line]:
    """The newest line by file and store, in the order in which they were written; unfinished ones are passed over."""
    found: dict[tuple[str, str], Line] = {}
    decode = msgspec.json.Decoder(Line).decode
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    for raw in lines:
        try:
            line = decode(raw)
        except msgspec.MsgspecError:
            continue
        if "/" in line.file:
            continue
        found.pop((line.file, line.store), None)
        found[line.file, line.store] = line
    return found


def add(disk: Disk, path: Path, line: Line) -> None:
    """Durable when it returns."""
    add_line(disk, path, msgspec.json.encode(line))


def copies(lines: Iterable[Line], listed: Mapping[str, ClosedFile], now_at: Address | None = None) -> dict[str, Copy]:
    """Of each file the copy that was checked last, by name; `now_at`: how a store is reached by now, if it moved."""
    found = {}
    for line in lines:
        there = listed.get(line.file)
        if line.step == "checked" and (there is None or there.sha256 == line.sha256):
            store = line.reached(now_at)
            found[line.file] = Copy(
                name=line.file, folder=line.folder, size=line.size, sha256=line.sha256, store=store, mark=line.mark
            )
    return found
