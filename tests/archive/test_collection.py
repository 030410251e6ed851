"""Collections: made, opened, locked and refused."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.disk import Disk
from archive.errors import ConfigError, DamagedRecord, Locked, NoCollection, NotFound, StorageError
from archive.model import Discovery
from tests.archive.warc.making import exchange, page, response

HOLD = """
import sys
from archive.collection import Collection
collection = Collection.open(sys.argv[1])
with collection.exclusive("wirecopy rebuild") if sys.argv[2] == "alone" else collection.shared("wirecopy crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_made_once_and_opened_after(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "news"
    made = Collection.create(path, operator='Ö "me"')
    again = Collection.create(path, name="other")
    opened = Collection.open(str(path))
    assert made.name == again.name == opened.name == "news"
    assert opened.config.operator == 'Ö "me"'
    assert {entry.name for entry in path.iterdir()} == {"collection.toml", "archive", "text", "indexes", "crawls"}
    assert Path(__file__).parents[2] not in path.parents


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("format = 2\nname = 'x'", "format 2"),
        ("format = 1", "name"),
        ("format = 1\nname = 'x'\ncolour = 'red'", "colour"),
        ("format = ", "collection.toml"),
        ("format = 1\nname = 3", "name"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named(toml: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "collection.toml").write_text(toml)
    with pytest.raises(ConfigError, match=says):
        Collection.open(tmp_path)


def test_what_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(NoCollection, match="does not exist"):
        Collection.open(tmp_path / "nowhere")
    with pytest.raises(NoCollection, match="is not a wirecopy collection"):
        Collection.open(tmp_path)
    file = tmp_path / "file"
    file.write_text("text")
    for call in (Collection.open, Collection.create):
        with pytest.raises(NoCollection, match="is a file"):
            call(file)
    with pytest.raises(NoCollection, match="holds other things"):
        Collection.create(tmp_path)


FIRST = ("sources.toml", "recipes", "state.sqlite", "state.sqlite-wal", "cookies.txt")


@pytest.mark.parametrize(
    "names", [FIRST, *((name,) for name in FIRST), ("sources.toml", "logs", "daemon.log", "tag-cookies.txt")]
)
def test_begun_where_a_user_put_down_what_comes_first(names: tuple[str, ...], tmp_path: Path) -> None:
    for name in (*names, ".env"):
        (tmp_path / name).write_text("")
    assert Collection.create(tmp_path).name == tmp_path.name


@pytest.mark.parametrize(
    "names", [("logs",), ("daemon.log", "state.sqlite"), (*FIRST, "thesis.txt"), ("sources.toml", "src")]
)
def test_not_begun_among_what_is_not_its_own(names: tuple[str, ...], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_text("")
    foreign = "daemon.log" if "daemon.log" in names else names[-1]
    with pytest.raises(NoCollection, match=rf"holds other things \({foreign} "):
        Collection.create(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        Collection.create(tmp_path / "file" / "news")

    class ReadOnly(Disk):
        def open_or_create(self, path: Path) -> int:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    Collection.create(tmp_path / "news")
    collection = Collection.open(tmp_path / "news", disk=ReadOnly())
    with pytest.raises(StorageError, match="Read-only"):
        collection.recorder(crawl_id="1", user_agent="test")


def test_many_write_at_once_and_whoever_needs_it_alone_waits(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    process = holder(tmp_path, "shared")
    with collection.shared("wirecopy crawl"):
        pass
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    with pytest.raises(Locked) as refused, collection.exclusive("wirecopy rebuild"):
        pass
    assert f"'wirecopy crawl' (pid {process.pid}, since 20" in str(refused.value)
    assert f"(pid {os.getpid()}" in str(refused.value)
    assert refused.value.exit_code == 4
    process.kill()
    process.communicate()
    recorder.close()
    with collection.exclusive("wirecopy rebuild"):
        pass
    assert [entry.name for entry in (tmp_path / "locks").iterdir()] == ["collection"]


def test_writers_are_refused_while_somebody_has_it_alone(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    process = holder(tmp_path, "alone")
    for write in (lambda: collection.recorder(crawl_id="1", user_agent="t"), collection.text_writer):
        with pytest.raises(Locked, match=rf"'wirecopy rebuild' \(pid {process.pid}, since 20"):
            write()
    assert Collection.open(tmp_path).recovered == ()
    process.communicate()
    collection.text_writer().close()


def test_who_has_it_alone_may_write(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    with collection.exclusive("wirecopy takedown"):
        collection.text_writer().close()
    with collection.shared("wirecopy crawl"):
        pass


def test_two_processes_write_one_collection(tmp_path: Path) -> None:
    script = (
        "import sys; from archive.collection import Collection; from tests.archive.warc.making import page\n"
        "recorder = Collection.create(sys.argv[1]).recorder(crawl_id='1', user_agent='t')\n"
        "print(*(recorder.record(page(int(sys.argv[2]) + n)).result().id for n in range(30)))\n"
        "recorder.close()"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "news"), str(start)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for start in (0, 1000)
    ]
    told = [identity for process in processes for identity in process.communicate()[0].decode().split()]
    collection = Collection.open(tmp_path / "news")
    assert collection.recovered == ()
    index = collection.index()
    found = {capture.id: capture for capture in index.under()}
    index.close()
    assert len(told) == 60
    assert set(found) == set(told)
    assert len({capture.file for capture in found.values()}) == len(list(collection.archive_dir.iterdir())) == 2
    assert set(collection.closed_files()) == {capture.file for capture in found.values()}


def test_reading_by_place_while_the_file_grows_and_after(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    found = Discovery(via="http://news.example/feed", hops="L", listing="feed", title="Title", authors=("A", "B"))
    capture = recorder.record(exchange(response(b"<p>text"), discovery=found)).result()
    other = recorder.record(page(1)).result()
    assert capture is not None
    assert other is not None
    for _ in range(2):
        record = collection.read(capture.file, capture.offset)
        assert (record.id, record.file.removesuffix(".open")) == (capture.id, capture.file)
        assert b"".join(record.payload()) == b"<p>text"
        assert collection.discovery(capture) == found
        assert collection.discovery(other) == Discovery()
        recorder.close()
    with pytest.raises(NotFound):
        collection.read("other.warc.gz", 0)
    with pytest.raises(DamagedRecord):
        collection.read(capture.file, capture.offset + 1)
    with pytest.raises(DamagedRecord):
        collection.read(capture.file, collection.locate(capture.file).stat().st_size)


def test_closed_files_are_listed_with_what_is_in_them(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    capture = recorder.record(page(1)).result()
    assert capture is not None
    assert collection.closed_files() == {}
    recorder.close()
    with collection.files_path.open("ab") as listing:
        listing.write(b'{"name":"torn')
    recorder = collection.recorder(crawl_id="2", user_agent="test")
    recorder.record(page(2)).result()
    recorder.close()
    files = collection.closed_files()
    assert len(files) == 2
    path = collection.locate(capture.file)
    by_system = subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True)
    listed = files[capture.file]
    assert (listed.size, listed.records, listed.where) == (path.stat().st_size, 4, "archive")
    assert listed.sha256 == by_system.stdout.split()[0]
    good = [json.loads(line) for line in collection.files_path.read_text().splitlines() if line.endswith("}")]
    assert len(good) == 2
