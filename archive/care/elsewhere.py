"""Shipped files against their stores: are they there, are they what was shipped?"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from archive.care.defects import Defect, Severity
from archive.care.proof import read_back
from archive.errors import ConfigError, StoreError
from archive.storage.address import Address
from archive.storage.ranges import Copy
from archive.storage.stores import open_store

__all__ = ["against_stores"]


def against_stores(copies: Mapping[str, Copy], here: Container[str], *, whole: bool) -> Iterator[Defect]:
    """Each copy, by its size and mark; `whole`: those of files that are `here` are read, too, as no one else does.

    A store that does not answer for one copy is not asked for the others.
    """
    away: dict[Address, str] = {}
    for name, copy in copies.items():
        if copy.store not in away:
            try:
                yield from _against(copy, whole=whole and name in here)
                continue
            except (StoreError, ConfigError) as error:
                away[copy.store] = str(error)
        of_the_only_one: Severity = "note" if name in here else "defect"
        yield Defect(code="copy-unreachable", file=str(copy), what=away[copy.store], severity=of_the_only_one)


def _against(copy: Copy, *, whole: bool) -> Iterator[Defect]:
    store = open_store(copy.store)
    kept = store.look(copy.key)
    if kept is None:
        yield Defect(code="copy-missing", file=str(copy), what=f"{copy.size} bytes were shipped, and are not there")
    elif kept.size != copy.size:
        what = f"it has {kept.size} bytes, and had {copy.size} when it was shipped"
        yield Defect(code="copy-differs", file=str(copy), what=what)
    elif whole and (found := read_back(store, copy.key, copy.size, lambda piece: None)) != copy.sha256:
        what = f"its SHA-256 is {found}, and was {copy.sha256}"
        yield Defect(code="copy-differs", file=str(copy), what=what)
    elif not whole and kept.mark != copy.mark:
        what = f"the store calls it {kept.mark}, and called it {copy.mark}"
        yield Defect(code="copy-touched", file=str(copy), what=what, severity="note")
