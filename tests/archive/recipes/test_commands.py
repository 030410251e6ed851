"""``wirecopy recipes``, as a user runs it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from archive.api import Collection
from archive.ingest import ingest
from tests.archive.ingest.pages import article, record
from tests.commands import Ran, wirecopy

HOST = "https://news.example"
PROMO = "This paper is free for all, and paid for by its readers: become one of them today, it takes a minute."

DESK = "Written for you by our desk, and read by two of us."


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five stories of a site that begs at their end."""
    collection = Collection.create(tmp_path_factory.mktemp("collection") / "news")
    box = f'<div class="promo-box"><p>{PROMO}</p></div><p>{DESK}</p></article>'
    record(
        collection,
        {
            f"{HOST}/2026/story-{n}": article(f"Story {n}", f"It is about thing{n}.").replace("</article>", box)
            for n in range(5)
        },
    )
    ingest(collection, workers=1)
    return collection.path


def run(news: Path, *arguments: str | Path) -> Ran:
    return wirecopy("recipes", *arguments, "--collection", news, cwd=news.parent)


def test_from_a_proposal_to_a_recipe_with_cases(news: Path) -> None:
    proposed = run(news, "suggest", "news.example")
    assert proposed.code == 0
    assert tomllib.loads(proposed.out)["drop"] == [
        "div.promo-box",
        f'//p[starts-with(normalize-space(), "{DESK}")]',
    ]
    assert run(news, "suggest", "https://news.example/2025/").code == 1
    assert run(news, "suggest", "nothing.example").code == 1

    (news / "recipes").mkdir()
    recipe = news / "recipes" / "daily.toml"
    recipe.write_text(proposed.out)
    assert "daily:" in run(news, "check").out

    shown = run(news, "test", f"{HOST}/2026/story-3", "--save", "three")
    assert shown.code == 0
    case = json.loads((news / "recipes" / "daily" / "three.json").read_text())
    assert case["expect"]["title"] == "Story 3"
    assert PROMO not in case["expect"]["text"]
    assert PROMO in (news / "recipes" / "daily" / "three.html").read_text()
    assert "ok    daily/three" in shown.out

    recipe.write_text(proposed.out.replace("div.promo-box", "div.promo"))
    worse = run(news, "test")
    assert worse.code == 1
    assert "WRONG daily/three" in worse.out
    assert "text: expected" in worse.out

    recipe.write_text(proposed.out.replace("div.promo-box", "div["))
    broken = run(news, "check")
    assert broken.code == 2
    assert "recipes/daily.toml: drop[0]: 'div['" in broken.err
    crawl = wirecopy("crawl", f"{HOST}/", "--collection", news, cwd=news.parent)
    assert crawl.code == 2
    assert "recipes/daily.toml" in crawl.err


def test_a_page_from_a_file(tmp_path: Path) -> None:
    news = Collection.create(tmp_path / "empty").path
    page = tmp_path / "page.html"
    page.write_text(article("From a file"))
    assert run(news, "test", page).code == 2
    assert "no recipe for https://other.example/a" in run(news, "test", page, "--url", "https://other.example/a").err
    assert run(news, "test", "https://news.example/never-captured").code != 0
