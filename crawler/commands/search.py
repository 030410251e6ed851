"""wirecopy search: articles by their words."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.commands.options import as_json, collection_option, echo_json, walls_option

__all__ = ["command"]


@click.command("search", short_help="find articles by words")
@click.argument("words", nargs=-1, required=True)
@collection_option
@click.option("--limit", "-n", type=click.IntRange(min=1), default=20, show_default=True, help="At most this many.")
@walls_option
@as_json
def command(*, words: tuple[str, ...], path: Path, limit: int, walls: bool, json_: bool) -> int:
    """Full text of titles and articles, the newest first, with the place where the words stand.

    All the words must be in an article. "quoted words" stand side by side, and a word that ends in *
    stands for all that begin so. Accents and case do not matter; Chinese and Japanese words need no spaces.

    Exit code 1 when nothing was found.
    """
    from archive import Collection
    from crawler.progress import is_live

    found = False
    marks = ("\x1b[1m", "\x1b[0m") if is_live(sys.stdout) else ("", "")
    with Collection.open(path) as collection:
        for hit in collection.search(" ".join(words), limit=limit, walls=walls):
            found = True
            article = hit.article
            if json_:
                echo_json(
                    {
                        "article_id": article.article_id,
                        "title": article.title,
                        "published": article.published,
                        "url": article.url,
                        "snippet": hit.text.text,
                    }
                )
                continue
            click.echo(f"{article.article_id}  {(article.published or '')[:10]:10}  {hit.title.marked(*marks)}")
            click.echo(f"  {article.url}\n  {hit.text.marked(*marks)}\n")
    if not found:
        click.echo("nothing found", err=True)
    return 0 if found else 1
