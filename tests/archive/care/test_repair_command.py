"""wirecopy repair, as a user runs it."""

from __future__ import annotations

from pathlib import Path

from archive.collection import Collection
from tests.archive.care.collections import defects
from tests.archive.care.test_repair import damage_a_middle
from tests.archive.care.test_verify_collection import index_lost, refers_to_nothing
from tests.commands import wirecopy


def test_says_what_it_would_do_does_it_and_is_done(collection: Path, warc: Path) -> None:
    damage_a_middle(warc)
    where = ("--jobs", "1", "--collection", collection)
    dry = wirecopy("repair", "--dry-run", *where, cwd=collection)
    assert dry.code == 6
    assert f"archive/{warc.name} (damaged-member)" in dry.out
    assert "to be made anew from its whole records" in dry.out
    assert not (collection / "quarantine").exists()

    done = wirecopy("repair", *where, cwd=collection)
    assert done.code == 0, done.err
    assert "44 records kept" in done.out
    assert "1 remedies done, 0 defects left" in done.err
    assert defects(collection) == []


def test_names_what_it_leaves(collection: Path) -> None:
    refers_to_nothing(collection)
    index_lost(collection)
    ran = wirecopy("repair", "--json", "--jobs", "1", "--collection", collection, cwd=collection)
    assert ran.code == 1
    remedy, left = ran.rows
    assert (remedy["remedy"], remedy["codes"]) == ("index", ["index-missing"])
    assert left["left"]["code"] == "dangling-refers"
    assert "only a copy" in left["why"]


def test_refuses(collection: Path, tmp_path: Path) -> None:
    assert wirecopy("repair", "nothing.warc.gz", "--collection", collection, cwd=collection).code == 2
    assert wirecopy("repair", "--collection", tmp_path / "none", cwd=collection).code == 3
    with Collection.open(collection).shared("wirecopy crawl"):
        ran = wirecopy("repair", "--collection", collection, cwd=collection)
    assert ran.code == 4
    assert "wirecopy crawl" in ran.err
