"""The newsroom in its Sunday clothes: style sheets that import others, a font, pictures from everywhere."""

from __future__ import annotations

import struct

from tests.newsroom.answers import Page
from tests.newsroom.site import Site

__all__ = ["DressedSite", "boxes"]

_SHEET = b"""@charset "utf-8";
@import "more.css";
@font-face { font-family: Boxes; src: url("boxes.ttf") format("truetype"); }
body { margin: 1rem; font-family: serif; }
h1 { font-family: Boxes, serif; color: #a00; }
body::before { content: ""; display: block; height: 40px; background: url(/images/9001.png) repeat-x; }
"""
_MORE = b"nav li { display: inline; background: #eee url('../images/9002.png') }\nfooter { border: 3px dotted #060 }\n"
_ICONS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="80" height="40">'
    b'<style>circle{fill:#06c}</style><circle cx="20" cy="20" r="18"/></svg>'
)
_EXTRA = """<p><img src="/assets/mark.svg" alt=""> <img alt="" width="128"
srcset="/images/9003.png 1x, /images/9004.png 2x"> <picture><source srcset="/images/9005.png"><img src="/nothing.png"
alt=""></picture> <svg width="60" height="40"><image href="/images/9006.png" width="60" height="40"/></svg></p>
<div style="height: 30px; background-image: url(/images/9007.png)"></div><table background="/images/9008.png"><tr><td>
Weather</td></tr></table>"""


class DressedSite(Site):
    def _build(self, path: str) -> Page | None:
        match path:
            case "/assets/site.css":
                return Page(body=_SHEET, type="text/css", delivery="gzip")
            case "/assets/more.css":
                return Page(body=_MORE, type="text/css")
            case "/assets/boxes.ttf":
                return Page(body=boxes(), type="font/ttf")
            case "/assets/mark.svg":
                return Page(body=_ICONS, type="image/svg+xml")
        page = super()._build(path)
        if page is None or self.at(path) is None:
            return page
        charset = page.type.partition("charset=")[2] or "utf-8"
        extra = _EXTRA.encode(charset, "replace")
        return Page(body=page.body.replace(b"</footer>", b"</footer>" + extra), type=page.type, delivery=page.delivery)


def boxes() -> bytes:
    """A TrueType font in which every letter is a box: nobody takes it for another."""
    box = struct.pack(">5h", 1, 50, 0, 550, 700) + struct.pack(">HH4B", 3, 0, 1, 1, 1, 1)
    box += struct.pack(">4h4h", 50, 500, 0, -500, 0, 0, 700, 0)
    last = 0x024F
    ends, starts = struct.pack(">2H", last, 0xFFFF), struct.pack(">2H", 0x20, 0xFFFF)
    deltas = struct.pack(">2h", 0, 1)
    glyph = struct.pack(">H", 1)
    count = last - 0x20 + 1
    segments = ends + b"\0\0" + starts + deltas + struct.pack(">2H", 4, 0) + glyph * count
    subtable = struct.pack(">7H", 4, 14 + len(segments), 0, 4, 4, 1, 0) + segments
    name = "Boxes".encode("utf-16-be")
    names = b"".join(struct.pack(">6H", 3, 1, 0x409, kind, len(name), 0) for kind in (1, 4, 6))
    tables = {
        b"OS/2": struct.pack(">HhHHH11h10s", 3, 600, 400, 5, 0, *[100] * 10, 0, bytes(10))
        + struct.pack(">4I4s3H3hHHII", 1, 0, 0, 0, b"TEST", 64, 0x20, last, 700, 0, 0, 700, 0, 1, 0)
        + struct.pack(">hhHHH", 500, 700, 0, 0x20, 1),
        b"cmap": struct.pack(">4HI", 0, 1, 3, 1, 12) + subtable,
        b"glyf": box + bytes(-len(box) % 4),
        b"head": struct.pack(">4I2H", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000)
        + bytes(16)
        + struct.pack(">4h2H3h", 0, 0, 600, 700, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhHhhhhhh4hhH", 0x10000, 700, 0, 0, 600, 0, 0, 550, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", 600, 0, 600, 50),
        b"loca": struct.pack(">3H", 0, 0, (len(box) + -len(box) % 4) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">3H", 0, 3, 6 + len(names)) + names + name,
        b"post": struct.pack(">IIhhI4I", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    at = 12 + 16 * len(tables)
    directory, data = struct.pack(">I4H", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128), b""
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, at + len(data), len(table))
        data += padded
    return directory + data
