"""A recipe: what is wrong in it is named with file and key; which holds for a page; what it finds there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import html

from archive.errors import ConfigError
from archive.recipes.book import Book, read
from archive.recipes.recipe import parse

START = 'format = 1\nhosts = ["example.org"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = 1", "missing key `hosts`"),
        ('hosts = ["a.org"]', "missing key `format`"),
        ('format = 2\nhosts = ["a.org"]', "format: "),
        ("format = 1\nhosts = []", "hosts: expected at least one"),
        ('format = 1\nhosts = ["https://a.org/"]', "hosts[0]: 'https://a.org/' is no host"),
        (START + 'paths = ["news"]', "paths[0]: 'news'"),
        (START + "drops = []", "unknown key `drops`"),
        (START + "drop = 3", "drop: Expected `array`, got `int`"),
        (START + 'drop = [".ad", "h1["]', "drop[1]: 'h1[' is neither a CSS selector nor an XPath"),
        (START + 'drop = ["//div[nothing()]"]', "drop[0]: '//div[nothing()]' is neither"),
        (START + '[fields]\nheadline = "h1"', "fields: unknown key `headline`"),
        (START + '[fields]\ntitle = "//h1["', "fields.title: '//h1['"),
        (
            START + '[fields]\ntitle = { select = "h1", match = "(" }',
            "fields.title.match: '(' is no regular expression",
        ),
        (START + '[fields]\ntitle = { match = "x" }', "fields.title: missing key `select`"),
        (START + 'valid_from = "soon"', "valid_from: "),
        (START + "valid_from = 2026-02-01\nvalid_until = 2026-01-01", "valid_until: 2026-01-01 is before"),
        (START + "format = 1", "recipes/site.toml: "),
    ],
)
def test_what_is_wrong_is_named(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse("site", text)
    assert str(caught.value).startswith("recipes/site.toml: ")
    assert told in str(caught.value)


def test_files_of_a_collection(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    (tmp_path / "recipes" / "site").mkdir(parents=True)
    (tmp_path / "recipes" / "site.toml").write_text(START)
    (tmp_path / "recipes" / "notes.txt").write_text("no recipe")
    assert [recipe.name for recipe in Book(read(tmp_path)).recipes] == ["site"]
    (tmp_path / "recipes" / "other.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"other\.toml"):
        read(tmp_path)


def test_the_digest_is_of_what_it_says() -> None:
    same = parse("site", "# with a comment\n" + START.replace("1", " 1 "))
    assert parse("site", START).id == same.id
    assert parse("site", START + 'drop = [".ad"]').id != same.id


BOOK = Book(
    [
        ("all", 'format = 1\nhosts = ["*.example.org"]'),
        ("blog", 'format = 1\nhosts = ["blog.example.org"]'),
        ("news", 'format = 1\nhosts = ["example.org"]\npaths = ["/news/*", "/n/*"]\nvalid_from = 2026-01-01'),
        ("old", 'format = 1\nhosts = ["www.example.org"]\npaths = ["/news/*"]\nvalid_until = 2025-12-31'),
    ]
)


@pytest.mark.parametrize(
    ("url", "day", "name"),
    [
        ("https://example.org/news/a", date(2026, 1, 1), "news"),
        ("https://www.example.org/n/a?b=c", date(2026, 5, 1), "news"),
        ("https://example.org/news/a", date(2025, 12, 31), "old"),
        ("https://example.org/news/a", None, "news"),
        ("https://example.org/n/a", date(2025, 12, 31), "all"),
        ("https://blog.example.org/news/a", None, "blog"),
        ("https://other.example.org/", None, "all"),
        ("https://example.com/", None, None),
        ("https://badexample.org/", None, None),
        ("mailto:x", None, None),
    ],
)
def test_which_holds_for_a_page_of_a_day(url: str, day: date | None, name: str | None) -> None:
    found = BOOK.find(url, day)
    assert (found.name if found else None) == name


def test_what_it_finds() -> None:
    tree = html.document_fromstring(
        """<body><h1> A  title </h1><p class="by">By Ann Ark</p><p class="by">By Bo Bay</p><p class="by">Photo: X</p>
        <time datetime="2026-03-01T10:00Z">yesterday</time><div class="ad">Buy</div>
        <main><p>One</p><div class="ad">now <div class="ad">and then</div></div> tail<main>Two</main></main></body>"""
    )
    recipe = parse(
        "site",
        START
        + """drop = [".ad", "//aside"]
        [fields]
        title = "h1"
        authors = { select = ".by", match = "By (.*)" }
        published = { select = "time", attribute = "datetime" }
        modified = "//time/@datetime"
        section = "string(//nothing)"
        description = ".nothing"
        body = "main"
        """,
    )
    found = recipe.apply(tree)
    assert found.values == {
        "title": ("A title",),
        "authors": ("Ann Ark", "Bo Bay"),
        "published": ("2026-03-01T10:00Z",),
        "modified": ("2026-03-01T10:00Z",),
    }
    assert found.dropped == 3
    assert [" ".join(str(each.text_content()).split()) for each in found.body] == ["One tailTwo"]
