"""What `make crawl` does without a URL: serve the newsroom on loopback and crawl it, with no network at all."""

from __future__ import annotations

import subprocess
import sys

from tests.newsroom import Newsroom

PORT = 8808
"""The same each time where it is free, so that a second crawl meets the addresses of the first."""

COLLECTION = "collections/newsroom"


def open_newsroom() -> Newsroom:
    try:
        return Newsroom(port=PORT)
    except OSError:
        return Newsroom()


def main() -> int:
    with open_newsroom() as newsroom:
        print(f"The bundled newsroom, {len(newsroom.articles)} articles, is at {newsroom.url} while this runs.")
        arguments = ["crawl", newsroom.url + "/", "--collection", COLLECTION, *sys.argv[1:]]
        process = subprocess.Popen([sys.executable, "-m", "crawler", *arguments])
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the terminal told the crawl too: let it finish what it has
                continue


if __name__ == "__main__":
    sys.exit(main())
