"""Hostile pages by name, made when asked for: each has stopped, slowed or fooled some reader of HTML."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable
from typing import Final

__all__ = ["PAGES", "SENTENCE"]

SENTENCE: Final = "The harbour wall held through the night, the town council said on Friday, and nobody was hurt."
_STORY: Final = f"<article><h1>The harbour wall holds</h1><p>{SENTENCE}</p><p>{SENTENCE[4:]}</p></article>"


def _page(body: str = "", head: str = "") -> bytes:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}{_STORY}</body></html>".encode()


def _ld(json: str) -> bytes:
    return _page(head=f'<script type="application/ld+json">{json}</script>')


def _png() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0" + zlib.compress(bytes(100_000))


PAGES: Final[dict[str, Callable[[], bytes]]] = {
    # size
    "20 MB of paragraphs": lambda: _page(f"<p>{SENTENCE}</p>" * 200_000),
    "a million tags": lambda: _page("<b></b>" * 1_000_000),
    "tags up to the cap": lambda: _page("<p>a <b>b</b></p>" * 29_000),
    "5 MB of links": lambda: _page("<a href=/a/b/c>A headline of a story that is long enough</a>\n" * 80_000),
    "100,000 meta elements": lambda: _page(head='<meta name="author" content="Ann Rowe">' * 100_000),
    "meta elements up to the cap": lambda: _page(head='<meta name="author" content="Ann Rowe, Bo Lind">' * 50_000),
    "a table of 15,000 cells": lambda: _page("<table>" + ("<tr>" + "<td>12" * 20) * 750 + "</table>"),
    "8 MB of one word": lambda: _page("<p>" + "x" * 8_000_000),
    "8 MB of spaces": lambda: _page("<p>a" + " " * 8_000_000 + "b"),
    "8 MB of script": lambda: _page("<script>" + "if(a<b){x='</p>'}" * 500_000 + "</script>"),
    # depth
    "2 MB of nested divs": lambda: _page("<div>" * 400_000),
    "nested up to the cap": lambda: _page("<div>" * 390 + "<p>word word word" * 2_000),
    "nested inline": lambda: _page("<b><i>" * 190 + SENTENCE),
    "nested lists": lambda: _page("<ul><li>" * 190 + SENTENCE),
    "nested tables": lambda: _page("<table><tr><td>" * 90 + SENTENCE),
    "unclosed everything": lambda: _page() + b"<p><b><i><a href='x><p><!-- <script>",
    "formatting that is reopened": lambda: _page("<p><b><i><u><s>x" * 2_000),
    # attributes and entities
    "a giant attribute": lambda: _page(f'<div data-x="{"x" * 8_000_000}">'),
    "an attribute that never ends": lambda: _page() + b'<a href="' + b"x" * 8_000_000,
    "30,000 attributes": lambda: _page("<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">x"),
    "a giant class": lambda: _page(f'<p class="{"author " * 2_500}">x' * 40),
    "an entity bomb": lambda: (
        b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 999 + b'">]>' + _page("&b;" * 999)
    ),
    "200,000 entities": lambda: _page("<p>" + "&amp;" * 200_000),
    "references no tree can hold": lambda: _page("<p>a&#1;b&#xFFFE;c&#xD800;d&#99999999999;"),
    "characters no tree can hold": lambda: _page("<p>\x00\x01\x0b\ufffe\uffff"),
    "NULs between all letters": lambda: b"\0".join(bytes([byte]) for byte in _page()),
    # JSON-LD
    "deep JSON-LD": lambda: _ld('{"@type":"Article","a":[' * 50_000),
    "5 MB of JSON-LD": lambda: _ld('{"@type":"NewsArticle","headline":"' + "x" * 5_000_000 + '"}'),
    "70,000 JSON-LD nodes": lambda: _ld("[" + ",".join(['{"@type":"NewsArticle"}'] * 70_000) + "]"),
    "JSON-LD that is broken all along": lambda: _ld('{"@type":"NewsArticle","headline":"a "b" c",' * 20_000),
    "JSON-LD of the wrong types": lambda: _ld(
        '{"@type":[{},1,null],"headline":{"a":[]},"author":[[["x"]],7,true],"datePublished":{"@value":[]},"image":[1]}'
    ),
    # patterns
    "a date bomb": lambda: _page("<p>" + "2024-01-01 1/2/2024 3 May 2024 20240101 " * 40_000),
    "digits without end": lambda: _page("<p>" + "1" * 3_000_000),
    "a title without end": lambda: _page(head="<title>" + "a | b - " * 200_000 + "</title>"),
    "a headline of separators": lambda: _page(
        "<h1>" + " - _ | :: " * 30 + "</h1>", head="<title>" + "_-" * 9_999 + "</title>"
    ),
    "a byline without end": lambda: _page(
        "<div class=byline>By " + "and By , & " * 30_000 + "</div>",
        head=f'<meta name=author content="{"by " * 9_999}@">',
    ),
    "10,000 time elements": lambda: _page("<time class=published>3 May 2024, 10:30</time>" * 10_000),
    # encodings
    "a false charset": lambda: b"<meta charset=utf-16>" + _page(),
    "a charset of no name": lambda: b"<meta charset='\xff\xfe;;x-user-defined'>" + _page(),
    "a mark that lies": lambda: codecs.BOM_UTF16_LE + _page(),
    "UTF-16 without a mark": lambda: _page().decode().encode("utf-16-be"),
    "UTF-32": lambda: _page().decode().encode("utf-32"),
    "cut within a character": lambda: _page("<p>Übung").split(b"bung")[0][:-1],
    "bytes of no encoding": lambda: bytes(range(256)) * 4_000 + _page(),
    # no HTML, and odd HTML
    "a PDF": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj" + bytes(5_000),
    "an image": _png,
    "nothing": lambda: b"",
    "plaintext": lambda: _page().replace(b"<article>", b"<plaintext><article>"),
    "CDATA": lambda: _page("<![CDATA[" + "]]>" * 5_000),
    "a frameset": lambda: b"<html><frameset><frame src=a></frameset><noframes>" + _page(),
    "SVG and MathML": lambda: _page("<svg><foreignObject><math><mtext><p>" * 50),
}
