"""A newsroom that changes its layout between two crawls: the daemon says that its articles cannot be read any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.answers import Page
from tests.newsroom.site import Site
from tests.newsroom.templates import shell
from tests.newsroom.world import Article
from tests.watch.test_daemon import SOURCE

HOURS = 3600.0


class Relaunched(Site):
    """After its relaunch, scripts put the articles where they belong."""

    relaunched = False

    def _article(self, article: Article) -> Page:
        if not self.relaunched:
            return super()._article(article)
        main = '<main><div id="app"></div><noscript>Please enable JavaScript to read this.</noscript></main>'
        return Page(body=shell(article.title, "", main).encode())


def test_a_new_layout_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    collection = tmp_path / "news"
    collection.mkdir()
    with Newsroom(articles=8, site=Relaunched) as newsroom:
        site = newsroom.site
        assert isinstance(site, Relaunched)
        (collection / "sources.toml").write_text("format = 1\n" + SOURCE.format(number=0, url=newsroom.url))

        def crawl() -> str:
            ran = wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path)
            assert ran.code == 0, ran.err
            later(collection)
            return ran.err

        crawl()
        with closing(sqlite3.connect(collection / "state.sqlite")) as state, state:
            # So it was yesterday, and so on: days that nobody has time to wait for.
            state.execute(
                "WITH RECURSIVE days (n) AS (VALUES (1) UNION SELECT n + 1 FROM days WHERE n < 12) "
                "INSERT INTO handfuls SELECT source, at - n * 86400, pages, empty, walled, untitled, undated, "
                "unsigned, lengths FROM handfuls, days"
            )
        assert wirecopy("status", "-c", collection, cwd=tmp_path).code == 0
        site.relaunched = True
        said = []
        for _ in range(3):
            for _ in range(5):
                newsroom.publish()
            said.append(crawl())
        assert ["worse: n0: read worse than ever" in text for text in said] == [False, False, True], said
        status = wirecopy("status", "--json", "-c", collection, cwd=tmp_path)
        assert status.code == 1
        (row,) = status.rows
        assert row["health"] == "worse"
        assert "without an article" in row["warnings"][0]
        assert "n0: read worse" in wirecopy("status", "-c", collection, cwd=tmp_path).out


def later(collection: Path) -> None:
    """Seven hours go by."""
    with closing(sqlite3.connect(collection / "state.sqlite")) as state, state:
        state.execute("UPDATE handfuls SET at = at - ?", (7 * HOURS,))
        state.execute("UPDATE conditions SET since = since - ?", (7 * HOURS,))
        state.execute("DELETE FROM published")  # the newsroom's are of last spring: it would be silent
        state.execute("UPDATE sources SET last = last - ?", (7 * HOURS,))
