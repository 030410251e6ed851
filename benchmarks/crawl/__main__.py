"""CPU and memory per page: an archiving crawl beside plain Scrapy without archiving, same pages, same run.

Each variant crawls the same list of pages of the bundled newsroom in a process of its own, in turn, `--rounds`
times. CPU is that of the process with all its threads and children (getrusage); the server is another process
and not counted. Modules are compiled beforehand, as an installer does it. The figure that matters is the median
of the rounds' ratios to `scrapy-stock`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.compiled import environment
from benchmarks.crawl.spider import VARIANTS
from benchmarks.newsroom import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one crawl cost."""

    variant: str
    pages: int
    cpu_ms_per_page: float
    peak_mb: float


def measure(variant: str, urls: Path, count: int, bytecode: Path) -> Run:
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "benchmarks.crawl.spider", variant, str(urls), f"{directory}/collection"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(bytecode))
        assert process.stdout is not None
        items = int(process.stdout.read() or 0)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or items != count:
        raise SystemExit(f"{variant}: exit {process.returncode}, {items} of {count} pages")
    return Run(
        variant=variant,
        pages=count,
        cpu_ms_per_page=1000 * (usage.ru_utime + usage.ru_stime) / count,
        peak_mb=usage.ru_maxrss / 1024,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", type=int, metavar="PAGES", help="also crawl this many pages, to see memory grow")
    parser.add_argument("--json", type=Path, help="write every run here")
    args = parser.parse_args()

    runs: list[Run] = []
    with serving(max(args.pages, args.growth or 0)) as pages, tempfile.TemporaryDirectory() as directory:
        urls, bytecode = Path(directory, "urls.txt"), Path(directory, "bytecode")
        urls.write_text(pages[0])
        for variant in VARIANTS:
            measure(variant, urls, 1, bytecode)
        urls.write_text("\n".join(pages[: args.pages]))
        for number in range(1, args.rounds + 1):
            for variant in VARIANTS:
                runs.append(measure(variant, urls, args.pages, bytecode))
                last = runs[-1]
                print(
                    f"round {number}  {variant:13} {last.cpu_ms_per_page:6.2f} ms  {last.peak_mb:6.1f} MB", flush=True
                )
        if args.growth:
            urls.write_text("\n".join(pages[: args.growth]))
            large = measure("wirecopy", urls, args.growth, bytecode)
            small = statistics.median(run.peak_mb for run in runs if run.variant == "wirecopy")
            grown = (large.peak_mb - small) * 1024 / (args.growth - args.pages)
            print(f"wirecopy from {args.pages} to {args.growth} pages: {grown:.2f} KB a page")
            runs.append(large)

    print(f"\n{'variant':13} {'CPU ms/page':>12} {'of stock':>9} {'peak MB':>8}")
    rounds = {name: [run for run in runs if run.variant == name and run.pages == args.pages] for name in VARIANTS}
    for name, own in rounds.items():
        ratios = [a.cpu_ms_per_page / b.cpu_ms_per_page for a, b in zip(own, rounds["scrapy-stock"], strict=True)]
        cpu = statistics.median(run.cpu_ms_per_page for run in own)
        peak = statistics.median(run.peak_mb for run in own)
        print(f"{name:13} {cpu:12.2f} {statistics.median(ratios):9.2f} {peak:8.1f}")
    if args.json:
        args.json.write_text(json.dumps([asdict(run) for run in runs], indent=2) + "\n")


if __name__ == "__main__":
    main()
