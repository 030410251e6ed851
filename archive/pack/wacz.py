"""A WACZ file as it is written: entries in a ZIP file, one after the other, and the package that lists them all.

https://specs.webrecorder.net/wacz/1.1.1/. Nothing is compressed twice, and no entry is held in memory.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from archive.errors import DamagedRecord
from archive.pack.signature import signed
from archive.version import __version__

__all__ = ["DIGEST", "PACKAGE", "VERSION", "Resource", "WaczWriter", "digest"]

VERSION: Final = "1.1.1"
PACKAGE: Final = "datapackage.json"
DIGEST: Final = "datapackage-digest.json"
_SOFTWARE: Final = f"wirecopy {__version__}"
_LEVEL: Final = 6
_UNNAMEABLE: Final = re.compile(r"[^a-z0-9._\-]+")
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""In a ZIP file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An entry, as datapackage.json lists it."""

    name: str
    path: str
    hash: str
    bytes: int


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class WaczWriter:
    """To a file that can be sought in. The same entries and time make the same bytes."""

    def __init__(self, out: BinaryIO, created: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._created = created
        self.resources: list[Resource] = []

    def add(self, path: str, pieces: Iterable[bytes], size: int, *, deflated: bool = False) -> None:
        """An entry of `size` bytes; DamagedRecord when there are fewer or more."""
        state, written = hashlib.sha256(), 0
        with self._zip.open(self._info(path, size, deflated=deflated), "w") as entry:
            for piece in pieces:
                state.update(piece)
                written += entry.write(piece)
        if written != size:
            raise DamagedRecord(
                path, min(written, size), f"{written} bytes came where {size} were: it has changed meanwhile"
            )
        name = _UNNAMEABLE.sub("_", PurePosixPath(path).name.lower())
        self.resources.append(Resource(name=name, path=path, hash=f"sha256:{state.hexdigest()}", bytes=size))

    def finish(self, facts: Mapping[str, str], key: EllipticCurvePrivateKey | None) -> str:
        """The package, signed where there is a key: the digest of what lists all else."""
        created = f"{self._created:%Y-%m-%dT%H:%M:%SZ}"
        package = msgspec.json.format(
            msgspec.json.encode(
                {
                    "profile": "data-package",
                    "wacz_version": VERSION,
                    **facts,
                    "created": created,
                    "software": _SOFTWARE,
                    "resources": self.resources,
                }
            )
        )
        whole = digest(package)
        answer: dict[str, object] = {"path": PACKAGE, "hash": whole}
        if key is not None:
            answer["signedData"] = signed(whole, key, created=created, software=_SOFTWARE)
        for path, data in ((PACKAGE, package), (DIGEST, msgspec.json.format(msgspec.json.encode(answer)))):
            with self._zip.open(self._info(path, len(data), deflated=True), "w") as entry:
                entry.write(data)
        self._zip.close()
        return whole

    def _info(self, path: str, size: int, *, deflated: bool) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, max(self._created, _EARLIEST).timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        # Decides whether the entry's own head gets fields for long sizes. replayweb.page takes for granted that it
        # does where the directory's line does, and reads every record 20 bytes off where only one of them has any.
        info.file_size = size if size > zipfile.ZIP64_LIMIT else 0
        return info
