"""Pages read by a recipe: by that of their day, said in their options, and within the worker's deadline."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive.api import Collection
from archive.errors import ConfigError
from archive.extract.article import extract
from archive.extract.pool import ExtractPool, Job
from archive.ingest import ingest
from archive.recipes.recipe import parse
from tests.archive.ingest.pages import SENTENCES, START, article, exchange

URL = "https://news.example/story"
PAGE = article("Declared title", "It happened.").replace(
    "<article>", "<article><p class=kicker>Local affairs</p><h2 class=headline>Shown title</h2><p class=by>Ann Ark</p>"
)


def recipe(fields: str, drop: str = "") -> str:
    return f'format = 1\nhosts = ["news.example"]\ndrop = [{drop}]\n[fields]\n{fields}'


def test_its_words_go_before_all_others() -> None:
    rule = parse("site", recipe('title = ".headline"\nauthors = ".by"\npublished = ".kicker"\nsection = ".none"'))
    said = extract(PAGE.encode(), url=URL, charset="utf-8", recipe=rule)
    assert (said.title, said.authors) == ("Shown title", ("Ann Ark",))
    assert {said.origins["title"], said.origins["authors"]} == {"recipe"}
    assert said.published is None
    assert said.options["recipe"] == rule.id
    plain = extract(PAGE.encode(), url=URL, charset="utf-8")
    assert plain.title == "Declared title"
    assert "recipe" not in plain.options


def test_what_it_drops_is_in_no_text() -> None:
    dropped = extract(PAGE.encode(), url=URL, charset="utf-8", recipe=parse("site", recipe("", '".kicker"')))
    assert "It happened." in (dropped.text or "")
    assert "Local affairs" not in (dropped.text or "")


def test_the_body_that_it_names_is_taken_as_it_is() -> None:
    body = (
        "<div class=box><section>Short one.<ul><li>Item <b>bold</b></ul></section><h3>Head</h3>"
        "<table><tr><td>1<td>2</table><blockquote>Quoted</blockquote><p>Line <a href=/x>link</a><script>no()</script>"
        "</div><div class=box>End</div>"
    )
    page = PAGE.replace("</body>", f"{body}</body>").encode()
    said = extract(page, url=URL, charset="utf-8", recipe=parse("site", recipe('body = ".box"')))
    assert said.text == "Short one.\n\nItem bold\n\nHead\n\n1 2\n\nQuoted\n\nLine link\n\nEnd"
    assert said.origins["text"] == "recipe"
    nothing = extract(page, url=URL, charset="utf-8", recipe=parse("site", recipe('body = ".none"')))
    assert SENTENCES[0].strip() in (nothing.text or "")


def test_old_captures_are_read_by_the_recipe_of_their_day(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    folder = collection.path / "recipes"
    folder.mkdir()
    day = START.date()
    (folder / "old.toml").write_text(f"valid_until = {day}\n" + recipe('section = ".kicker"'))
    (folder / "new.toml").write_text(f"valid_from = {day + timedelta(days=1)}\n" + recipe('section = ".by"'))
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    for minutes in (0, 2 * 24 * 60):
        recorder.record(exchange(URL, PAGE + f"<!-- {minutes} -->", minutes=minutes)).result(10)
    recorder.close()
    ingest(collection, workers=1)
    with Collection.open(collection.path) as opened:
        [found] = opened.articles()
        assert (found.section, found.reading.options["recipe"].partition(":")[0]) == ("Ann Ark", "new")
        first = opened.catalogue.connection.execute(
            "SELECT document ->> 'section', options ->> 'recipe' FROM readings ORDER BY id, number"
        ).fetchall()
        assert {(section, name.partition(":")[0]) for section, name in first} == {
            ("Local affairs", "old"),
            ("Ann Ark", "new"),
        }
        # Another recipe is another reader: what differs between the two is no edit.
        assert [event.kind for event in opened.events(found.article_id)] == ["first"]


def test_a_recipe_that_is_wrong_ends_it_before_anything_is_read(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    (collection.path / "recipes").mkdir()
    (collection.path / "recipes" / "site.toml").write_text("format = 1")
    with pytest.raises(ConfigError, match=r"recipes/site\.toml"):
        ingest(collection, workers=1)


def test_an_expression_without_end_costs_its_page_only() -> None:
    slow = "//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0]"
    source = ("slow", recipe(f'title = "{slow}"'))
    many, few = article("Title", paragraphs=600).encode(), article("Title").encode()
    with ExtractPool(1, deadline=3.0, recipes=(source,)) as pool:
        ruled = pool.submit(Job(url=URL, page=many, charset="utf-8", recipe=parse(*source).id))
        free = pool.submit(Job(url=URL, page=few, charset="utf-8"))
        assert "longer than 3 seconds" in (ruled.result().error or "")
        assert ruled.result().options["recipe"] == parse(*source).id
        assert free.result().title == "Title"
