"""wirecopy show: an article, and where every word of it came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from archive.model import Article, Event, Version
from crawler.commands.options import as_json, collection_option, echo_json

__all__ = ["command"]


@click.command("show", short_help="an article: text, facts, and where each came from")
@click.argument("name", metavar="ARTICLE")
@collection_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "tei", "json"]),
    default="text",
    show_default=True,
    help="In which form; the words are the same in each.",
)
@as_json
def command(*, name: str, path: Path, format_: str, json_: bool) -> int:
    """ARTICLE is an article's id, the start of one, or its URL.

    Shows text and metadata, which part of the page each fact was taken from, the record that holds the
    page (file, offset, record id, digest), and the article's earlier versions.
    """
    from archive import Collection

    with Collection.open(path) as collection:
        article = collection.article(name)
        if json_ or format_ == "json":
            echo_json(article)
        elif format_ != "text":
            from archive.export.formats import export

            export([article], format_)
        else:
            versions, events = collection.versions(article.article_id), collection.events(article.article_id)
            click.echo("\n".join(_lines(article, versions, events)))
    return 0


def _lines(article: Article, versions: list[Version], events: list[Event]) -> Iterator[str]:
    yield f"# {article.title or '(no title)'}"
    yield ""
    facts = {
        "id": article.article_id,
        "url": article.url,
        "canonical_url": article.canonical_url if article.canonical_url != article.url else None,
        "authors": ", ".join(article.authors),
        "published": article.published,
        "modified": article.modified,
        "site": article.site,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "language": article.language,
        "translations": ", ".join(f"{language} {url}" for language, url in article.translations.items()),
        "kind": article.kind,
        "labels": ", ".join(article.labels),
        "words": article.word_count,
    }
    for field, value in facts.items():
        if value:
            origin = article.origins.get(field)
            yield f"{field + ':':15}{value}" + (f"   ({origin})" if origin else "")
    for wish in article.wishes:
        until = f" until {wish.until:%Y-%m-%dT%H:%M:%SZ}" if wish.until else ""
        said = f"   ({wish.said})" if wish.said else ""
        yield f"{'asks:':15}{wish.label} since {wish.since:%Y-%m-%dT%H:%M:%SZ}{until}{said}"
    if events and events[-1].kind in ("deleted", "moved"):  # what is shown below is no longer there
        yield f"{events[-1].kind + ':':15}{events[-1].date:%Y-%m-%dT%H:%M:%SZ}"
    yield ""
    yield article.text or "(no text)"
    yield ""
    yield f"{'captured:':15}{article.capture.date:%Y-%m-%dT%H:%M:%S.%fZ}"
    yield f"{'record:':15}{article.capture.file} at byte {article.capture.offset}"
    yield f"{'':15}<{article.capture.id}>"
    yield f"{'digest:':15}{article.capture.digest}"
    yield f"{'read by:':15}{article.reading.extractor} {article.reading.version}"
    for version in versions if len(versions) > 1 else []:
        yield f"{f'version {version.number}:':15}{version.date:%Y-%m-%dT%H:%M:%SZ}  {version.title or ''}"
