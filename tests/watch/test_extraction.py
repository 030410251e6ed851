"""Whether articles are read worse: a month of healthy sources raises nothing, and a new layout is told and let go."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from math import log
from pathlib import Path

import pytest

from archive.catalogue.texts import CLASSES, Texts, length
from crawler.watch.extraction import symptoms
from crawler.watch.handfuls import handfuls, note
from crawler.watch.ledger import Ledger
from crawler.watch.rhythm import DAY, HOUR

START = 1_800_000_000.0
LACKS = ("empty", "walled", "untitled", "undated", "unsigned")


class Outlet:
    """A source as it reads: what its articles lack, and how often; some days bring a batch from an agency."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.a_day = min(60.0, dice.lognormvariate(1.5, 1.0))
        self.lacks = {name: dice.choice((0.0, 0.0, dice.betavariate(1, 6))) for name in LACKS}
        self.lacks["unsigned"] = dice.choice((0.0, 1.0, dice.random()))
        self.words = dice.lognormvariate(6, 0.5)
        self.batches = dice.random() < 0.3

    def crawls(self, start: float, days: float) -> Iterator[tuple[float, Texts]]:
        now = start
        while (now := now + max(HOUR / 2, self._dice.expovariate(self.a_day / DAY))) < start + days * DAY:
            batch = self.batches and self._dice.random() < 0.01
            yield now, self._texts(self._dice.randint(5, 30) if batch else self._dice.choice((1, 1, 1, 2, 4)), batch)

    def _texts(self, pages: int, batch: bool) -> Texts:
        empty = self._count("empty", pages)
        articles = pages - empty
        return Texts(
            pages=pages,
            empty=empty,
            walled=self._count("walled", pages),
            untitled=self._count("untitled", articles),
            undated=self._count("undated", articles),
            unsigned=articles if batch else self._count("unsigned", articles),
            lengths=lengths(
                round(self._dice.lognormvariate(log(self.words * (0.3 if batch else 1)), 0.5)) for _ in range(articles)
            ),
        )

    def _count(self, name: str, of: int) -> int:
        return sum(self._dice.random() < self.lacks[name] for _ in range(of))


def lengths(words: Iterable[int]) -> tuple[int, ...]:
    counts = Counter(map(length, words))
    return tuple(counts[each] for each in range(CLASSES))


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Ledger(Path(":memory:"))) as opened:
        yield opened


def test_a_month_of_healthy_sources_raises_nothing(ledger: Ledger) -> None:
    dice = random.Random(4)
    told = {}
    for number in range(25):
        for now, texts in Outlet(dice).crawls(START, 30):
            if worse := symptoms(note(ledger, f"s{number}", texts, now, None)):
                told[number] = worse
    assert told == {}


@pytest.mark.parametrize("lack", ["empty", "undated", "short"])
def test_a_new_layout_is_told_within_some_handfuls_and_over_when_it_is_mended(ledger: Ledger, lack: str) -> None:
    outlet = Outlet(random.Random(1))
    outlet.a_day, outlet.lacks, outlet.batches = 12.0, dict.fromkeys(LACKS, 0.05), False
    assert not any(symptoms(note(ledger, "s", texts, now, None)) for now, texts in outlet.crawls(START, 20))

    words = outlet.words
    if lack == "short":
        outlet.words = words / 8
    else:
        outlet.lacks[lack] = 0.97
    changed = START + 20 * DAY
    since, noticed = None, 0.0
    for now, texts in outlet.crawls(changed, 40):
        worse = symptoms(note(ledger, "s", texts, now, since), since)
        if since is None and worse:
            assert [one.name for one in worse] == [lack]
            since, noticed = worse[0].since, now
        elif since is not None:
            assert worse, "as long as it lasts, however long that is"
    assert since is not None
    assert changed - DAY <= since <= changed + DAY
    assert noticed - changed < (6 if lack == "short" else 3) * DAY

    outlet.words, outlet.lacks[lack] = words, 0.05
    mended = START + 60 * DAY
    over = next(
        now for now, texts in outlet.crawls(mended, 10) if not symptoms(note(ledger, "s", texts, now, since), since)
    )
    assert over - mended < 3 * DAY


def test_what_is_kept_of_a_source_stays_small(ledger: Ledger) -> None:
    for number in range(400):
        note(ledger, "s", Texts(pages=5, lengths=lengths([100] * 5)), START + number * DAY, None)
    assert len(handfuls(ledger, "s")) == 300


def test_days_that_bring_something_else_are_no_new_layout(ledger: Ledger) -> None:
    """A tournament: for a week four pages of five are notices, which nobody signs. Later, only teasers are read."""
    dice = random.Random(7)

    def crawl(notices: float, read: float = 1.0) -> Texts:
        pages = [dice.random() < notices for _ in range(5)]
        words = [round(dice.lognormvariate(log(60 if notice else 500), 0.4) * read) for notice in pages]
        return Texts(pages=5, unsigned=sum(pages), lengths=lengths(words))

    for quarter in range(4 * 40):
        texts = crawl(notices=0.8 if 4 * 25 <= quarter < 4 * 32 else 0.3)
        assert not symptoms(note(ledger, "s", texts, START + quarter * DAY / 4, None))
    told = [
        [one.name for one in symptoms(note(ledger, "s", crawl(0.3, read=0.2), START + (40 + quarter / 4) * DAY, None))]
        for quarter in range(4 * 5)
    ]
    assert told[0] == []
    assert told[-1] == ["short"]


def test_a_ledger_of_before_lengths_were_kept_learns_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as state, state:
        state.execute("CREATE TABLE handfuls (source TEXT, at REAL, pages INTEGER, words REAL)")
        state.execute("INSERT INTO handfuls VALUES ('s', 1.0, 5, 400.0)")
    with closing(Ledger(tmp_path / "state.sqlite")) as opened:
        assert handfuls(opened, "s") == []
        assert len(note(opened, "s", Texts(pages=5, lengths=lengths([100] * 5)), START, None)) == 1
