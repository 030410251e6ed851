"""The same bytes give the same article: in another order, in other processes, with another number of them."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import cycle, islice
from pathlib import Path

import msgspec
import pytest

from archive.extract.pool import ExtractPool, Job
from archive.model import Extraction
from tests.newsroom.templates import article_page
from tests.newsroom.world import articles
from tests.soak.progress import SEED

_CORPUS = os.environ.get("WIRECOPY_CORPUS")
"""A directory with pages/*/*.html.gz: real ones say more than those of the newsroom."""
_AHEAD = 16


@pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=pytest.mark.soak)])
def test_pages_are_read_alike_in_any_order_by_any_number_of_processes(count: int) -> None:
    first = list(islice(cycle(pages(count)), count))
    second = random.Random(SEED).sample(first, count)
    once: dict[str, bytes] = {}
    for name, digest in read(first, workers=1):
        assert once.setdefault(name, digest) == digest, f"{name} was read otherwise when it came again"
    others = [name for name, digest in read(second, workers=3) if once[name] != digest]
    assert not others


def pages(most: int) -> Sequence[Job]:
    """Different pages, `most` at most."""
    if _CORPUS:
        paths = sorted(Path(_CORPUS).glob("pages/*/*.html.gz"))[:most]
        return [Job(url=f"https://example.org/{path.stem}", page=gzip.decompress(path.read_bytes())) for path in paths]
    some = list(islice(articles(), min(most, 400)))
    site = "https://example.org"
    return [
        Job(url=site + article.path, page=article_page(article, site, some[number : number + 8]))
        for number, article in enumerate(some)
    ]


def read(jobs: Sequence[Job], workers: int) -> Iterator[tuple[str, bytes]]:
    """The name of each page, and a digest of all that was read from it."""
    waiting: deque[tuple[str, Future[Extraction]]] = deque()
    with ExtractPool(workers) as pool:
        for job in jobs:
            waiting.append((job.url, pool.submit(job)))
            if len(waiting) > _AHEAD:
                yield _digested(*waiting.popleft())
        while waiting:
            yield _digested(*waiting.popleft())


def _digested(name: str, extraction: Future[Extraction]) -> tuple[str, bytes]:
    return name, hashlib.sha256(msgspec.json.encode(extraction.result(), order="deterministic")).digest()
