from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.archive.care.collections import build
from tests.archive.care.removing import SECRET, holding, pages


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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three crawls and what was read from them, one secret in it: to be read only."""
    path = tmp_path_factory.mktemp("made") / "news"
    pages(path)
    assert len(holding(path, SECRET)) >= 3
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as a test likes."""
    return Path(shutil.copytree(made, tmp_path / "news"))


@pytest.fixture
def warc(collection: Path) -> Path:
    """Its one file of captures."""
    (path,) = (collection / "archive").glob("*.warc.gz")
    return path
