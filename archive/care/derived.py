"""Indexes and catalogue as they will be, made while the WARC files that they describe still lie beside the old ones.

A catalogue follows two folders. It is built from a shadow of these, links in a temporary directory, in which the new
files have their final names already; what it notes of each file is what it will find once they are in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.care.rewrite import write_file
from archive.catalogue.follow import follow
from archive.catalogue.follow_text import follow_text
from archive.catalogue.store import Catalogue
from archive.changeover import Changeover
from archive.collection import Collection
from archive.disk import Disk
from archive.index import cdxj
from archive.index.files import SUFFIX, index_name, sorted_paths
from archive.warc.captures import captures
from archive.warc.salvage import salvage

__all__ = ["stage_catalogue", "stage_indexes"]

_LEFT_OVER = (".*.cdxj*", ".catalogue.rebuild*")


def stage_indexes(
    disk: Disk, change: Changeover, collection: Collection, files: Mapping[Path, Path]
) -> dict[Path, Path]:
    """The indexes of the new `files` (target to where it is made), and no line about them in any other."""
    staged: dict[Path, Path] = {}
    archived = {p.name: new for p, new in files.items() if p.parent == collection.archive_dir}
    for left in (*collection.indexes_dir.glob(_LEFT_OVER[0]), *collection.path.glob(_LEFT_OVER[1])):
        change.remove(left)  # what killed processes were making
    for name, new in archived.items():
        if name.endswith(".warc.gz"):
            path = collection.indexes_dir / (index_name(name) + SUFFIX)
            lines = sorted(cdxj.line(capture).encode() + b"\n" for capture in captures(salvage(new), name))
            staged[path] = change.replace(path)
            write_file(disk, staged[path], iter(lines))
    for path in sorted_paths(collection.indexes_dir):
        if path not in staged and any(_file(line) in archived for line in _lines(path)):
            staged[path] = change.replace(path)
            write_file(disk, staged[path], (line for line in _lines(path) if _file(line) not in archived))
    return staged


def stage_catalogue(disk: Disk, change: Changeover, collection: Collection, files: Mapping[Path, Path]) -> None:
    """A catalogue of the new `files` and of those that stay; none where there was none."""
    if not collection.catalogue_path.exists():
        return
    path = change.replace_database(collection.catalogue_path)
    with TemporaryDirectory(prefix="wirecopy-") as shadow, Catalogue(path, create=True) as built:
        for folder in (collection.indexes_dir, collection.text_dir):
            links = Path(shadow) / folder.name
            links.mkdir()
            there = {each for each in folder.glob("[!.]*") if each.is_file()} | {
                each for each in files if each.parent == folder
            }
            for each in there:
                (links / each.name).symlink_to(files.get(each, each).resolve())
        follow(built, Path(shadow) / collection.indexes_dir.name)
        text = Path(shadow) / collection.text_dir.name
        follow_text(built, text, lambda damage: None, elsewhere=collection.texts_elsewhere())
    fd = disk.open(path)
    try:
        disk.sync(fd)
    finally:
        disk.close(fd)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _file(line: bytes) -> str | None:
    """The WARC file that a line is about."""
    try:
        return cdxj.parse(line.decode()).file
    except ValueError:
        return None
