from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.archive.care.collections import build


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with nothing wrong: to be read only."""
    path = tmp_path_factory.mktemp("sound") / "news"
    build(path)
    return path


@pytest.fixture
def collection(sound: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    path = tmp_path / "news"
    shutil.copytree(sound, path)
    return path


@pytest.fixture
def warc(collection: Path) -> Path:
    """Its one file of captures."""
    (path,) = (collection / "archive").glob("*.warc.gz")
    return path
