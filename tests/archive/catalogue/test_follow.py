"""Index files followed as they grow, close, and are cut back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.catalogue.follow import behind, follow, sizes
from archive.catalogue.store import Catalogue
from archive.index import cdxj
from archive.model import Capture
from tests.archive.catalogue.test_store import capture

CAPTURES = [capture(number, f"/{9 - number}") for number in range(10)]


@pytest.fixture
def indexes(tmp_path: Path) -> Path:
    directory = tmp_path / "indexes"
    directory.mkdir()
    return directory


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "catalogue.sqlite", create=True) as opened:
        yield opened


def lines(captures: Sequence[Capture]) -> bytes:
    return b"".join(cdxj.line(each).encode() + b"\n" for each in captures)


def ids(catalogue: Catalogue) -> set[str]:
    return {capture_id for (capture_id,) in catalogue.connection.execute("SELECT id FROM captures")}


def of(captures: Sequence[Capture]) -> set[str]:
    return {each.id for each in captures}


def close(indexes: Path, captures: Sequence[Capture]) -> None:
    (indexes / "A.cdxj").write_bytes(b"".join(sorted(lines(captures).splitlines(keepends=True))))
    (indexes / "A.cdxj.open").unlink()


def test_takes_whole_lines_as_they_come(indexes: Path, catalogue: Catalogue) -> None:
    growing = indexes / "A.cdxj.open"
    data = lines(CAPTURES)
    third = len(lines(CAPTURES[:3]))
    growing.write_bytes(data[: third + 40])
    assert follow(catalogue, indexes) == 3
    assert follow(catalogue, indexes) == 0
    growing.write_bytes(data)
    assert behind(catalogue, indexes, sizes(indexes))
    assert follow(catalogue, indexes) == 7
    assert not behind(catalogue, indexes, sizes(indexes))
    assert ids(catalogue) == of(CAPTURES)


@pytest.mark.parametrize("seen", [0, 4, 10])
def test_a_closed_index_is_the_same_captures(indexes: Path, catalogue: Catalogue, seen: int) -> None:
    if seen:
        (indexes / "A.cdxj.open").write_bytes(lines(CAPTURES[:seen]))
        assert follow(catalogue, indexes) == seen
    wanted = {"indexes/A.cdxj": len(lines(CAPTURES))}
    (indexes / "A.cdxj.open").touch()
    close(indexes, CAPTURES)
    assert follow(catalogue, indexes) == 10 - seen
    assert follow(catalogue, indexes) == 0
    assert not behind(catalogue, indexes, wanted)
    assert ids(catalogue) == of(CAPTURES)


def test_a_sorted_index_beside_the_growing_one_counts(indexes: Path, catalogue: Catalogue) -> None:
    (indexes / "A.cdxj.open").write_bytes(lines(CAPTURES))
    (indexes / "A.cdxj").write_bytes(lines(CAPTURES[::-1]))
    assert follow(catalogue, indexes) == 10


def test_what_a_recovery_cut_off_is_forgotten(indexes: Path, catalogue: Catalogue) -> None:
    (indexes / "A.cdxj.open").write_bytes(lines(CAPTURES))
    follow(catalogue, indexes)
    close(indexes, [*CAPTURES[:6], capture(20)])
    follow(catalogue, indexes)
    assert ids(catalogue) == of([*CAPTURES[:6], capture(20)])


def test_a_closed_index_that_was_rewritten_is_read_again(indexes: Path, catalogue: Catalogue) -> None:
    (indexes / "A.cdxj").write_bytes(lines(CAPTURES[::-1]))
    follow(catalogue, indexes)
    (indexes / "A.cdxj").write_bytes(lines(CAPTURES[4:][::-1]))
    follow(catalogue, indexes)
    assert ids(catalogue) == of(CAPTURES[4:])


def test_lines_of_others_do_no_harm(indexes: Path, catalogue: Catalogue) -> None:
    foreign = (
        b'com,example)/ 20260101000000 {"url": "https://example.com/", "mime": "text/html", "status": "200", '
        b'"digest": "ABC", "length": "10", "offset": "0", "filename": "B.warc.gz"}\n'
    )
    (indexes / "A.cdxj").write_bytes(foreign + b"not a line\n\xff\xfe 1 {}\n" + lines(CAPTURES[:1]) + foreign)
    assert follow(catalogue, indexes) == 1
    assert ids(catalogue) == of(CAPTURES[:1])


def test_many_lines_take_many_transactions(indexes: Path, catalogue: Catalogue) -> None:
    many = [capture(number, f"/{number}") for number in range(5_000)]
    (indexes / "A.cdxj.open").write_bytes(lines(many))
    assert follow(catalogue, indexes) == 5_000
    assert catalogue.last_number() == 5_000


def test_no_directory_is_no_lines(tmp_path: Path, catalogue: Catalogue) -> None:
    assert follow(catalogue, tmp_path / "nothing") == 0
    assert sizes(tmp_path / "nothing") == {}
