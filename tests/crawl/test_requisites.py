"""Images and styles: each fetched once a collection, and read by nobody as an article."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from archive import Collection
from tests.commands import wirecopy
from tests.newsroom import Newsroom


@pytest.mark.parametrize("which", ["images", "all"])
def test_each_is_fetched_once_a_collection(which: str, tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        command = ("crawl", newsroom.url, "-c", "news", "--requisites", which)
        ran = wirecopy(*command, "--json", cwd=tmp_path)
        assert ran.code == 0, ran.err
        asked = Counter(served.path for served in newsroom.log)
        images = {article.image for article in newsroom.articles}
        assert images <= asked.keys()
        assert {"/assets/site.css", "/favicon.ico"} <= asked.keys() or which == "images"
        assert not asked.keys() & {"/assets/site.css", "/favicon.ico"} or which == "all"
        assert max(asked[path] for path in images) == 1
        counts = json.loads(ran.out)["counts"]
        assert counts["articles"] == len(newsroom.articles)
        assert counts["requisites"] == len(images) + 2 * (which == "all")
        newsroom.publish()
        before = len(newsroom.log)
        assert wirecopy(*command, cwd=tmp_path).code == 0
        again = {served.path for served in newsroom.log[before:]}
        assert {article.image for article in newsroom.articles} - images <= again
        assert not again & (images | {"/assets/site.css", "/favicon.ico"})
        with Collection.open(tmp_path / "news") as news:
            (image,) = news.captures(newsroom.url + newsroom.articles[-1].image)
            found = news.discovery(image)
            assert (found.hops[-1], found.via is not None) == ("E", True)


def test_a_bound_of_their_own(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        options = ("--requisites", "images", "--set", "WIRECOPY_MAX_REQUISITES=2", "--json")
        ran = wirecopy("crawl", newsroom.url, "-c", "news", *options, cwd=tmp_path)
        counts = json.loads(ran.out)["counts"]
        assert (counts["requisites"], counts["requisites_over_budget"]) == (2, 4)
        assert counts["articles"] == 6
