"""When healthy hosts are finished in one crawl with hostile ones, beside what they take with honest ones, and alone.

alone     three newsrooms, with 12 articles each, their front pages as seeds
honest    … and as many small honest sites as there are hostile ones: a front page, a feed, three stories
hostile   … and every hostile site of the test suite (docs/hostile.md), in their place

A host is finished once its articles have been served, and read once they are in the catalogue. Time counts from the
first request of the crawl to the last article of the healthy hosts; CPU is that of the thread with the event loop in
this time. Sites are served by this process, the crawl is another, readers are others again. The crawl is stopped when
the healthy hosts are read.

With --delay it is as polite as by default: what counts then is whether the crawl is there when a host may be asked.
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.compiled import environment
from tests.hostile.case import Case
from tests.hostile.rig import LIMITS, Rig
from tests.hostile.sites import CASES

TOP = Path(__file__).parents[2]
MOST = 300.0
"""Seconds that a crawl has to finish the healthy hosts."""
HONEST = {
    name: Case(name=name, does="means well", respond=lambda request: None)
    for name in (f"honest-{number}" for number in range(len(CASES)))
}
WORLDS: Mapping[str, Mapping[str, Case]] = {"alone": {}, "honest": HONEST, "hostile": CASES}
BASELINES = ("alone", "honest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Seconds, of the clock or of CPU; requests of all hosts."""

    served: float
    cpu: float
    read: float
    requests: int


def measure(world: str, healthy: int, settings: Mapping[str, str], bytecode: Path) -> Finished:
    with tempfile.TemporaryDirectory() as place, Rig(WORLDS[world].values(), healthy=healthy) as rig:
        collection, samples, said = Path(place, "news"), Path(place, "samples"), Path(place, "said")
        command = [sys.executable, "-m", "benchmarks.hostile.child", str(samples)]
        command += rig.arguments(collection, settings)
        with said.open("wb") as out:
            crawl = subprocess.Popen(
                command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment(bytecode)
            )
            try:
                read = _all_read(rig, collection, crawl)
            finally:
                crawl.send_signal(signal.SIGINT)
                crawl.wait()
        if read is None:
            raise SystemExit(
                f"{world}: the healthy hosts were not finished: exit {crawl.returncode}\n{said.read_text()}"
            )
        return _finished(rig, samples, read)


def _all_read(rig: Rig, collection: Path, crawl: subprocess.Popen[bytes]) -> float | None:
    """When the last article of the healthy hosts was read, by the clock that all processes share."""
    urls = {newsroom.url + article.path for newsroom in rig.healthy for article in newsroom.articles}
    until = time.monotonic() + MOST
    while time.monotonic() < until:
        with suppress(subprocess.TimeoutExpired):
            crawl.wait(0.25)  # between two looks at the catalogue, which tells nobody that it has grown
        ended = crawl.returncode is not None
        read = dict(_readings(collection / "catalogue.sqlite"))
        if urls <= read.keys():
            # Of the two clocks, what lies between them now lay between them then.
            between = time.monotonic() - datetime.now(UTC).timestamp()
            return max(read[url] for url in urls) + between
        if ended:
            return None
    return None


def _readings(catalogue: Path) -> Iterator[tuple[str, float]]:
    """URL and time, in seconds since 1970, of every reading; nothing while there is no catalogue."""
    query = "SELECT c.url, r.date / 1e6 FROM readings AS r JOIN captures AS c ON c.id = r.capture_id"
    try:
        with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True, timeout=10)) as connection:
            yield from connection.execute(query)
    except sqlite3.OperationalError:
        return


def _finished(rig: Rig, samples: Path, read: float) -> Finished:
    paths = {newsroom.url: {article.path for article in newsroom.articles} for newsroom in rig.healthy}
    healthy = [(newsroom, one) for newsroom in rig.healthy for one in newsroom.log]
    all_served = [one for _, one in healthy] + [one for name in rig.cases for one in rig.served(name)]
    began = min(one.began for one in all_served)
    ended = max(one.ended for newsroom, one in healthy if one.path in paths[newsroom.url])
    sampled = [(float(at), float(cpu)) for at, cpu in map(str.split, samples.read_text().splitlines())]

    def used(until: float) -> float:
        return sampled[min(bisect_left(sampled, (until,)), len(sampled) - 1)][1]

    return Finished(
        served=ended - began,
        cpu=used(ended) - used(began),
        read=read - began,
        requests=sum(one.began <= ended for one in all_served),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--healthy", type=int, default=3, help="newsrooms")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between requests to a host")
    args = parser.parse_args()
    settings = dict(LIMITS)
    if args.delay:
        for name in ("AUTOTHROTTLE_ENABLED", "CONCURRENT_REQUESTS_PER_DOMAIN"):
            del settings[name]
        settings["DOWNLOAD_DELAY"] = f"{args.delay:g}"

    runs: dict[str, list[Finished]] = {world: [] for world in WORLDS}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(1, args.rounds + 1):
            for world in WORLDS:
                one = measure(world, args.healthy, settings, Path(directory, "bytecode"))
                runs[world].append(one)
                print(
                    f"round {number}  {world:8} {one.served:6.1f} s, {one.cpu:5.1f} s of CPU,"
                    f" read after {one.read:6.1f} s, {one.requests} requests by then",
                    flush=True,
                )
    print(f"\n{'':16}{'served':>8}{'CPU':>8}{'read':>8}{'requests':>10}")
    for world in WORLDS:
        print(f"{world:16}" + "{:8.1f}{:8.1f}{:8.1f}{:10.0f}".format(*map(statistics.median, _columns(runs[world]))))
    for base in BASELINES:
        ratios = [
            [a / b for a, b in zip(astuple(ours), astuple(theirs), strict=True)]
            for ours, theirs in zip(runs["hostile"], runs[base], strict=True)
        ]
        medians = map(statistics.median, zip(*ratios, strict=True))
        print(f"{'of ' + base:16}" + "{:8.2f}{:8.2f}{:8.2f}{:10.2f}".format(*medians))


def _columns(runs: list[Finished]) -> Iterator[tuple[float, ...]]:
    return zip(*map(astuple, runs), strict=True)


if __name__ == "__main__":
    main()
