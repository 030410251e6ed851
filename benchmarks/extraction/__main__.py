"""Quality and cost of extraction beside other engines: same pages, same run, one process, no network.

    python -m benchmarks.extraction CORPUS [--max N] [--engine NAME]... [--keep DIR] [--folds N]
    python -m benchmarks.extraction CORPUS --memory 20000

CORPUS is a directory with ``truth.jsonl`` (a line a page: page, set, kind, url, text, title, authors, published), the
pages themselves under ``pages/``, gzipped, and ``score.py``, which prints the quality of a file of articles, a line a
set. The engines take turns on each page, so that a noisy machine is as noisy to all of them; CPU counts, not the clock,
and so does the deadline of a page. Other people's engines come with the extra ``bench``.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.extraction.alone import TooLong, deadline, without_network
from benchmarks.extraction.engines import BASELINE, ENGINES, Engine, Row
from benchmarks.extraction.folds import by_fold, judged
from benchmarks.extraction.memory import WAYS, resident


@dataclass(slots=True)
class Cost:
    """What an engine needed for the pages, and what it could not read."""

    seconds: float = 0.0
    failed: int = 0
    too_long: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often pages of one kind, by the truth, were taken for which."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--max", type=int, help="at most so many pages, of all parts of the corpus")
    parser.add_argument("--keep", type=Path, help="leave the articles of each engine here, as JSON Lines")
    parser.add_argument("--engine", action="append", choices=[*ENGINES], help="only these, and the baseline")
    parser.add_argument("--deadline", type=float, default=30.0, help="seconds of CPU that a page may take (30)")
    parser.add_argument("--folds", type=int, metavar="N", help="also the first engine by N parts that share no site")
    parser.add_argument("--memory", type=int, metavar="N", help="instead, how memory grows over N pages")
    arguments = parser.parse_args()
    with (arguments.corpus / "truth.jsonl").open(encoding="utf-8") as truths:
        rows = [json.loads(line) for line in truths]
    if arguments.max and arguments.max < len(rows):
        rows = rows[:: -(-len(rows) // arguments.max)]
    if arguments.memory:
        memory(rows, arguments.corpus, arguments.memory)
        return
    engines, missing = installed([name for name in ENGINES if name in (BASELINE, *(arguments.engine or ENGINES))])
    without_network()
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.keep or Path(scratch)
        out.mkdir(exist_ok=True)
        costs = run(rows, arguments.corpus, out, engines, arguments.deadline)
        table(costs, {name: judged(arguments.corpus, out / f"{name}.jsonl", rows) for name in engines}, len(rows))
        if arguments.folds:
            by_fold(arguments.corpus, out / f"{next(iter(engines))}.jsonl", rows, arguments.folds)
    for name, why in missing.items():
        print(f"\nmissing: {name} ({why})")
    for name, cost in costs.items():
        if cost.kinds:
            print(f"\nkinds by {name}, without a hint from a feed (truth: what became of it)")
            for truth in sorted({truth for truth, _ in cost.kinds}):
                found = {kind: count for (of, kind), count in sorted(cost.kinds.items()) if of == truth}
                print(f"  {truth:14} {found}")


def installed(names: Sequence[str]) -> tuple[dict[str, Engine], dict[str, str]]:
    """The engines that are there, and why others are not."""
    engines: dict[str, Engine] = {}
    missing: dict[str, str] = {}
    for name in names:
        try:
            engines[name] = ENGINES[name]()
        except ImportError as error:
            missing[name] = str(error)
    return engines, missing


def run(rows: Sequence[Row], corpus: Path, out: Path, engines: Mapping[str, Engine], seconds: float) -> dict[str, Cost]:
    """Every engine on every page; what each found is left in `out`."""
    costs = {name: Cost() for name in engines}
    files = {name: (out / f"{name}.jsonl").open("w", encoding="utf-8") for name in engines}
    warm = gzip.decompress((corpus / "pages" / rows[0]["page"]).read_bytes())
    for engine in engines.values():
        engine(warm, "https://example.org/warm")
    gc.freeze()  # as a worker does when it is warm: what engines loaded is not looked through at a page's expense
    for row in rows:
        page = gzip.decompress((corpus / "pages" / row["page"]).read_bytes())
        url = row["url"] or f"http://localhost/{row['page']}"
        for name, engine in engines.items():
            cost = costs[name]
            began = time.process_time()
            try:
                with deadline(seconds):
                    found = engine(page, url)
            except TooLong:
                found = {}
                cost.too_long += 1
            except Exception:  # noqa: BLE001 - they raise all sorts of things
                found = {}
                cost.failed += 1
            cost.seconds += time.process_time() - began
            print(json.dumps({"page": row["page"], **found}), file=files[name])
            if "kind" in found:
                cost.kinds[row["kind"], found["kind"]] += 1
    for file in files.values():
        file.close()
    return costs


def table(costs: Mapping[str, Cost], scores: Mapping[str, Mapping[str, Mapping[str, str]]], pages: int) -> None:
    """One line an engine, in Markdown."""
    sets = list(next(iter(scores.values())))
    head = ["", *(f"text, {name}" for name in sets), "title", "author", "day", "ms CPU", "of the baseline", "failed"]
    print(f"{pages} pages\n")
    print("|", " | ".join(head), "|")
    print("|", " | ".join("---" for _ in head), "|")
    for name, cost in costs.items():
        texts = [f"{float(scores[name][of]['text']):.3f}" for of in sets]
        rights = [scores[name]["all"][field] for field in ("title", "author", "day")]
        fields = ["" if right in ("-", "0.000") else right for right in rights]
        ratio = cost.seconds / costs[BASELINE].seconds
        failed = f"{cost.failed + cost.too_long}" + (f" ({cost.too_long} too long)" if cost.too_long else "")
        print(
            "|", " | ".join([name, *texts, *fields, f"{1000 * cost.seconds / pages:.1f}", f"{ratio:.2f}", failed]), "|"
        )


def memory(rows: Sequence[Row], corpus: Path, count: int) -> None:
    pages = [(corpus / "pages" / row["page"], row["url"] or f"http://localhost/{row['page']}") for row in rows]
    for way in WAYS:
        for number, now, most in resident(pages, way, count):
            print(f"{way:16} after {number:6} pages: {now / 1e6:4.0f} MB, {most / 1e6:4.0f} MB at most", flush=True)


if __name__ == "__main__":
    main()
