"""What is the matter, with which source or with the daemon itself, since when: in the ledger, so each is told once.

A change and the alerts for it are one transaction: a daemon that is killed has either told of it (or has it in the
outbox), or finds it out anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.errors import StorageError
from crawler.sources.alerts import Channel, Kind
from crawler.watch.alerts.event import Event, begun, encode, over
from crawler.watch.ledger import Ledger

__all__ = ["DAEMON", "Condition", "Conditions"]

DAEMON: Final = ""
"""In place of a source: it concerns them all."""
_BEGUN: Final = "INSERT OR IGNORE INTO conditions VALUES (?, ?, ?, ?)"
_TOLD: Final = "INSERT INTO outbox (channel, event, made, due) VALUES (?, ?, ?, ?)"
_TOGETHER: Final[frozenset[Kind]] = frozenset({"hung"})
"""What several sources have at once, and is over when the last of them has it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    kind: Kind
    since: float
    text: str


class Conditions:
    def __init__(self, ledger: Ledger, collection: str) -> None:
        self._ledger = ledger
        self._collection = collection
        self._unwritten: list[tuple[str, tuple[object, ...]]] = []
        self._now: dict[str, dict[Kind, Condition]] = {}
        for source, kind, since, text in ledger.read("SELECT source, kind, since, text FROM conditions"):
            self._now.setdefault(source, {})[kind] = Condition(kind=kind, since=since, text=text)

    def of(self, source: str) -> Mapping[Kind, Condition]:
        return self._now.get(source, {})

    def settle(
        self,
        sources: Sequence[str],
        found: Iterable[Condition],
        *,
        among: Collection[Kind],
        now: float,
        channels: Sequence[Channel],
    ) -> list[Event]:
        """What of the kinds `among` is the matter with these sources, alike: what is new, and what is over.

        One event tells of all of them.
        """
        current = {one.kind: one for one in found}
        events: list[Event] = []
        rows: list[tuple[str, tuple[object, ...]]] = []
        for kind in among:
            had = [source for source in sources if kind in self.of(source)]
            if one := current.get(kind):
                lacking = [source for source in sources if source not in had]
                rows += [(_BEGUN, (source, kind, one.since, one.text)) for source in lacking]
                if lacking and not had:
                    events.append(begun(kind, sources, one.since, one.text, now, self._collection))
            elif had:
                before = self.of(had[0])[kind]
                rows += [("DELETE FROM conditions WHERE source = ? AND kind = ?", (source, kind)) for source in had]
                if not (kind in _TOGETHER and self._others(kind, had)):
                    events.append(over(kind, had, before.since, before.text, now, self._collection))
        for event in events:
            rows += [(_TOLD, (one.key, encode(event), now, now)) for one in channels if event.event in one.on]
        for source in sources:
            kept = {kind: one for kind, one in self.of(source).items() if kind not in among}
            kept |= {kind: self.of(source).get(kind, one) for kind, one in current.items()}
            self._now[source] = kept
            if not kept:
                del self._now[source]
        self._write(rows)
        return events

    def _write(self, rows: list[tuple[str, tuple[object, ...]]]) -> None:
        """With what could not be written before: on a full disk, that it is full is known and told all the same."""
        rows = [*self._unwritten, *rows]
        self._unwritten = []
        if not rows:
            return
        try:
            self._ledger.write(rows)
        except StorageError:
            self._unwritten = rows

    @property
    def unwritten(self) -> bool:
        """Whether the outbox lacks something that the ledger could not take."""
        return bool(self._unwritten)

    def _others(self, kind: Kind, than: Collection[str]) -> bool:
        return any(kind in kinds for source, kinds in self._now.items() if source not in than)

    def forget(self, watched: Collection[str]) -> None:
        """What was the matter with sources that nobody watches any more."""
        gone = [source for source in self._now if source != DAEMON and source not in watched]
        self._write([("DELETE FROM conditions WHERE source = ?", (source,)) for source in gone])
        for source in gone:
            del self._now[source]
