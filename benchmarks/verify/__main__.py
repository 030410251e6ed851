"""CPU of `wirecopy verify FILE` beside `fastwarc check -p`, on the same file, in turn.

    python -m benchmarks.verify [FILE] [--make MB] [--corpus DIR] [--bodies coded] [--rounds N]

Both are run as whole programs, one process each, and their CPU is what the system says of the child: start-up counts.
The figure that matters is the median of the rounds' ratios; the bar is 1.3. Without FILE one is made in a temporary
directory, as a crawl writes it, of pages with plain bodies. With ``--bodies coded`` they come as most servers send
them, compressed, which leaves less to digest for each record, so that what a record costs in itself weighs more.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.compiled import environment
from benchmarks.verify.pages import BODIES, make

TOP = Path(__file__).parents[2]
PROGRAMS = {
    "wirecopy verify": [sys.executable, "-m", "crawler", "verify", "--jobs", "1"],
    "fastwarc check -p": [sys.executable, "-c", "from fastwarc.cli import main; main()", "check", "-q", "-p"],
}


def cpu(command: list[str], bytecode: Path) -> float:
    """Seconds of CPU, of user and system; modules are compiled once, into `bytecode`, as an installer does it."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=TOP, stdout=out, stderr=out, env=environment(bytecode))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # fastwarc digests chunked bodies with their framing, finds our digests wrong, and ends with 1.
        if process.returncode not in (0, 1):
            out.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{out.read().decode()}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="a WARC file; without, one is made")
    parser.add_argument("--make", type=int, default=150, metavar="MB", help="how large a file to make (150)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="make it of the pages DIR/pages/*/*.html.gz")
    parser.add_argument("--bodies", choices=BODIES, default="plain", help="how the pages' bodies are sent (plain)")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        file = args.file or make(Path(directory) / "made", args.make * 1_000_000, args.corpus, args.bodies)
        bytecode = Path(directory) / "bytecode"
        for command in PROGRAMS.values():
            cpu([*command, str(file)], bytecode)  # the file into the system's cache
        rounds = [
            {name: cpu([*command, str(file)], bytecode) for name, command in PROGRAMS.items()}
            for _ in range(args.rounds)
        ]
        print(f"{file.stat().st_size / 1e6:.0f} MB, {args.rounds} rounds")
    for name in PROGRAMS:
        print(f"{name:18} {statistics.median(round_[name] for round_ in rounds):7.2f} s CPU")
    ours, theirs = PROGRAMS
    ratios = sorted(round_[ours] / round_[theirs] for round_ in rounds)
    print(f"ratio              {statistics.median(ratios):7.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
