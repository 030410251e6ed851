"""Run the outlets and crawl them, or only run them: ``python -m tests.newsroom.outlets [--serve] [NAME...]``."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.newsroom.outlets.outlets import OPTIONS, OUTLETS, Outlets
from tests.newsroom.outlets.verdict import judge


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom.outlets", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all): {', '.join(OUTLETS)}")
    parser.add_argument("--articles", type=int, default=12, metavar="N", help="on each host (default: %(default)s)")
    parser.add_argument("--serve", action="store_true", help="print the addresses and serve until told to stop")
    parser.add_argument("--collection", metavar="DIR", help="where to keep the crawl (default: a temporary directory)")
    args = parser.parse_args()
    if unknown := set(args.names) - OUTLETS.keys():
        parser.error(f"no such outlet: {', '.join(sorted(unknown))}")
    with Outlets(args.names or OUTLETS, articles=args.articles) as outlets:
        if args.serve:
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            print(*outlets.urls, sep="\n", flush=True)
            stop.wait()
            return 0
        with tempfile.TemporaryDirectory() as temporary:
            collection = Path(args.collection or temporary)
            command = [sys.executable, "-m", "crawler"]
            where = ["--collection", str(collection)]
            code = subprocess.run([*command, "crawl", *outlets.urls, *where, *OPTIONS], check=False).returncode
            exported = subprocess.run([*command, "export", "jsonl", *where], check=True, capture_output=True, text=True)
            verdict = judge(outlets, [json.loads(line) for line in exported.stdout.splitlines()])
    print(verdict)
    return code or int(not verdict.good)


if __name__ == "__main__":
    sys.exit(main())
