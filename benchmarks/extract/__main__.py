"""What `wirecopy extract FILE` costs with one process and with two, and how much of that is reading the file.

    python -m benchmarks.extract [FILE] [--make MB] [--corpus DIR] [--rounds N]

The programs are run whole, in turn; CPU is what the system says of each with the processes that it started, start-up
counted. The bars: with two processes at most 1.05 of the CPU a page, and at least 1.7 times the speed; reading less
than 0.08 of the whole. Speed is by the clock: it means something only where nothing else uses the machine, and where
there are two cores. Without FILE one is made in a temporary directory, as a crawl writes it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compiled import environment
from benchmarks.verify.pages import make

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What reading a file to articles took, in seconds."""

    cpu: float
    clock: float
    pages: int


def extract(file: Path, workers: int, bytecode: Path) -> Run:
    command = [sys.executable, "-m", "crawler", "extract", str(file), "--workers", str(workers)]
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=TOP, stdout=out, env=environment(bytecode))
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):  # 1: some pages cannot be read
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        out.seek(0)
        pages = sum(1 for _ in out)
    return Run(cpu=usage.ru_utime + usage.ru_stime, clock=clock, pages=pages)


def reading(file: Path, bytecode: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.extract.reading", str(file)]
    said = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True, env=environment(bytecode))
    return float(said.stdout.split()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="a WARC file; without, one is made")
    parser.add_argument("--make", type=int, default=60, metavar="MB", help="how large a file to make (60)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="make it of the pages DIR/pages/*/*.html.gz")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        file = args.file or make(Path(directory) / "made", args.make * 1_000_000, args.corpus)
        bytecode = Path(directory) / "bytecode"
        reading(file, bytecode)  # the file into the system's cache, the modules into theirs
        rounds: list[tuple[Run, Run, float]] = []
        for number in range(1, args.rounds + 1):
            one, two, read = extract(file, 1, bytecode), extract(file, 2, bytecode), reading(file, bytecode)
            rounds.append((one, two, read))
            print(
                f"round {number}: {one.pages} pages; one process {one.cpu:.1f} s CPU in {one.clock:.1f} s, "
                f"two {two.cpu:.1f} s in {two.clock:.1f} s, reading {read:.2f} s CPU",
                flush=True,
            )
    for what, bar, ratios in (
        ("CPU a page, two of one", "1.05 at most", [two.cpu / one.cpu for one, two, _ in rounds]),
        ("speed, two of one", "1.7 at least", [one.clock / two.clock for one, two, _ in rounds]),
        ("reading, of the whole", "0.08 at most", [read / one.cpu for one, _, read in rounds]),
    ):
        print(f"{what:24} {statistics.median(ratios):.3f}   ({bar})")


if __name__ == "__main__":
    main()
