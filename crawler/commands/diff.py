"""wirecopy diff: two versions of an article, word by word."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive.catalogue.timeline import Difference
    from archive.compare.words import Piece

__all__ = ["command"]

_PLAIN: Final = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_COLOURED: Final = {"same": ("", ""), "removed": ("\x1b[31;9m", "\x1b[0m"), "added": ("\x1b[32m", "\x1b[0m")}
_HTML: Final = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}

_PAGE: Final = """<!doctype html>
<html><head><meta charset="utf-8"><title>{name}</title>
<style>
body {{ max-width: 42em; margin: 2em auto; font: 1.1em/1.5 serif }}
ins {{ background: #d8f5d8; text-decoration: none }}
del {{ background: #fbdcdc }}
</style></head>
<body dir="auto"><h1>{title}</h1>
{text}
</body></html>"""


@click.command("diff", short_help="two versions of an article, word by word")
@click.argument("name", metavar="ARTICLE")
@click.argument("old", metavar="[FROM]", type=int, required=False)
@click.argument("new", metavar="[TO]", type=int, required=False)
@click.option("--full", is_flag=True, help="Paragraphs that did not change, too.")
@click.option("--html", "as_html", is_flag=True, help="As an HTML page.")
@collection_option
@as_json
def command(*, name: str, old: int | None, new: int | None, full: bool, as_html: bool, path: Path, json_: bool) -> int:
    """ARTICLE is an article's id, the start of one, or its URL; FROM and TO are numbers of its versions.

    Without TO, up to the newest; without FROM, the last edit. What was taken out is [-so-], what was put in {+so+}, in
    colour on a terminal. Chinese, Japanese and Thai are compared by character. Exit code 1 when there is nothing to
    compare.
    """
    from archive import Collection
    from crawler.progress import is_live

    with Collection.open(path) as collection:
        article = collection.article(name)
        found = collection.diff(article.article_id, old, new)
    if json_:
        echo_json(found)
    elif as_html:
        click.echo(_page(found))
    else:
        marks = _COLOURED if is_live(sys.stdout) else _PLAIN
        click.echo(f"# version {found.old} -> version {found.new}\n\n{_marked(found.title, marks)}\n")
        click.echo("\n\n".join(_lines(found, marks, full=full)))
    return 0


def _lines(found: Difference, marks: dict[str, tuple[str, str]], *, full: bool) -> Iterator[str]:
    from archive.compare.words import by_paragraph

    for changed, group in groupby(by_paragraph(found.text), key=lambda line: any(p.kind != "same" for p in line)):
        lines = list(group)
        if changed or full:
            yield from (_marked(line, marks) for line in lines)
        else:
            yield f"... {len(lines)} unchanged ..."


def _marked(pieces: Iterable[Piece], marks: dict[str, tuple[str, str]]) -> str:
    return "".join(marks[piece.kind][0] + piece.text + marks[piece.kind][1] for piece in pieces)


def _page(found: Difference) -> str:
    from archive.compare.words import Piece, by_paragraph

    def marked(pieces: Iterable[Piece]) -> str:
        return _marked((Piece(kind=piece.kind, text=html.escape(piece.text)) for piece in pieces), _HTML)

    text = "\n".join(f"<p>{marked(line)}</p>" for line in by_paragraph(found.text))
    name = f"{found.article_id}: version {found.old} to {found.new}"
    return _PAGE.format(name=html.escape(name), title=marked(found.title), text=text)
