"""WARC files out of a WACZ file, of any maker, each held against what its datapackage.json says of it while it is read.

What does not agree is told and taken all the same: an import takes what is held (`unpack` is for all or nothing).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Final
from zlib import crc32

from archive.errors import WirecopyError
from archive.pack.check import BROKEN, Stated, difference, resources
from archive.pack.wacz import PACKAGE

__all__ = ["Misstated", "stated", "take_out"]

_PIECE: Final = 64 * 1024


class Misstated(WirecopyError):
    """There is a datapackage.json, and it cannot be read."""


def stated(package: zipfile.ZipFile) -> Mapping[str, Stated]:
    """What datapackage.json says of each entry, by name; of a WACZ that has none, nothing. Raises Misstated."""
    try:
        return resources(package.read(PACKAGE))
    except KeyError:
        return {}
    except (ValueError, *BROKEN) as error:
        raise Misstated(f"cannot be read, so no digest was checked ({error})") from error


def take_out(package: zipfile.ZipFile, entry: zipfile.ZipInfo, listed: Stated | None, target: Path) -> str | None:
    """Write an entry to a file, as far as it can be had; returns what of it is not as was stated."""
    try:
        state, size = hashlib.new(listed.algorithm) if listed else None, 0
    except ValueError as error:
        return take_out(package, entry, None, target) or str(error)
    unchecked = copy(entry)
    del unchecked.CRC  # at a wrong one, zipfile would keep back what it read last: the digest tells as much
    crc = 0
    try:
        with package.open(unchecked) as packed, target.open("wb") as out:
            while piece := packed.read(_PIECE):
                out.write(piece)
                size, crc = size + len(piece), crc32(piece, crc)
                if state:
                    state.update(piece)
    except BROKEN as error:
        return f"is damaged within the ZIP file ({error})"
    if crc != entry.CRC:
        return "is damaged within the ZIP file (its checksum is wrong)"
    return difference(listed, size, state.hexdigest()) if listed and state else None
