"""One crawl of the newsroom for all tests that only look at what it left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import Ran, wirecopy
from tests.newsroom import Newsroom


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    newsroom: Newsroom
    collection: Path
    ran: Ran


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    directory = tmp_path_factory.mktemp("crawl")
    with Newsroom(articles=24) as newsroom:
        ran = wirecopy("crawl", newsroom.url + "/", "--collection", directory / "news", cwd=directory)
        yield Crawled(newsroom=newsroom, collection=directory / "news", ran=ran)
