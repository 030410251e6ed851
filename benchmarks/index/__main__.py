"""CPU to index a WARC file, beside cdxj-indexer on the same file, in turn.

    python -m benchmarks.index [FILE] [--make MB] [--corpus DIR] [--bodies plain|coded] [--rounds N]

What is measured of ours is what `wirecopy import` and `rebuild` index by, as a program of its own: every member is
inflated to its end and checked, lines are sorted and written. Both count with their start-up. The figure that matters
is the median of the rounds' ratios; the bar is 0.5. cdxj-indexer comes by 'make wacz'.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import cost, program
from benchmarks.verify.pages import BODIES, make

_OURS = """
import sys
from pathlib import Path
from archive.care.indexing import index_file
index_file(Path(sys.argv[1]), Path(sys.argv[2]), sys.exit)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="a WARC file; without, one is made")
    parser.add_argument("--make", type=int, default=200, metavar="MB", help="how large a file to make (200)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="make it of the pages DIR/pages/*/*.html.gz")
    parser.add_argument("--bodies", choices=BODIES, default="plain", help="how the pages' bodies are sent (plain)")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = args.file or make(directory / "made", args.make * 1_000_000, args.corpus, args.bodies)
        commands = {
            "wirecopy": [sys.executable, "-c", _OURS, str(file.resolve()), name],
            "cdxj-indexer": [program("cdxj-indexer"), "--sort", "-o", f"{name}/theirs.cdxj", str(file.resolve())],
        }
        for command in commands.values():
            cost(command, directory / "bytecode")  # the file into the system's cache
        rounds = [
            {each: cost(command, directory / "bytecode") for each, command in commands.items()}
            for _ in range(args.rounds)
        ]
        print(f"{file.stat().st_size / 1e6:.0f} MB, {args.rounds} rounds")
    for each in commands:
        seconds, peak = (statistics.median(getattr(one[each], what) for one in rounds) for what in ("seconds", "peak"))
        print(f"{each:14} {seconds:7.2f} s CPU {peak / 1e6:6.0f} MB")
    ours, theirs = commands
    ratios = sorted(one[ours].seconds / one[theirs].seconds for one in rounds)
    print(f"ratio          {statistics.median(ratios):7.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
