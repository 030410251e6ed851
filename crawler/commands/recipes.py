"""wirecopy recipes: rules for single sites, checked, tried out, and proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.errors import CaptureNotFound, ConfigError
from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive import Collection
    from archive.extract.pool import ExtractPool
    from archive.model import Extraction
    from archive.recipes.book import Book
    from archive.recipes.cases import Case, Wrong

__all__ = ["command"]

_WIDTH: Final = 100


@click.group("recipes", short_help="rules for single sites: check, test, suggest")
def command() -> None:
    """Recipes are TOML files in the collection's recipes/: how to read the pages of a site, and since when."""


@command.command("check", short_help="load every recipe, and name what is wrong")
@collection_option
@as_json
def check(*, path: Path, json_: bool) -> int:
    """Load every recipe, as a crawl does: exit code 2, with file and key, where one is not right."""
    from archive import Collection
    from archive.recipes.book import FOLDER, Book, read

    recipes = Book(read(Collection.open(path).path)).recipes
    if not recipes:
        click.echo(f"no recipes in {path / FOLDER}", err=True)
    for recipe in recipes:
        days = (
            f"{recipe.valid_from or ''}..{recipe.valid_until or ''}" if recipe.valid_from or recipe.valid_until else ""
        )
        if json_:
            echo_json({"recipe": recipe.id, "hosts": recipe.hosts, "paths": recipe.paths})
        else:
            click.echo(f"{recipe.id}  {' '.join(recipe.hosts)}  {' '.join(recipe.paths)}  {days}".rstrip())
    return 0


@command.command("test", short_help="a page with and without its recipe; all saved cases")
@click.argument("target", metavar="[URL|FILE]", required=False)
@click.option("--url", metavar="URL", help="Where the page in FILE is from.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="By the recipe of that day.  [default: of the capture]")
@click.option("--save", metavar="CASE", help="Keep the page and what is read from it as a case of its recipe.")
@collection_option
@as_json
def test(
    *, target: str | None, url: str | None, day: datetime | None, save: str | None, path: Path, json_: bool
) -> int:
    """Read a page with and without its recipe, and show every field that differs.

    URL is looked up in the collection, its newest capture is read, and nothing is fetched. Without URL or FILE, all
    saved cases of all recipes are read and compared; with one, those of its recipe. Exit code 1 when a case is not as
    expected, or no recipe holds for the page.
    """
    from archive import Collection
    from archive.extract.pool import ExtractPool
    from archive.recipes.book import Book, read
    from archive.recipes.cases import read_cases

    if save and not target:
        raise click.UsageError("--save needs a URL or FILE")
    with Collection.open(path) as collection:
        book = Book(read(collection.path))
        names = [recipe.name for recipe in book.recipes]
        sound = True
        with ExtractPool(1, recipes=book.sources) as pool:
            if target:
                page = _page(collection, target, url)
                if day:
                    page = replace(page, captured=day.date())
                recipe = book.find(page.url, page.captured)
                if recipe is None:
                    click.echo(f"no recipe for {page.url} of {page.captured or 'today'}", err=True)
                    return 1
                names = [recipe.name]
                _show(book, pool, replace(page, recipe=recipe.name), save, collection.path, json_=json_)
            for name in names:
                for case in read_cases(collection.path, name):
                    sound &= _holds(book, pool, case, json_=json_)
    return 0 if sound else 1


@command.command("suggest", short_help="what to drop, from blocks that repeat")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--pages", type=click.IntRange(min=3), default=40, show_default=True, help="Articles to look at, at most."
)
@collection_option
def suggest(*, source: str, pages: int, path: Path) -> int:
    """SOURCE is a host, or the start of a URL, of which the collection has articles.

    Blocks that stand with the same words on many of them, and got into the text, are proposed for dropping: a recipe on
    stdout, ready to be looked over and saved. Exit code 1 when there is nothing to propose.
    """
    from archive import Collection
    from archive.catalogue.query import articles_under
    from archive.errors import WirecopyError
    from archive.extract.decode import decode, parse
    from archive.recipes.repeats import repeats
    from archive.urls import host_of

    prefix = source if "//" in source else f"https://{source}"
    host = host_of(prefix)
    if not host:
        raise ConfigError(f"{source!r} is neither a host nor a URL")
    trees = []
    with Collection.open(path) as collection:
        for article in articles_under(collection.catalogue, prefix, pages):
            try:
                page, charset = _kept(collection, article.url, article.capture.id)
                trees.append((parse(decode(page, charset)), article.text or ""))
            except WirecopyError:  # taken down, or not there now
                continue
    found = repeats(trees)
    if not found:
        click.echo(f"nothing repeats in the text of {len(trees)} articles of {source}", err=True)
        return 1
    click.echo(f"# From {len(trees)} articles of {source}. Save as recipes/NAME.toml, then: wirecopy recipes test URL")
    click.echo(f"format = 1\nhosts = [{json.dumps(host.removeprefix('www.'))}]\ndrop = [")
    for each in found:
        click.echo(f"  # on {each.pages} pages, in the text of {each.read}: {each.text[:70]}")
        click.echo(f"  {json.dumps(each.selector, ensure_ascii=False)},")
    click.echo("]")
    return 0


