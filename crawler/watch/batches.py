"""Which sources one crawl takes together: those that are to be crawled alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.sources.source import Source

__all__ = ["batches"]


def batches(due: Sequence[Source], size: int, most: int) -> Iterator[list[Source]]:
    """Sources that one crawl can take together, up to `size` each and `most` of them; those due first come first."""
    groups: list[list[Source]] = []
    for source in due:
        group = next((group for group in groups if len(group) < size and _together(group[0], source)), None)
        if group is None:
            if len(groups) == most:
                continue
            groups.append(group := [])
        group.append(source)
    yield from groups


def _together(one: Source, other: Source) -> bool:
    return one.settings == other.settings and not (one.alone or other.alone)
