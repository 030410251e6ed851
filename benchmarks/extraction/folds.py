"""How an engine does on parts of a corpus that share no site: how far the figures of other sites may lie apart.

A site is a registered domain, and its hash says which fold its pages are in: a rule that was made on some sites is
judged on the others. A gain that one fold has alone is a habit of one of its sites.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from archive.model import NOT_ARTICLES
from archive.urls import host_of, registrable_domain
from benchmarks.extraction.engines import Row

__all__ = ["by_fold", "judged"]

_SCORE = re.compile(
    r"^(\S+) .* F1 (?P<text>[\d.]+)  mean.* title [\d.-]+/(?P<title>\S+)  authors (?P<author>\S+)  day (?P<day>\S+)"
    r"  time (?P<time>\S+)",
    re.MULTILINE,
)


def judged(corpus: Path, articles: Path, rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """By set, and of ``all``: F1 of the text, titles, authors, days and times that are right, by the corpus's judge."""
    truth = articles.with_suffix(".truth")
    truth.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    judge = [sys.executable, str(corpus / "score.py"), str(articles), "--truth", str(truth)]
    said = subprocess.run(judge, check=True, capture_output=True, text=True).stdout
    truth.unlink()
    return {match[1]: match.groupdict() for match in _SCORE.finditer(said)}


def by_fold(corpus: Path, articles: Path, rows: Sequence[Row], count: int) -> None:
    """One line a fold, one of all and one a set, in Markdown."""
    with articles.open(encoding="utf-8") as lines:
        kinds = {found["page"]: found.get("kind") for found in map(json.loads, lines)}
    parts: dict[str, list[Row]] = {f"fold {number}": [] for number in range(1, count + 1)} | {"all": list(rows)}
    for row in rows:
        parts[f"fold {1 + _fold(row, count)}"].append(row)
        parts.setdefault(row["set"], []).append(row)
    print("\n|  | sites | pages | text | title | author | day | time | articles told | others told |")
    print("| --- " * 10 + "|")
    for name, part in parts.items():
        right = judged(corpus, articles, part)["all"]
        told = [_told(part, kinds, article=True), _told(part, kinds, article=False)]
        print("|", " | ".join([name, str(len(set(map(_site, part)))), str(len(part)), *right.values(), *told]), "|")


def _site(row: Row) -> str:
    return registrable_domain(host_of(row["url"])) if row["url"] else str(row["page"])


def _fold(row: Row, count: int) -> int:
    return sha256(_site(row).encode()).digest()[0] % count


def _told(rows: Sequence[Row], kinds: Mapping[str, str | None], *, article: bool) -> str:
    """How many pages of the one sort were told to be of it."""
    said = [kinds.get(row["page"]) not in NOT_ARTICLES for row in rows if (row["kind"] == "article") is article]
    return f"{sum(one is article for one in said) / len(said):.3f}" if said else "-"
