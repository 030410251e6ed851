"""Run the newsroom: prints its address, serves until told to stop."""

from __future__ import annotations

import argparse
import signal
import threading
from importlib.util import find_spec

from tests.newsroom.misbehaviours import MISBEHAVIOURS
from tests.newsroom.newsroom import Newsroom


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description="A small news site on loopback.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--https", action="store_true", help="speak TLS, with a certificate made for the occasion")
    parser.add_argument("--articles", type=int, default=24, metavar="N", help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which world (default: %(default)s)")
    parser.add_argument("--log", metavar="FILE", help="append each exchange to FILE, a line of JSON each")
    parser.add_argument(
        "--misbehave",
        nargs="+",
        default=(),
        metavar="NAME",
        choices=MISBEHAVIOURS,
        help=f"deal these out to the articles in turn: {', '.join(MISBEHAVIOURS)}",
    )
    args = parser.parse_args()
    if args.https and not find_spec("trustme"):
        parser.error("--https needs trustme: pip install trustme")
    newsroom = Newsroom(
        articles=args.articles,
        seed=args.seed,
        host=args.host,
        port=args.port,
        https=args.https,
        misbehave=args.misbehave,
        log_file=args.log,
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with newsroom:
        print(newsroom.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
