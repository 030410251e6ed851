from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.archive.care.conftest import made as made
from tests.archive.care.conftest import path as path
from tests.storage.bucket import Bucket, running

_numbers = count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty one, and credentials for it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-that-is-in-no-file")
    found = Bucket(server, f"news-{next(_numbers)}")
    found.make()
    return found
