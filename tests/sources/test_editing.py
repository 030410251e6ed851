"""sources.toml changed by commands: what a person wrote stays, and nothing breaks the file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from lxml import etree

from archive.errors import ConfigError
from crawler.sources import editing, opml
from crawler.sources.file import read
from tests.commands import Ran, wirecopy

HAND = """\
# mine
format = 1

[[source]]  # the first
name = "A"
url = "https://a.example/"   # home
"""


def test_comments_and_order_stay(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(HAND)
    assert editing.add(file, [{"name": "A", "url": "https://other.example/"}]) == ["a-2"]
    editing.set_enabled(file, "a", False)
    assert [(source.id, source.enabled) for source in read(file)] == [("a", False), ("a-2", True)]
    editing.set_enabled(file, "a", True)
    editing.remove(file, "a-2")
    assert file.read_text().rstrip() == HAND.rstrip()


def test_a_source_is_added_by_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> Ran:
        return wirecopy("sources", *arguments, cwd=tmp_path)

    assert (
        run("add", "https://münchen.example/", "--untried").out
        == "added munchen-example to collections/news/sources.toml\n"
    )
    again = run("add", "https://www.xn--mnchen-3ya.example", "--untried")
    assert (again.code, "munchen-example watches" in again.err) == (2, True)
    bare = run("add", "example.org")
    assert (bare.code, bare.err.endswith("did you mean https://example.org ?\n")) == (2, True)
    assert run("list").out == "munchen-example  adaptive, 20m to 6h   https://münchen.example/\n"


def test_whoever_adds_at_the_same_time_waits(tmp_path: Path) -> None:
    file = tmp_path / "news" / "sources.toml"
    adding = [
        threading.Thread(target=editing.add, args=(file, [{"name": f"N{n}", "url": f"https://n{n}.example/"}]))
        for n in range(12)
    ]
    for each in adding:
        each.start()
    for each in adding:
        each.join()
    assert {source.id for source in read(file)} == {f"n{n}" for n in range(12)}


def test_where_a_source_has_moved_to_is_written_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(HAND + 'feeds = ["https://a.example/1", "https://a.example/2"] # two\n')
    moves = {"https://a.example/2": "https://b.example/2", "https://a.example/": "https://b.example/"}
    assert editing.move(file, "a", moves) == moves
    assert file.read_text() == HAND.replace("a.example", "b.example") + (
        'feeds = ["https://a.example/1", "https://b.example/2"] # two\n'
    )
    assert editing.move(file, "a", moves) == {}


def test_a_change_that_would_break_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(HAND)
    with pytest.raises(ConfigError, match=r"source\[1\]\.url: .*; nothing was changed"):
        editing.add(file, [{"name": "B", "url": "b.example"}])
    with pytest.raises(ConfigError, match="no source 'nobody'"):
        editing.remove(file, "nobody")
    assert file.read_text() == HAND
    assert list(tmp_path.iterdir()) == [file]


def test_opml_goes_out_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    entries = [
        {"name": "Ä & Co", "url": "https://a.example/", "feeds": ["https://a.example/rss?x=1&y=2"]},
        {"name": "B", "url": "https://b.example/", "feeds": ["https://b.example/atom"]},
    ]
    editing.add(file, entries)
    written = opml.write(read(file))
    assert etree.fromstring(written).tag == "opml"
    assert opml.read(written) == entries


def test_opml_of_feed_readers_with_folders_and_damage() -> None:
    text = b"""<opml version="1.0"><body><outline text="News"><outline type="rss" text="One" xmlUrl="http://one.example/f"/>
    <outline text="Two" xmlurl="http://two.example/f" htmlUrl="http://two.example/"/></outline>
    <outline text="Again" xmlUrl="http://one.example/f"><outline text="none"/>
    <outline text="Three" xmlUrl="feed://three.example/f"/><outline text="Four" xmlUrl="feed:https://four.example/f"/>
    </body>"""
    assert [(entry["name"], entry["url"]) for entry in opml.read(text)] == [
        ("One", "http://one.example/f"),
        ("Two", "http://two.example/"),
        ("Three", "http://three.example/f"),
        ("Four", "https://four.example/f"),
    ]
    with pytest.raises(ConfigError, match="no OPML"):
        opml.read(b"not xml at all")
