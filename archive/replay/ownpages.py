"""Pages of our own on the replay server and in the reading room, as HTML. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

from archive.model import Capture
from archive.replay.address import capture_path

__all__ = ["STYLE", "capture_list", "message", "page"]

STYLE: Final = """body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; } code, .url { overflow-wrap: anywhere; }
input[type=search] { width: 100%; max-width: 36rem; font: inherit; padding: .3rem; } button { font: inherit; }
li { margin: .4rem 0; } .quiet { color: #595959; } mark { background: #ffe98a; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .1rem 1rem .1rem 0; }
"""
MOST: Final = 2000
"""Captures that a page lists; the TimeMap has all."""


def page(title: str, body: str, *, style: str = f"<style>{STYLE}</style>") -> str:
    """A page of ours; `style` is a link to the sheet where inline ones are not allowed."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>{style}</head>\n'
        f"<body>{body}</body></html>\n"
    )


def message(
    title: str, text: str, near: Iterable[Capture] = (), address: Callable[[Capture], str] = capture_path
) -> str:
    """What is the matter, and which captures there are near by, each at its address."""
    links = "".join(
        f'<li>{capture.date:%Y-%m-%d %H:%M:%S} <a href="{escape(address(capture))}">{escape(capture.url)}</a></li>'
        for capture in near
    )
    said = f'<h1>{escape(title)}</h1><p class="url">{escape(text)}</p>'
    nearest = f"<h2>Near it</h2><ul>{links}</ul>" if links else ""
    return page(title, f'{said}{nearest}<p class="quiet">This page is the archive’s own. It was not captured.</p>')


def capture_list(url: str, captures: Sequence[Capture], replay: str = "") -> str:
    """A table of captures, the newest first; `replay` is the address of the replay server where that is another."""
    rows = "".join(_row(capture, replay) for capture in captures[-MOST:][::-1])
    more = f"<p>The newest {MOST} of {len(captures)}:</p>" if len(captures) > MOST else ""
    first_map = f"{replay}/timemap/link/{url}"
    return (
        f"{more}<table><tr><th>captured (UTC)</th><th>status</th><th>type</th><th>bytes on disk</th><th></th></tr>"
        f'{rows}</table><p><a href="{escape(first_map)}">TimeMap</a></p>'
    )


def _row(capture: Capture, replay: str) -> str:
    shown, exact = replay + capture_path(capture), replay + capture_path(capture, exact=True)
    kind = "same as before" if capture.mime == "warc/revisit" else capture.mime
    return (
        f'<tr><td><a rel="noopener noreferrer" href="{escape(shown)}">{capture.date:%Y-%m-%d %H:%M:%S}</a></td>'
        f"<td>{capture.status or 'none'}</td><td>{escape(kind)}</td><td>{capture.length}</td>"
        f'<td><a rel="noopener noreferrer" href="{escape(exact)}">as sent</a></td></tr>'
    )
