"""What spiders make of their arguments, before anything is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.errors import ConfigError
from crawler.spiders.article import ArticleSpider
from crawler.spiders.urls import UrlsSpider


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/1,2.html https://b.example/",
        "https://a.example/1,2.html,https://b.example/",
        " https://a.example/1,2.html\n\thttps://b.example\nhttps://b.example\n",
        ["https://a.example/1,2.html", "https://b.example#top"],
    ],
)
def test_several_urls(url: str | list[str]) -> None:
    assert ArticleSpider(url=url).seeds == ["https://a.example/1,2.html", "https://b.example/"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "at least one URL"),
        ({"url": "a.example"}, "'a.example' is not a URL"),
        ({"url": "https://a.example ftp://b.example"}, "'ftp://b.example' is not a URL"),
        ({"url": "https://a.example", "scope": "planet"}, "scope=planet: expected one of page, prefix, host, domain"),
        ({"url": "https://a.example", "max_pages": "-3"}, "max_pages=-3"),
        ({"url": "https://a.example", "max_pages": "many"}, "max_pages=many"),
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ArticleSpider(**arguments)


@pytest.mark.parametrize("content", [None, "", "nothing here\n"])
def test_a_file_without_urls(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=r"list\.txt"):
        UrlsSpider(file=str(file))
