"""Sources whose sites change their layout, and others: how many are named, how soon, and how many in vain.

Months of pages, as `benchmarks.layout.world` makes them, go through what the daemon judges each crawl by. Of sources
with an article a day or more, half of which change: how many are named before the time is over, after how many days and
pages; and of all sources, how often one was named that had not changed.

Exits with 1 when a bar is missed: nine of ten named, and one false alarm in ten years of a source at most.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.layout.world import CHANGES, DAY, START, Site, sites
from crawler.watch.extraction import symptoms
from crawler.watch.handfuls import note
from crawler.watch.ledger import Ledger

_EVERY = 6 * 3600.0
"""Seconds between two crawls: a handful takes as long at least."""
_NAMED = 0.9
_FALSE = 0.1
"""Alarms in a year of a source, at most."""


@dataclass(slots=True)
class Told:
    """What was told of one source."""

    site: Site
    named: float | None = None
    """When, after the change."""
    pages: int = 0
    """From the change until then."""
    lapses: int = 0
    """Times that it was taken back though nothing was mended."""
    false: int = 0
    years: float = 0.0
    """Until the change, or the end."""


def watch(site: Site, seed: int, days: int) -> Told:
    told, since = Told(site, years=min(site.changes - START, days * DAY) / DAY / 365), None
    with closing(Ledger(Path(":memory:"))) as ledger:
        for now, texts in site.crawls(random.Random(f"{seed} {site.name}"), _EVERY):
            changed = now > site.changes
            if changed and told.named is None:
                told.pages += texts.pages
            found = symptoms(note(ledger, site.name, texts, now, since), since)
            if found and since is None:
                since = min(one.since for one in found)
                told.false += not changed
                if changed and told.named is None:
                    told.named = now
            elif since is not None and not found:
                since = None
                told.lapses += changed
    return told


def show(seed: int, all_told: Sequence[Told]) -> bool:
    """A row for the seed; whether the bars hold."""
    changed = [one for one in all_told if one.site.change and one.site.a_day >= 1]
    named = [one for one in changed if one.named is not None]
    of = [f"{sum(one.site.change == change for one in part)}" for change in CHANGES for part in (named, changed)]
    days = [(one.named - one.site.changes) / DAY for one in named if one.named is not None]
    pages = [float(one.pages) for one in named]
    false, years = sum(one.false for one in all_told), sum(one.years for one in all_told)
    print(f"| {seed} | {len(named)} of {len(changed)} |", end="")
    print("".join(f" {some} of {all_} |" for some, all_ in zip(of[::2], of[1::2], strict=True)), end="")
    for values, form in ((days, ".1f"), (pages, ".0f")):
        print(f" {median(values):{form}}, {quantiles(values, n=10)[-1]:.0f} |", end="")
    print(f" {sum(one.lapses for one in named)} | {false} in {years:.0f} years |", flush=True)
    return len(named) >= _NAMED * len(changed) and false <= _FALSE * years


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--days", type=int, default=100)
    chosen = parser.parse_args()
    print(f"| seed | named | {' | '.join(CHANGES)} | days: half, 90 % | pages | taken back | false alarms |")
    print(f"|{'---|' * (len(CHANGES) + 6)}")
    good = True
    for seed in chosen.seed:
        world = sites(seed, sources=chosen.sources, days=chosen.days)
        good = show(seed, [watch(site, seed, chosen.days) for site in world]) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
