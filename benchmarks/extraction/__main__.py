"""Quality and cost of extraction beside trafilatura by its defaults, same pages, same run, one process.

    python -m benchmarks.extraction CORPUS [--max N] [--keep DIR]

CORPUS is a directory with ``truth.jsonl`` (a line a page: page, set, kind, url, text, title, authors, published), the
pages themselves under ``pages/``, gzipped, and ``score.py``, which prints the quality of a file of articles. The
engines take turns on each page, so that a noisy machine is as noisy to all of them; CPU counts, not the clock.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from archive.extract.article import extract

Row = dict[str, Any]


def wirecopy(page: bytes, url: str) -> Row:
    found = extract(page, url=url, charset=None)
    return {
        "text": found.text,
        "title": found.title,
        "authors": found.authors,
        "published": found.published,
        "kind": found.kind,
        "error": found.error,
    }


def plain_trafilatura(page: bytes, url: str) -> Row:
    found = trafilatura.bare_extraction(page, url=url)
    return {"text": getattr(found, "text", None)}


def trafilatura_with_metadata(page: bytes, url: str) -> Row:
    found = trafilatura.bare_extraction(page, url=url, with_metadata=True)
    author = getattr(found, "author", None)
    return {
        "text": getattr(found, "text", None),
        "title": getattr(found, "title", None),
        "authors": author.split("; ") if author else [],
        "published": getattr(found, "date", None),
    }


ENGINES: dict[str, Callable[[bytes, str], Row]] = {
    "trafilatura": plain_trafilatura,
    "trafilatura+meta": trafilatura_with_metadata,
    "wirecopy": wirecopy,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--max", type=int, help="at most so many pages")
    parser.add_argument("--keep", type=Path, help="leave the articles of each engine here, as JSON Lines")
    arguments = parser.parse_args()
    with (arguments.corpus / "truth.jsonl").open(encoding="utf-8") as truths:
        rows = [json.loads(line) for line in truths]
    rows = rows[: arguments.max]
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.keep or Path(scratch)
        out.mkdir(exist_ok=True)
        kinds, cpu = run(rows, arguments.corpus, out)
        for name in ENGINES:
            print(f"\n{name}: {cpu[name]:.1f} ms CPU a page, {cpu[name] / cpu['trafilatura']:.2f} of trafilatura")
            subprocess.run([sys.executable, arguments.corpus / "score.py", out / f"{name}.jsonl"], check=True)
    print("\nkinds, without a hint from a feed (truth: what became of it)")
    for truth in sorted({truth for truth, _ in kinds}):
        found = {kind: count for (of, kind), count in sorted(kinds.items()) if of == truth}
        print(f"  {truth:14} {found}")


def run(rows: list[Row], corpus: Path, out: Path) -> tuple[Counter[tuple[str, str]], dict[str, float]]:
    """Every engine on every page: how its pages were sorted, and milliseconds of CPU a page."""
    kinds: Counter[tuple[str, str]] = Counter()
    spent = dict.fromkeys(ENGINES, 0.0)
    files = {name: (out / f"{name}.jsonl").open("w", encoding="utf-8") for name in ENGINES}
    warm = gzip.decompress((corpus / "pages" / rows[0]["page"]).read_bytes())
    for engine in ENGINES.values():
        engine(warm, "https://example.org/warm")
    for row in rows:
        page = gzip.decompress((corpus / "pages" / row["page"]).read_bytes())
        url = row["url"] or f"http://localhost/{row['page']}"
        for name, engine in ENGINES.items():
            began = time.process_time()
            found = engine(page, url)
            spent[name] += time.process_time() - began
            print(json.dumps({"page": row["page"], **found}), file=files[name])
            if "kind" in found:
                kinds[row["kind"], found["kind"]] += 1
    for file in files.values():
        file.close()
    return kinds, {name: 1000 * seconds / len(rows) for name, seconds in spent.items()}


if __name__ == "__main__":
    main()
