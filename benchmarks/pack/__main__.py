"""CPU of `wirecopy pack` beside `wacz create --detect-pages --text` on the same WARC file, in turn.

    python -m benchmarks.pack [--make MB] [--rounds N] [--ingest]

The collection has its index and has read its pages, which is when somebody packs it; `wacz create` makes both as it
goes. What reading them cost, as `wirecopy import` does it for a WARC file that is new, is told besides with --ingest.
The figure that matters is the median of the rounds' ratios; the bar is 10 times as fast. py-wacz comes by 'make wacz'.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import cost, program
from benchmarks.verify.pages import make


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make", type=int, default=20, metavar="MB", help="how large a file to make (20)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="make it of the pages DIR/pages/*/*.html.gz")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ingest", action="store_true", help="tell what reading the pages cost")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory, bytecode = Path(name), Path(name) / "bytecode"
        file = make(directory / "made", args.make * 1_000_000, args.corpus)
        wirecopy = [sys.executable, "-m", "crawler"]
        read = cost([*wirecopy, "extract", "-c", f"{name}/made"], bytecode)
        commands = {
            "wirecopy pack": [*wirecopy, "pack", f"{name}/ours.wacz", "-c", f"{name}/made"],
            "wacz create": [
                program("wacz"), "create", "--detect-pages", "--text", "-o", f"{name}/theirs.wacz", str(file)
            ],
        }  # fmt: skip
        cost(commands["wirecopy pack"], bytecode)  # compiled, and the file in the system's cache
        rounds = [{each: cost(command, bytecode) for each, command in commands.items()} for _ in range(args.rounds)]
        print(f"{file.stat().st_size / 1e6:.0f} MB, {args.rounds} rounds")
    for each in commands:
        seconds, peak = (statistics.median(getattr(one[each], what) for one in rounds) for what in ("seconds", "peak"))
        print(f"{each:14} {seconds:7.2f} s CPU {peak / 1e6:6.0f} MB")
    ours, theirs = commands
    ratios = sorted(one[theirs].seconds / one[ours].seconds for one in rounds)
    print(f"times as fast  {statistics.median(ratios):7.1f}   ({ratios[0]:.1f} to {ratios[-1]:.1f})")
    if args.ingest:
        print(f"reading pages  {read.seconds:7.2f} s CPU, once")


if __name__ == "__main__":
    main()
