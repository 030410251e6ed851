"""WACZ files as a reader without any of our code sees them: by zipfile, gzip and json."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

__all__ = ["Package", "changed"]


@dataclass(frozen=True)
class Package:
    path: Path

    @cached_property
    def entries(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name) for name in package.namelist()}

    @property
    def manifest(self) -> dict[str, Any]:
        return dict(json.loads(self.entries["datapackage.json"]))

    @property
    def pages(self) -> list[dict[str, Any]]:
        head, *pages = map(json.loads, self.entries["pages/pages.jsonl"].splitlines())
        assert head["format"] == "json-pages-1.0"
        return pages

    @property
    def lines(self) -> list[tuple[str, dict[str, str]]]:
        """Key with time, and fields, of each line of the index, found by its blocks."""
        first, *blocks = self.entries["indexes/index.idx"].decode().splitlines()
        data = self.entries["indexes/" + json.loads(first[first.index("{") :])["filename"]]
        found = []
        for block in blocks:
            start, place = block.split(" {")[0], json.loads(block[block.index("{") :])
            piece = data[place["offset"] : place["offset"] + place["length"]]
            assert place["digest"] == f"sha256:{hashlib.sha256(piece).hexdigest()}"
            lines = gzip.decompress(piece).decode().splitlines()
            assert lines[0].startswith(start)
            found += lines
        assert found == sorted(found)
        return [(line[: line.index(" {")], json.loads(line[line.index("{") :])) for line in found]

    def member(self, fields: dict[str, str]) -> bytes:
        """The record of an index line, inflated."""
        start = int(fields["offset"])
        return gzip.decompress(self.entries[f"archive/{fields['filename']}"][start : start + int(fields["length"])])

    def records(self) -> list[tuple[str, str]]:
        """Type and URL of every record."""
        found = []
        with zipfile.ZipFile(self.path) as package:
            for name in package.namelist():
                if name.startswith("archive/"):
                    with package.open(name) as file:
                        found += [
                            (record.rec_type, record.rec_headers.get("WARC-Target-URI") or "")
                            for record in ArchiveIterator(file, no_record_parse=True)
                        ]
        return found


def changed(path: Path, entries: Mapping[str, bytes | None], target: Path) -> Path:
    """A copy with some entries put in, or, of None, taken out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            if name not in entries:
                out.writestr(name, source.read(name))
        for name, data in entries.items():
            if data is not None:
                out.writestr(name, data)
    return target
