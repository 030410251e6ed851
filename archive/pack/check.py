"""Whether a WACZ file, of any maker, holds what it says: every entry against its digest, the package, the signature."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from archive.pack.signature import signer
from archive.pack.wacz import DIGEST, PACKAGE

__all__ = ["BROKEN", "Checked", "Fault", "Stated", "check", "difference", "resources"]

_PIECE: Final = 1024 * 1024
_ALGORITHMS: Final = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})
_LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a list of entries that is read."""
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""What zipfile raises for entries that are damaged; RuntimeError for those locked by a password, and, as
NotImplementedError, for those coded in some way that it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    path: str
    """The entry within the file; empty for the file itself."""
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}" if self.path else self.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    resources: int
    faults: tuple[Fault, ...]
    signer: str | None = None
    """Fingerprint of the key that signed it; None when nobody did."""


class Stated(msgspec.Struct, frozen=True):
    """What datapackage.json says of an entry."""

    path: str
    hash: str
    bytes: int

    @property
    def algorithm(self) -> str:
        """Of its digest; ValueError for one that cannot be checked."""
        name = self.hash.partition(":")[0]
        if name not in _ALGORITHMS:
            raise ValueError(f"has a digest that cannot be checked: {self.hash[:80]!r}")
        return name


class _Package(msgspec.Struct):
    resources: list[Stated]
    wacz_version: str


class _Listed(msgspec.Struct):
    resources: list[msgspec.Raw]


class _Digest(msgspec.Struct):
    hash: str
    path: str = PACKAGE
    signed: Any = msgspec.field(default=None, name="signedData")


def resources(package: bytes) -> dict[str, Stated]:
    """What a datapackage.json, of whatever version, says of entries, by name; ValueError when it is none."""
    found = {}
    for each in msgspec.json.decode(package, type=_Listed).resources:
        with suppress(msgspec.ValidationError):  # before 1.1 digests stood elsewhere, or nowhere
            one = msgspec.json.decode(each, type=Stated)
            found[one.path] = one
    return found


def difference(listed: Stated, size: int, digest: str) -> str | None:
    """What of an entry is not as stated, in words."""
    wanted = listed.hash.partition(":")[2]
    if size != listed.bytes:
        return f"has {size} bytes, and should have {listed.bytes}"
    if digest != wanted:
        return f"has the {listed.algorithm} {digest}, and should have {wanted}"
    return None


def check(path: Path, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Checked:
    """Read all of it, in pieces; OSError when the file itself cannot be read."""
    faults: list[Fault] = []
    try:
        with zipfile.ZipFile(path) as package:
            return _Check(package, faults, on_progress).run()
    except BROKEN as error:
        return Checked(resources=0, faults=(*faults, Fault(path="", why=f"no ZIP file that can be read ({error})")))


class _Check:
    def __init__(self, package: zipfile.ZipFile, faults: list[Fault], on_progress: Callable[[int, int], None]) -> None:
        self._zip = package
        self._faults = faults
        self._on_progress = on_progress
        self._done = 0
        self._total = sum(entry.file_size for entry in package.infolist())

    def run(self) -> Checked:
        names = Counter(entry.filename for entry in self._zip.infolist() if not entry.is_dir())
        for name, times in names.items():
            if times > 1:
                self._say(name, f"is there {times} times, and readers differ in which they take")
        data = self._whole(PACKAGE)
        package = self._decoded(PACKAGE, data, _Package) if data is not None else None
        if package is None:
            return Checked(resources=0, faults=tuple(self._faults))
        listed = {each.path: each for each in package.resources}
        for each in listed.values():
            self._resource(each)
        for name in sorted(names.keys() - listed.keys() - {PACKAGE, DIGEST}):
            self._say(name, f"is not listed in {PACKAGE}")
        signed_by = self._signer(data or b"") if DIGEST in names else None
        return Checked(resources=len(listed), faults=tuple(self._faults), signer=signed_by)

    def _resource(self, listed: Stated) -> None:
        try:
            state, size = hashlib.new(listed.algorithm), 0
        except ValueError as error:
            self._say(listed.path, str(error))
            return
        try:
            for piece in self._pieces(listed.path):
                state.update(piece)
                size += len(piece)
        except KeyError:
            self._say(listed.path, "is listed, and not there")
        except BROKEN as error:
            self._say(listed.path, f"is damaged ({error})")
        else:
            if why := difference(listed, size, state.hexdigest()):
                self._say(listed.path, why)

    def _signer(self, package: bytes) -> str | None:
        data = self._whole(DIGEST)
        stated = self._decoded(DIGEST, data, _Digest) if data is not None else None
        if stated is None:
            return None
        algorithm, _, wanted = stated.hash.partition(":")
        if algorithm not in _ALGORITHMS or hashlib.new(algorithm, package).hexdigest() != wanted:
            self._say(PACKAGE, f"has another digest than the one in {DIGEST}")
            return None
        if stated.signed is None:
            return None
        try:
            return signer(stated.signed, stated.hash)
        except ValueError as error:
            self._say(DIGEST, str(error))
            return None

    def _whole(self, path: str) -> bytes | None:
        try:
            with self._zip.open(path) as entry:
                data = entry.read(_LARGEST + 1)
        except KeyError:
            self._say(path, "is missing: no WACZ file, or one of a version before 1.1")
            return None
        except BROKEN as error:
            self._say(path, f"is damaged ({error})")
            return None
        if len(data) > _LARGEST:
            self._say(path, "is too large to be read")
            return None
        return data

    def _decoded(self, path: str, data: bytes, kind: Any) -> Any:
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._say(path, f"is not what the specification says ({error})")
            return None

    def _pieces(self, path: str) -> Iterator[bytes]:
        with self._zip.open(path) as entry:
            while piece := entry.read(_PIECE):
                yield piece
                self._done += len(piece)
                self._on_progress(self._done, self._total)

    def _say(self, path: str, why: str) -> None:
        self._faults.append(Fault(path=path, why=why))
