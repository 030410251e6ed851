"""Closed files in a bucket of a real S3 server, and over a way to it that fails at every step in every way."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from archive.api import Collection
from archive.care.back import bring_back
from archive.care.takedown import content_target
from archive.care.verify import Verification
from archive.digest import digest
from archive.errors import ConfigError
from archive.storage.address import Address, parse
from archive.storage.stores import open_store
from crawler.commands.ship import chosen
from tests.archive.care.collections import defects
from tests.archive.care.removing import PAGE, SECRET, URL, crawl, page, take_down
from tests.archive.care.shipping import nothing_lost, sent, shipped_to, warcs
from tests.commands import start, wirecopy
from tests.storage.bucket import Bucket
from tests.storage.proxy import FAULTS, Fault, failing


def at(bucket: Bucket, endpoint: str | None = None) -> Address:
    return parse(f"s3://{bucket.name}/warc", base=Path(), endpoint=endpoint or bucket.endpoint, region="eu-central-1")


def held(bucket: Bucket) -> dict[str, bytes]:
    """The WARC files that are there."""
    return {key: data for key, data in bucket.objects("warc").items() if key.endswith(".warc.gz")}


def test_files_go_to_a_bucket_are_read_there_and_come_back(path: Path, bucket: Bucket) -> None:
    before = warcs(path)
    done = shipped_to(path, at(bucket))
    assert (len(done.shipped), len(done.dropped), done.failed) == (5, 5, [])
    assert held(bucket) == before
    assert warcs(path) == {}
    with Collection.open(path) as collection:
        assert collection.payload(collection.captures("http://news.example/copy")[0]) == PAGE  # a revisit
    whole = Verification(path, jobs=2, remote=True)
    assert [each for each in whole if each.severity == "defect"] == []
    assert whole.sums.files == 5
    assert len(bring_back(Collection.open(path))) == 5
    assert warcs(path) == before
    assert defects(path) == []
    everything = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert b"a-secret-that-is-in-no-file" not in everything
    assert b"somebody" not in everything


def test_a_file_of_many_parts_is_whole_there(tmp_path: Path, bucket: Bucket) -> None:
    path = tmp_path / "news"
    body = random.Random(3).randbytes(17_000_000)
    crawl(path, [page(body=body)])
    seen: list[str] = []

    def decide(number: int, method: str) -> Fault | None:
        seen.append(method)
        if method == "POST" and seen.count("POST") == 2:
            return "unanswered"  # it is put together, and asked for again
        return "changed request" if len(seen) == 4 else "cut request" if len(seen) == 6 else None

    with failing(bucket.endpoint, decide) as endpoint:
        done = shipped_to(path, at(bucket, endpoint))
        assert done.failed == []
        assert seen.count("PUT") >= 4, "three parts, and more of them again"
        nothing_lost(path, held(bucket))
        with Collection.open(path) as collection:
            assert collection.payload(collection.captures(URL)[0]) == body


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_request_loses_nothing(path: Path, bucket: Bucket, fault: Fault) -> None:
    """At each request of a pass in turn, one fault; the pass gets over it, or says so and keeps the file."""
    for text in (path / "text").glob("*"):
        text.unlink()
    listing = path / "files.jsonl"
    listing.write_text("".join(line for line in listing.read_text().splitlines(True) if '"archive"' in line))
    before = warcs(path)
    faulty = set(range(0, 30, 3))

    def decide(number: int, method: str) -> Fault | None:
        return fault if number in faulty else None

    with failing(bucket.endpoint, decide) as endpoint:
        done = shipped_to(path, at(bucket, endpoint))
        nothing_lost(path, held(bucket))
        for _ in range(2):
            done = shipped_to(path, at(bucket, endpoint))
            nothing_lost(path, held(bucket))
    assert done.failed == []
    assert held(bucket) == before
    assert warcs(path) == {}


def test_what_a_store_keeps_wrong_is_never_taken_for_a_copy(path: Path, bucket: Bucket) -> None:
    """A store that changes whatever it is sent, and believes itself."""
    before = warcs(path)
    with failing(bucket.endpoint, lambda number, method: "changed request" if method == "PUT" else None) as endpoint:
        done = shipped_to(path, at(bucket, endpoint))
    assert done.shipped == done.dropped == []
    assert any("read back" in failure.why for failure in done.failed)
    assert warcs(path) == before
    assert sent(path) == set()
    assert shipped_to(path, at(bucket)).failed == []  # what it has is known to be ours, and is written over
    assert held(bucket) == before


def test_faults_at_random_and_deaths_at_random(path: Path, bucket: Bucket) -> None:
    perish(path, bucket, seed=1, deaths=4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_faults_at_random_and_many_deaths_at_random(path: Path, bucket: Bucket, seed: int) -> None:
    perish(path, bucket, seed=seed, deaths=20)


def perish(path: Path, bucket: Bucket, *, seed: int, deaths: int) -> None:
    """Passes killed at some request, or a moment after it, over a way on which every third request fails."""
    chance = random.Random(seed)
    before = warcs(path)
    for _ in range(deaths):
        last, later, reached = chance.randrange(12), chance.random() * 0.02, threading.Event()
        faults = [chance.choice(FAULTS) if chance.random() < 0.3 else None for _ in range(100)]
        with failing(bucket.endpoint, partial(faulty, faults, last, reached)) as endpoint:
            process = start("ship", "--collection", path, *to(bucket, endpoint), "--keep", "0", cwd=path.parent)
            killer = threading.Thread(target=kill, args=(process.pid, reached, later))
            killer.start()
            process.communicate(timeout=120)
            reached.set()
            killer.join()
        nothing_lost(path, held(bucket))
    with (path / "collection.toml").open("a") as config:  # the ways by which it was shipped are closed
        config.write(f'[ship]\nto = "s3://{bucket.name}/warc"\nendpoint = "{bucket.endpoint}"\n')
    done = shipped_to(path, at(bucket))
    assert done.failed == []
    assert held(bucket) == before
    assert warcs(path) == {}
    assert [each for each in Verification(path, jobs=1, remote=True) if each.severity == "defect"] == []


def faulty(
    faults: Sequence[Fault | None], last: int, reached: threading.Event, number: int, method: str
) -> Fault | None:
    if number >= last:
        reached.set()
    return faults[number % len(faults)]


def kill(pid: int, reached: threading.Event, later: float) -> None:
    reached.wait(60)
    threading.Event().wait(later)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def to(bucket: Bucket, endpoint: str) -> list[str]:
    return ["--to", f"s3://{bucket.name}/warc", "--endpoint", endpoint, "--region", "eu-central-1"]


def test_what_is_taken_down_goes_from_the_bucket(path: Path, bucket: Bucket) -> None:
    shipped_to(path, at(bucket))
    take_down(path, content_target(digest(PAGE)))
    left = held(bucket)
    shipped_to(path, at(bucket))
    nothing_lost(path, held(bucket))
    assert len(left) < 5, "files that had any of it are erased there …"
    assert len(held(bucket)) == 5, "… and the new ones shipped"
    with Collection.open(path) as collection:
        assert collection.captures(URL) == []
        assert list(collection.search(SECRET)) == []
    assert list(Verification(path, jobs=1, remote=True)) == []


def test_reading_gets_over_what_fails_for_a_moment(path: Path, bucket: Bucket) -> None:
    faults: list[Fault | None] = ["busy", "cut answer", "refused", "broken"]

    def decide(number: int, method: str) -> Fault | None:
        return faults.pop() if faults else None

    with failing(bucket.endpoint, decide) as endpoint:
        shipped = at(bucket, endpoint)
        shipped_to(path, at(bucket))
        listing = path / "shipped.jsonl"
        listing.write_text(listing.read_text().replace(bucket.endpoint, endpoint))
        with Collection.open(path) as collection:
            (copy,) = [copy for copy in collection.copies().values() if copy.folder == "archive"][:1]
            assert copy.store == shipped
            data = open_store(copy.store).read(copy.key, 0, copy.size)
    assert data == held(bucket)[copy.key]
    assert faults == []


def test_a_store_that_refuses_or_is_away_is_named(path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Address(url="s3://no-such-bucket/warc", endpoint=bucket.endpoint, region="eu-central-1")
    done = shipped_to(path, nowhere)
    assert "there is no bucket no-such-bucket" in done.failed[0].why
    assert len(warcs(path)) == 5
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ConfigError, match="AWS_SECRET_ACCESS_KEY"):
        shipped_to(path, Address(url=f"s3://{bucket.name}/other", endpoint=bucket.endpoint))


def test_the_command_says_what_it_does_and_takes_its_settings_from_the_table(path: Path, bucket: Bucket) -> None:
    config = path / "collection.toml"
    plain = config.read_text()
    nothing: dict[str, None] = dict.fromkeys(["to", "endpoint", "region", "keep", "free"])
    with pytest.raises(ConfigError, match=r"\[ship\]"):
        chosen(Collection.open(path), **nothing)
    for line, said in (('keep = "soon"', "ship.keep"), ('free = "much"', "ship.free"), ('too = "x"', "too")):
        config.write_text(f'{plain}\n[ship]\nto = "s3://{bucket.name}/warc"\n{line}\n')
        with pytest.raises(ConfigError, match=said):
            chosen(Collection.open(path), **nothing)
    config.write_text(
        f'{plain}\n[ship]\nto = "s3://{bucket.name}/warc"\nendpoint = "{bucket.endpoint}"\nregion = "x"\nkeep = "0"\n'
    )
    before = warcs(path)
    dry = wirecopy("ship", "--collection", path, "--dry-run", cwd=path.parent)
    assert (dry.code, len(dry.out.splitlines()), held(bucket)) == (0, 5, {})
    done = wirecopy("ship", "--collection", path, "--json", cwd=path.parent)
    assert (done.code, len(done.rows[0]["shipped"]), len(done.rows[0]["dropped"])) == (0, 5, 5), done.err
    assert held(bucket) == before
    shown = wirecopy("show", URL, "--collection", path, cwd=path.parent)
    assert SECRET in shown.out
    checked = wirecopy("verify", "--remote", "--collection", path, cwd=path.parent)
    assert (checked.code, "in 5 files" in checked.err) == (0, True)
    back = wirecopy("ship", "--back", "--collection", path, cwd=path.parent)
    assert (back.code, warcs(path)) == (0, before), back.err


def test_ctrl_c_ends_a_pass_at_once_though_the_store_says_nothing(path: Path, bucket: Bucket) -> None:
    asked, done = threading.Event(), threading.Event()

    def decide(number: int, method: str) -> Fault | None:
        asked.set()
        done.wait(60)
        return "refused"

    with failing(bucket.endpoint, decide) as endpoint:
        process = start("ship", "--collection", path, *to(bucket, endpoint), cwd=path.parent)
        assert asked.wait(60)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
        done.set()
    assert (process.returncode, "interrupted" in err) == (130, True)
    assert len(warcs(path)) == 5
