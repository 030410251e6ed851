"""What verify finds, set right where that is safe: nothing in place, nothing without a copy.

With the collection to itself, a repair closes what a crash left open, verifies everything, and plans from the defects
alone (`archive.care.remedies`). Whatever is to change is made anew beside the old: WARC files from their whole records
(`archive.care.whole`), the indexes and the catalogue from these. A file that had damage is copied to ``quarantine/``
first, byte for byte. Then all of it is put in place as one (`archive.changeover`): killed before that, nothing has
happened; killed later, the next open completes it. Last, all is verified again, and what is still wrong is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import changeover
from archive.care.mending import Mending
from archive.care.remedies import Left, Plan, Remedy, plan
from archive.care.verify import Verification
from archive.changeover import Changeover
from archive.collection import Collection
from archive.config import read_config
from archive.disk import Disk, refused
from archive.errors import ConfigError, WirecopyError
from archive.warc.files import OPEN
from archive.warc.recover import CUT, Recovery, recover

__all__ = ["Repaired", "planned", "repair"]

WHO: Final = "wirecopy repair"
_STILL: Final = "it is still so after the repair"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What a repair has done, and what it could not do."""

    recovered: tuple[Recovery, ...]
    """Files that a crash had left open, as opening the collection found and closed them."""
    done: tuple[tuple[Remedy, str], ...]
    """Each remedy, and what it came to."""
    left: tuple[Left, ...]


def planned(
    path: Path, files: Sequence[str] = (), *, jobs: int | None = None, on_progress: Progress | None = None
) -> Plan:
    """What a repair of the collection at `path` would do; changes nothing."""
    return _plan(path, _named(path, files), jobs, on_progress)


def repair(
    path: Path,
    files: Sequence[str] = (),
    *,
    jobs: int | None = None,
    on_progress: Progress | None = None,
    disk: Disk | None = None,
) -> Repaired:
    """Repairs the collection at `path`, or only these `files` of it, by the names that verify gives them.

    Locked while anybody writes to the collection; also when all is done but for the pages of the old catalogue, because
    somebody is reading that: the next open does the rest. StorageError when the disk refuses.
    """
    only = _named(path, files)
    collection = Collection.open(path, disk=disk)
    recovered = list(collection.recovered)
    with collection.exclusive(WHO):
        recovered += recover(collection.archive_shelf) + recover(collection.text_shelf)
        plan_ = _plan(path, only, jobs, on_progress)
        try:
            done = _apply(collection, plan_) if plan_.remedies else ()
        except OSError as error:
            raise refused(error, path) from error
        left = plan_.left
        if done:
            after = _plan(path, only, jobs, on_progress)
            left = after.left + tuple(
                Left(defect=defect, why=_STILL) for remedy in after.remedies for defect in remedy.defects
            )
    return Repaired(recovered=tuple(recovered), done=done, left=left)


def _plan(path: Path, only: set[str] | None, jobs: int | None, on_progress: Progress | None) -> Plan:
    verification = Verification(path, jobs=jobs, progress=on_progress)
    return plan(verification, only, lambda: verification.copies)


def _apply(collection: Collection, of: Plan) -> tuple[tuple[Remedy, str], ...]:
    disk = collection.archive_shelf.disk
    change = Changeover(disk, collection.path, WHO)
    try:
        done = Mending(disk, change, collection).stage(of.remedies)
        change.commit()
    except BaseException:
        with suppress(OSError, WirecopyError):  # whatever cannot be cleared away now is at the next open
            changeover.complete(disk, collection.path)
        raise
    changeover.complete(disk, collection.path)
    return done


def _named(path: Path, files: Sequence[str]) -> set[str] | None:
    """The files as verify names them, and as it will when they are closed; None for all of them.

    ConfigError when there is no such file.
    """
    read_config(path)
    root = path.resolve()
    named = set()
    for name in files:
        places = [place.parent.resolve() / place.name for place in (path / name, Path(name)) if place.exists()]
        labels = [str(place.relative_to(root)) for place in places if place.is_relative_to(root)]
        if not labels:
            raise ConfigError(f"{name} is no file of the collection {path}; name it as 'wirecopy verify' does")
        final = labels[0].removesuffix(OPEN)
        named |= {labels[0], final, f"{final}{CUT}"}
    return named if files else None
