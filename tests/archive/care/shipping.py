"""Collections whose files are shipped, and what must hold of them at every moment."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from archive.api import Collection
from archive.care.retention import Rules
from archive.care.ship import Pass, ship
from archive.storage.address import Address, parse
from archive.storage.manifest import read_lines
from archive.warc.files import closed_files

__all__ = ["DROP", "nothing_lost", "sent", "shipped_to", "warcs"]

DROP = Rules(keep=0.0)


def warcs(path: Path) -> dict[str, bytes]:
    """Every closed WARC file that is here, by ``folder/name``."""
    files = (file for folder in ("archive", "text") for file in (path / folder).glob("[!.]*.warc.gz"))
    return {f"{file.parent.name}/{file.name}": file.read_bytes() for file in files}


def shipped_to(path: Path, place: Path | Address, rules: Rules = DROP) -> Pass:
    address = place if isinstance(place, Address) else parse(str(place), base=path)
    return ship(Collection.open(path), address, rules)


def sent(path: Path) -> set[str]:
    """Files that are checked, by ``shipped.jsonl``."""
    return {
        f"{line.folder}/{line.file}" for line in read_lines(path / "shipped.jsonl").values() if line.step == "checked"
    }


def nothing_lost(path: Path, there: dict[str, bytes]) -> None:
    """Each listed file is whole here, or checked and whole `there`; and what is said to be checked, is."""
    here = warcs(path)
    for listed in closed_files(path / "files.jsonl").values():
        key = f"{listed.where}/{listed.name}"
        held = [files[key] for files in (here, there) if key in files]
        assert any(sha256(data).hexdigest() == listed.sha256 for data in held), f"{key} is lost"
        if key in sent(path):
            assert sha256(there[key]).hexdigest() == listed.sha256, f"{key} is no such thing there"
        else:
            assert key in here, f"{key} went before it was checked"
