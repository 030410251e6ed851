"""What sources.toml says of a source, in crawls that a daemon runs: each key does what docs/sources.md says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.spiders.watch import together
from tests.commands import wirecopy
from tests.crawl.test_access import everything, records
from tests.newsroom import Newsroom

SOURCE = """format = 1
[[source]]
id = "{id}"
name = "{id}"
url = "{url}/"
feeds = ["{url}/feed.xml"]
delay = "0s"
"""
KEYS = """
labels = ["local", "region.north"]
recipe = "recipes/tag.toml"
cookies = "../cookies.txt"
max_time = "5m"
per_day = { pages = 40, bytes = "10 MB", time = "1h" }
[source.headers]
X-Api-Key = { env = "TAG_KEY" }
X-Reader = "archive"
"""


def test_labels_headers_recipe_and_cookies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "news/recipes").mkdir(parents=True)
    (tmp_path / "cookies.txt").write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc123\n")
    (tmp_path / "news/recipes/tag.toml").write_text('format = 1\nhosts = ["127.0.0.1"]\n[fields]\nsection = "title"\n')
    monkeypatch.setenv("TAG_KEY", "s3cret")
    with Newsroom(articles=3) as tag, Newsroom(articles=2, seed=2, host="127.0.0.2") as other:
        text = (
            SOURCE.format(id="tag", url=tag.url) + KEYS + SOURCE.format(id="other", url=other.url)[len("format = 1") :]
        )
        (tmp_path / "news/sources.toml").write_text(text)
        ran = wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert ran.code == 0, ran.err
        sent = [served.request for served in tag.log]
        others = [served.request for served in other.log]
    assert sent
    assert all(b"\r\nX-Api-Key: s3cret\r\n" in one and b"\r\nX-Reader: archive\r\n" in one for one in sent)
    assert all(b"\r\nCookie: session=abc123\r\n" in one for one in sent)
    assert others
    assert not any(b"X-Api-Key" in one or b"X-Reader" in one or b"Cookie" in one for one in others)
    kept = list(records(tmp_path / "news"))
    ours = [block for kind, url, block in kept if kind == "request" and url and url.startswith(tag.url)]
    assert sorted(ours) == sorted(
        one.replace(b"s3cret", b"(redacted)").replace(b"session=abc123", b"(redacted)") for one in sent
    )
    assert b"s3cret" not in everything(tmp_path / "news")
    about = [
        block for kind, url, block in kept if kind == "metadata" and url in {tag.url + a.path for a in tag.articles}
    ]
    assert sum(b"source-label: local\r\nsource-label: region.north\r\n" in block for block in about) == 3
    rows = wirecopy("export", "jsonl", "--label", "local", "-c", "news", cwd=tmp_path).rows
    assert {row["url"] for row in rows} == {tag.url + article.path for article in tag.articles}
    for row in rows:
        assert {"local", "region.north"} <= {*row["labels"]}
        assert row["origins"]["labels.local"] == "source"
        assert row["section"]  # by the recipe
    rest = wirecopy("export", "jsonl", "--without", "local", "-c", "news", cwd=tmp_path).rows
    assert {row["url"] for row in rest} == {other.url + article.path for article in other.articles}
    assert wirecopy("export", "jsonl", "--label", "lokal", "-c", "news", cwd=tmp_path).code == 2
    # All of it is in the records.
    (tmp_path / "news/catalogue.sqlite").unlink()
    assert wirecopy("rebuild", "-c", "news", cwd=tmp_path).code == 0
    assert wirecopy("export", "jsonl", "--label", "local", "-c", "news", cwd=tmp_path).rows == rows


def test_a_proxy_and_bounds_hold_for_the_source_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four sources that are due at once, each to be crawled differently, and no two by one process."""
    with (
        Newsroom(articles=3, name="wire.example") as wire,  # in the place of a proxy, for a name that no DNS has
        Newsroom(articles=8, seed=2, host="127.0.0.2") as large,
        Newsroom(articles=8, seed=3, host="127.0.0.3") as slow,
        Newsroom(articles=8, seed=4, host="127.0.0.4") as other,
    ):
        monkeypatch.setenv("WIRE_PROXY", wire.url.replace("//wire.example", "//me:s3cret@127.0.0.1"))
        keys = {
            "wire": (wire, 'proxy = { env = "WIRE_PROXY" }'),
            "large": (large, 'max_bytes = "8 KB"'),
            "slow": (slow, 'max_time = "2s"'),
            "other": (other, ""),
        }
        sources = [SOURCE.format(id=name, url=room.url) + key for name, (room, key) in keys.items()]
        text = "format = 1\n" + "\n".join(source.removeprefix("format = 1") for source in sources)
        file = tmp_path / "news/sources.toml"
        file.parent.mkdir()
        file.write_text(text.replace('delay = "0s"\nmax_time', 'delay = "1s"\nmax_time'))
        ran = wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert ran.code == 0, ran.err
        asked = {name: {served.path for served in room.log} for name, (room, _) in keys.items()}
        wanted = {name: {article.path for article in room.articles} for name, (room, _) in keys.items()}
        got = {name: len(asked[name] & wanted[name]) for name in keys}
        assert got["wire"] == 3
        assert got["other"] == 8
        assert 0 < got["large"] < 8
        assert got["slow"] <= 3
        # All of what it asked for went to the proxy, and nobody else's did.
        login = b"\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n"
        assert all(one.request.startswith(b"GET http://wire.example:") and login in one.request for one in wire.log)
        assert "/robots.txt" in asked["wire"]
        assert not any(login in one.request for room in (large, slow, other) for one in room.log)
        rows = {row["source"]: row for row in wirecopy("status", "--json", "-c", "news", cwd=tmp_path).rows}
        assert {name: row["why"] for name, row in rows.items()} == {
            "wire": "",
            "large": "last crawl stopped at max_bytes",
            "slow": "last crawl stopped at max_time",
            "other": "",
        }
        # The same for a crawl by hand, of several only where none bounds the others.
        file.write_text(text + 'max_bytes = "8 KB"')
        with pytest.raises(ConfigError, match="a crawl of other ends at a bound of its own"):
            together(file, ["large", "other"])
        (report,) = wirecopy("crawl", "--source", "large", "--json", "--no-extract", "-c", "news", cwd=tmp_path).rows
        assert report["reason"] == "max_bytes"
        assert len({served.path for served in large.log} & wanted["large"]) > got["large"]
    assert b"s3cret" not in everything(tmp_path / "news")


