"""SIGKILL at random instants of whole crawls, extractors and all; and of two crawls that share a collection."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.newsroom import Newsroom
from tests.soak.lives import MOMENTS, Figures, Life
from tests.soak.progress import KILLS, SEED, Progress

A_LIFE = 10


def live(directory: Path, seed: str, kills: int) -> Figures:
    """One crawl at a time, killed so many times, and in the end let finish."""
    with Newsroom(articles=8) as newsroom:
        life = Life(directory, seed, [newsroom])
        moments = list(MOMENTS) * kills
        random.Random(seed).shuffle(moments)
        for moment in moments:
            crawl = life.start(newsroom)
            life.wait(crawl, newsroom, moment)
            if life.kill(crawl, moment):
                life.look_at_repaired(directory / "copy")
            if life.figures.killed == kills:
                break
        life.complete()
    return life.figures


def live_together(directory: Path, seed: str, kills: int) -> Figures:
    """Two crawls at once, one of which is killed and started again, in turn."""
    with ExitStack() as stack:
        newsrooms = [stack.enter_context(Newsroom(articles=8, seed=number)) for number in (1, 2)]
        life = Life(directory, seed, newsrooms)
        crawls = [life.start(newsroom) for newsroom in newsrooms]
        turn = 0
        while life.figures.killed < kills:
            newsroom, crawl = newsrooms[turn], crawls[turn]
            life.wait(crawl, newsroom, "any")
            life.kill(crawl, "together")
            crawls[turn] = life.start(newsroom)
            turn = 1 - turn
        for crawl in crawls:
            code, err = crawl.finish()
            assert code == 0, err
        life.complete()
    return life.figures


def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    figures = live(tmp_path, f"{SEED}-1", A_LIFE)
    assert figures.killed == A_LIFE


@pytest.mark.soak
@pytest.mark.parametrize("kind", [live, live_together])
def test_many_kills_lose_nothing(kind: type, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(kind.__name__)
    kills = KILLS if kind is live else KILLS // 10
    for number in range(-(-kills // A_LIFE)):
        step = f"life {number}"
        if step in progress:
            continue
        directory = tmp_path / str(number)
        directory.mkdir()
        progress.add(step, asdict(kind(directory, f"{SEED}-{step}", A_LIFE)))
    total: Counter[str] = Counter()
    for figures in progress:
        total.update(figures["kills"])
        total.update({key: figures[key] for key in ("records", "told", "torn")})
    with capsys.disabled():
        print(f"\n{kind.__name__}: {dict(total)}, orphans at most", max(f["longest_orphan"] for f in progress), "s")
    progress.finish()