def _page(collection: Collection, target: str, url: str | None) -> Case:
    """A page to be read, as a case that expects nothing yet."""
    from archive.recipes.cases import Case

    captured: date | None = None
    charset: str | None = None
    file = Path(target)
    if "://" not in target and file.is_file():
        if not url:
            raise click.UsageError("--url is needed: where is the page in this file from?")
        page = file.read_bytes()
    else:
        url = target
        captures = [each for each in collection.captures(url) if each.status == 200]
        if not captures:
            raise CaptureNotFound(url)
        captured = captures[-1].date.date()
        page, charset = _kept(collection, url, captures[-1].id)
    return Case(recipe="", name="", url=url, captured=captured, charset=charset, page=page, expect={})


def _kept(collection: Collection, url: str, capture_id: str) -> tuple[bytes, str | None]:
    """What a capture brought, decoded, and the charset its head names."""
    from contextlib import closing

    from archive import http
    from archive.extract.decode import charset_of
    from archive.resolve import Resolver

    with closing(Resolver(collection)) as resolver:
        for capture in resolver.captures(url):
            if capture.id == capture_id:
                answer = resolver.answer(capture)
                content_type = (answer.head.get(b"content-type") if answer.head else None) or b""
                body = http.decoded(b"".join(answer.payload()), answer.source.head)
                return body, charset_of(content_type.decode("latin-1"))
    raise CaptureNotFound(url)


def _read(pool: ExtractPool, case: Case, recipe_id: str | None) -> Extraction:
    from archive.extract.job import Job

    captured = datetime.combine(case.captured, time(12), UTC) if case.captured else None
    return pool.submit(
        Job(url=case.url, page=case.page, charset=case.charset, captured=captured, recipe=recipe_id)
    ).result()


def _show(book: Book, pool: ExtractPool, page: Case, save: str | None, path: Path, *, json_: bool) -> None:
    """Every field with and without, and the page kept as a case."""
    from archive.recipes import cases

    recipe = next(each for each in book.recipes if each.name == page.recipe)
    without, by_it = _read(pool, page, None), _read(pool, page, recipe.id)
    if json_:
        fields = {field: {"without": getattr(without, field), "with": getattr(by_it, field)} for field in cases.FIELDS}
        echo_json({"recipe": recipe.id, "url": page.url, "error": by_it.error, "fields": fields})
    else:
        click.echo(f"{page.url}\nrecipe {recipe.id}" + (f": {by_it.error}" if by_it.error else ""))
        for field in cases.FIELDS:
            one, other = _told(getattr(without, field)), _told(getattr(by_it, field))
            click.echo(f"  {field + ':':13}{other}" + (f"\n  {'without:':>13}{one}" if one != other else ""))
    if save:
        kept = {field: value for field in cases.FIELDS if (value := getattr(by_it, field))}
        where = cases.save(path, replace(page, name=save, expect=kept))
        click.echo(f"kept: {where}; look it over, and leave out what the recipe is not about", err=True)


def _holds(book: Book, pool: ExtractPool, case: Case, *, json_: bool) -> bool:
    """Whether a case is read as expected, by the recipe that it lies beside."""
    from archive.recipes.cases import compare

    recipe = book.find(case.url, case.captured)
    if recipe is None or recipe.name != case.recipe:
        told = [f"is read by {recipe.name if recipe else 'no recipe'}, not by {case.recipe}"]
    else:
        said = _read(pool, case, recipe.id)
        told = [f"failed: {said.error}"] if said.error else list(_differences(compare(case, said)))
    if json_:
        echo_json({"recipe": case.recipe, "case": case.name, "wrong": told})
    else:
        click.echo(f"{'ok   ' if not told else 'WRONG'} {case.recipe}/{case.name}")
        for line in told:
            click.echo(f"      {line}")
    return not told


def _differences(wrong: list[Wrong]) -> Iterator[str]:
    for each in wrong:
        if isinstance(each.expected, str) and isinstance(each.found, str):
            at = next((n for n, (a, b) in enumerate(zip(each.expected, each.found, strict=False)) if a != b), None)
            at = max(0, (min(len(each.expected), len(each.found)) if at is None else at) - 20)
            yield f"{each.field}: expected {_told(each.expected[at:])}, found {_told(each.found[at:])}"
        else:
            yield f"{each.field}: expected {_told(each.expected)}, found {_told(each.found)}"


def _told(value: object) -> str:
    """A value on one line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ..."
