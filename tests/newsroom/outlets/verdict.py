"""What a crawl of the outlets came to, held against what is true: nothing missing, nothing twice, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.newsroom.outlets.outlets import Outlets

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    articles: int
    requests: int
    missing: tuple[str, ...]
    """Articles that no exported row has."""
    incomplete: tuple[str, ...]
    """Of those that have one, the ones of whose paragraphs some are not in it."""
    twice: tuple[str, ...]
    """Addresses that were there, and asked for more than once."""
    strange: tuple[str, ...]
    """Exported rows that are no article, or one that has a row already."""

    @property
    def good(self) -> bool:
        return not (self.missing or self.incomplete or self.twice or self.strange)

    def __str__(self) -> str:
        lines = [f"{self.articles} articles, {self.requests} requests"]
        for name in ("missing", "incomplete", "twice", "strange"):
            lines += [f"{name}: {url}" for url in getattr(self, name)]
        return "\n".join([*lines, "all well" if self.good else "not as it should be"])


def judge(outlets: Outlets, rows: Iterable[Mapping[str, Any]]) -> Verdict:
    """Of one crawl into a new collection; `rows`: what ``wirecopy export jsonl`` wrote."""
    true = outlets.articles
    found: dict[str, Mapping[str, Any]] = {}
    strange = []
    for row in rows:
        url = row["canonical_url"] or row["url"]
        if url not in true or url in found:
            strange.append(row["url"])
        else:
            found[url] = row
    incomplete = [
        url
        for url, row in found.items()
        if not all(_flat(paragraph) in _flat(row["text"] or "") for paragraph in true[url].paragraphs)
    ]
    return Verdict(
        articles=len(true),
        requests=len(outlets.log),
        missing=tuple(url for url in true if url not in found),
        incomplete=tuple(incomplete),
        twice=tuple(url for url, times in outlets.answered().items() if times > 1),
        strange=tuple(strange),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