def test_a_budget_of_the_day_holds_over_all_crawls_of_it(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    with Newsroom(articles=12) as newsroom:
        text = SOURCE.format(id="tag", url=newsroom.url) + 'schedule = { every = "60s" }\n'
        (tmp_path / "news/sources.toml").write_text(text + "per_day = { pages = 6 }\n")
        ran = wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert ran.code == 0, ran.err
        paths = {article.path for article in newsroom.articles}
        assert 3 <= len(paths & {served.path for served in newsroom.log}) < 12
        asked = len(newsroom.log)
        (row,) = wirecopy("status", "--json", "-c", "news", cwd=tmp_path).rows
        assert row["next_at"].endswith("T00:00:00Z")
        assert datetime.fromisoformat(row["last"]["started"]) <= datetime.fromisoformat(row["last"]["ended"])
        assert row["why"] == "its budget of the day is used up; last crawl stopped at per_day"
        # When it is due again, it is left alone all the same; with more to spend it goes on where it was.
        with closing(sqlite3.connect(tmp_path / "news/state.sqlite")) as state, state:
            state.execute("UPDATE sources SET last = last - 600")
        ran = wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert "tag: its budget of the day is used up" in ran.err
        assert len(newsroom.log) == asked
        (tmp_path / "news/sources.toml").write_text(text + "per_day = { pages = 60 }\n")
        wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert paths <= {served.path for served in newsroom.log}
