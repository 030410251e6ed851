"""The life of a collection: crawls killed one after the other, and after each kill a look at what is left.

What is looked at, each time: every whole record of before is there, byte for byte; so is the record of whatever a
callback was told of; a copy, opened, is repaired to a collection without defects and with the same records; and no
extractor has outlived its crawl. The next crawl then repairs the collection itself, and the last one is let finish.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.care.verify import Defect, Verification
from archive.collection import Collection
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.soak.acks import read
from tests.soak.crawls import Crawl
from tests.soak.records import Kept, kept
from tests.waiting import wait_until

__all__ = ["MOMENTS", "Figures", "Life"]

MOMENTS = ("starting", "fetching", "reading", "closing", "any")
"""When to kill; within each at random."""

_PATIENCE = 60.0


@dataclass(slots=True)
class Figures:
    kills: dict[str, int] = field(default_factory=dict)
    """By moment."""
    records: int = 0
    told: int = 0
    """Captures that a callback was told of."""
    torn: int = 0
    """Kills that left a file open."""
    longest_orphan: float = 0
    """Seconds for which an extractor outlived its crawl."""

    @property
    def killed(self) -> int:
        return sum(self.kills.values())


class Life:
    """One collection, one or two newsrooms, many crawls."""

    def __init__(self, directory: Path, seed: str, newsrooms: Sequence[Newsroom]) -> None:
        self.collection = directory / "news"
        self.figures = Figures()
        self._seeded = random.Random(seed)
        self._newsrooms = newsrooms
        self._acks = directory / "acks.jsonl"
        self._before: dict[str, Kept] = {}

    def start(self, newsroom: Newsroom) -> Crawl:
        """A crawl that finds something new."""
        for _ in range(4):
            newsroom.publish()
        return self._crawl(newsroom)

    def _crawl(self, newsroom: Newsroom) -> Crawl:
        """With files so small that one is closed and another begun some times in a crawl."""
        rolling = ("--set", "WIRECOPY_ROLL_SIZE=40000")
        return Crawl(newsroom.url, self.collection, "--workers", "1", *rolling, acks=self._acks)

    def wait(self, crawl: Crawl, newsroom: Newsroom, moment: str) -> None:
        """Until the moment has come, or the crawl ends."""
        served = len(newsroom.log)
        logs = set(self.collection.glob("crawls/*/crawl.log"))
        texts = set(self.collection.glob("text/*"))
        pages = self._seeded.randrange(1, 30)

        def closing() -> bool:
            new = set(self.collection.glob("crawls/*/crawl.log")) - logs
            return any("Closing spider" in log.read_text() for log in new)

        come: dict[str, Callable[[], bool]] = {
            "starting": lambda: True,
            "fetching": lambda: len(newsroom.log) >= served + pages,
            "reading": lambda: bool(set(self.collection.glob("text/*")) - texts),
            "closing": closing,
            "any": lambda: True,
        }
        later = {"starting": 1.2, "fetching": 0.02, "reading": 0.5, "closing": 0.6, "any": 4.0}[moment]
        wait_until(lambda: come[moment]() or not crawl.running, _PATIENCE)
        time.sleep(self._seeded.uniform(0, later))  # this is the random instant

    def kill(self, crawl: Crawl, moment: str) -> bool:
        """Whether the crawl was still running; if so, it is dead now and all was found as it should be."""
        if not crawl.kill():
            return False
        killed = time.monotonic()
        self.figures.kills[moment] = self.figures.kills.get(moment, 0) + 1
        self.figures.torn += any(self.collection.glob("*/*.open"))
        self.look()
        assert wait_until(lambda: not crawl.survivors(), _PATIENCE), "an extractor outlived its crawl"
        self.figures.longest_orphan = max(self.figures.longest_orphan, time.monotonic() - killed)
        return True

    def look(self) -> None:
        """Nothing is missing or changed, now and after a repair."""
        told = read(self._acks)
        found = self._records()
        for identity, record in self._before.items():
            assert identity in found, f"lost: {record.type} of {record.url}"
            assert found[identity].fingerprint == record.fingerprint, f"changed: {record.type} of {record.url}"
        for identity, url in told.items():
            of = found.get(f"<{identity}>")
            assert of is not None, f"a callback ran without a record of {url}"
            assert of.type in ("response", "revisit")
            assert of.url == url
        self._before = _lasting(found)
        self.figures.records = len(found)
        self.figures.told = len(told)

    def look_at_repaired(self, copy: Path) -> None:
        """What the next start makes of it, tried on a copy, so that the next crawl has it still to do."""
        if not (self.collection / "collection.toml").exists():
            return
        shutil.copytree(self.collection, copy)
        try:
            Collection.open(copy)
            assert not list(copy.glob("*/*.open"))
            assert {name: record.fingerprint for name, record in _lasting(kept(copy)).items()} == {
                name: record.fingerprint for name, record in self._before.items()
            }
            assert not list(defects(copy))
        finally:
            shutil.rmtree(copy)

    def complete(self) -> None:
        """The last crawl of each newsroom is let finish: all is there, once, read, and sound."""
        for newsroom in self._newsrooms:
            code, err = self._crawl(newsroom).finish()
            assert code == 0, err
        self.look()
        assert not list(self.collection.glob("*/*.open"))
        assert not list(defects(self.collection))
        articles = {newsroom.url + article.path for newsroom in self._newsrooms for article in newsroom.articles}
        pages = Counter(
            (one.url, one.body) for one in self._before.values() if one.type == "response" and one.status == "200"
        )
        assert articles <= {url for url, _ in pages}, "an article was lost"
        # A page whose redirect the killed crawl had still to fetch is fetched twice, and the second is a revisit.
        assert set(pages.values()) == {1}, "the same page was archived twice"
        ran = wirecopy("export", "jsonl", "-c", self.collection, cwd=self.collection.parent)
        assert sorted(row["url"] for row in ran.rows) == sorted(articles)
        sent = {served.sent for newsroom in self._newsrooms for served in newsroom.log}
        assert not [one.url for one in self._before.values() if one.type == "response" and one.block not in sent]

    def _records(self) -> dict[str, Kept]:
        """With another crawl at work, a file may change its name while the folder is read."""
        for _ in range(3):
            try:
                found = kept(self.collection)
            except FileNotFoundError:
                continue
            if found.keys() >= self._before.keys():
                break
        return found


def _lasting(records: dict[str, Kept]) -> dict[str, Kept]:
    """Without warcinfo records: a file that has nothing else is removed."""
    return {identity: record for identity, record in records.items() if record.type != "warcinfo"}


def defects(collection: Path) -> Iterator[Defect]:
    """What `wirecopy verify` would exit with 6 for."""
    return (defect for defect in Verification(collection, jobs=1) if defect.severity == "defect")
