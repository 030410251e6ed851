"""A disk that refuses, at each change to a file that a whole crawl makes, SQLite's and the log's too.

The crawl must say in one line what was refused, end with 5, and leave what was there before as it was; with the disk
well again, the same command completes. A fault that does no harm (a file that could not be tidied away, a lost line of
the log) may leave the crawl to end well: then all must be there.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import Collection
from tests.newsroom import Newsroom
from tests.soak.acks import read
from tests.soak.crawls import Crawl
from tests.soak.lives import defects
from tests.soak.progress import SEED, Progress
from tests.soak.records import kept
from tests.soak.shim import FAULTS, Fault, faulty, needs_shim, sites, tracing

pytestmark = needs_shim


@dataclass(frozen=True, slots=True)
class Scene:
    """A newsroom, and a collection that has one of its pages; or has yet to be made."""

    newsroom: Newsroom
    prepared: Path | None
    sites: list[tuple[str, str, int]]

    def crawl(self, collection: Path, **options: object) -> Crawl:
        url = self.newsroom.url + self.newsroom.articles[1].path
        return Crawl(url, collection, "--scope", "page", "--workers", "1", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    directory = tmp_path_factory.mktemp("scene")
    prepared = directory / "prepared"
    with Newsroom(articles=4) as newsroom:
        if request.param == "later":
            url = newsroom.url + newsroom.articles[0].path
            code, err = Crawl(url, prepared, "--scope", "page", "--workers", "1").finish()
            assert code == 0, err
            shutil.copytree(prepared, directory / "news")
        traced = Scene(newsroom, prepared if prepared.exists() else None, [])
        env = tracing(directory / "news", directory / "trace")
        code, err = traced.crawl(directory / "news", env=env).finish()
        assert code == 0, err
        yield Scene(newsroom, traced.prepared, sites(directory / "trace"))


def suffer(scene: Scene, fault: Fault, directory: Path) -> str:
    """One crawl that meets the fault, and one after it; how the first ended."""
    collection, acks = directory / "news", directory / "acks.jsonl"
    if scene.prepared is not None:
        shutil.copytree(scene.prepared, collection)
    before = kept(collection)
    code, err = scene.crawl(collection, acks=acks, env=faulty(fault, collection)).finish()
    assert "Traceback" not in err, f"{fault}: {err}"
    assert code in (0, 5), f"{fault}: exit {code}: {err}"
    complaints = [line for line in err.splitlines() if re.match(r"(wirecopy:)?\s*cannot write ", line)]
    assert len(complaints) == (1 if code == 5 else 0), f"{fault}: exit {code}: {err}"
    after = kept(collection)
    told = {f"<{identity}>" for identity in read(acks)}
    assert before.items() <= after.items(), f"{fault}: what was there was changed"
    assert told <= after.keys(), f"{fault}: a callback ran without a record"

    code_again, err = scene.crawl(collection).finish() if code else (0, "")
    assert code_again == 0, f"after {fault}: exit {code_again}: {err}"
    again = kept(collection)
    assert (before | {key: after[key] for key in told}).items() <= again.items(), f"after {fault}: a record was lost"
    found = [str(defect) for defect in defects(collection)]
    assert not found, f"after {fault}: {found}"
    with Collection.open(collection) as opened:
        wanted = {scene.newsroom.url + article.path for article in scene.newsroom.articles[bool(before) ^ 1 : 2]}
        assert {article.url for article in opened.articles()} == wanted, f"after {fault}: not all was read"
    return f"exit {code}"


@pytest.mark.parametrize(
    ("operation", "pattern", "number", "what"),
    [
        ("write", "archive/*", 1, "short"),
        ("fsync", "text/*.open", 0, "EIO"),
        ("rename", "archive/*", 0, "EROFS"),
        ("write", "catalogue.sqlite-wal", 3, "ENOSPC"),
    ],
)
@pytest.mark.parametrize("scene", ["later"], indirect=True)
def test_a_disk_that_refuses(
    scene: Scene, operation: str, pattern: str, number: int, what: str, tmp_path: Path
) -> None:
    assert suffer(scene, Fault(operation, pattern, number, what), tmp_path) == "exit 5"


@pytest.mark.soak
@pytest.mark.parametrize("scene", ["first", "later"], indirect=True)
def test_every_fault_at_every_site(scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("faults-later" if scene.prepared else "faults-first")
    faults = [Fault(*site, what) for site in scene.sites for what in FAULTS if site[0] == "write" or what != "short"]
    random.Random(SEED).shuffle(faults)
    broken = []
    for number, fault in enumerate(faults):
        if str(fault) in progress:
            continue
        directory = tmp_path / str(number)
        directory.mkdir()
        try:
            progress.add(str(fault), suffer(scene, fault, directory))
        except AssertionError as error:
            broken.append(str(error).partition("\nassert")[0])
        shutil.rmtree(directory)
    assert not broken, "\n".join(broken)
    with capsys.disabled():
        print(f"\n{len(faults)} faults survived")
    progress.finish()
