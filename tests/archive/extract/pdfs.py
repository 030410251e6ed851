"""PDFs made by hand, object by object (ISO 32000-1), so that what is wrong with one is there on purpose."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

__all__ = ["article", "document", "page"]

_TOP, _LEFT = 760, 72


def page(lines: Iterable[tuple[str, int, int, int]]) -> bytes:
    """The content of a page: text, size, x and y of each line."""
    shown = (
        f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text.translate({40: None, 41: None})}) Tj" for text, size, x, y in lines
    )
    return b"BT\n" + "\n".join(shown).encode("latin-1") + b"\nET"


def document(
    pages: Sequence[bytes], info: str = "", *, trailer: str = "", packed: bool = True, count: int = 0
) -> bytes:
    """A file of pages with these contents; `count`: pages that it claims to have, all the first."""
    kids = [f"{4 + 2 * number} 0 R" for number in range(len(pages))] * (count or 1)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, content in enumerate(pages):
        body = zlib.compress(content, 9) if packed else content
        filters = "/Filter/FlateDecode" if packed else ""
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (5 + 2 * number),
            f"<</Length {len(body)}{filters}>>stream\n".encode() + body + b"\nendstream",
        ]
    objects.append(f"<<{info}>>".encode("latin-1"))
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R{trailer}>>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF".encode())


def article(paragraphs: Sequence[str], *, title: str, info: str = "", width: int = 80, packed: bool = True) -> bytes:
    """An article as newspapers set it: a running head, a headline, byline and date, paragraphs in lines, a folio."""
    pages: list[list[tuple[str, int, int, int]]] = []
    y = 0

    def put(text: str, size: int, x: int, down: int) -> None:
        nonlocal y
        if not pages or y - down < 80:
            y = _TOP
            head, foot = ("The Harbour Courier", 8, _LEFT, 800), (f"Page {len(pages) + 1}", 8, 280, 40)
            pages.append([head, foot])
        y -= down
        pages[-1].insert(-1, (text, size, x, y))

    put(title, 22, _LEFT, 0)
    put("By Ann Rowe", 10, _LEFT, 30)
    put("3 May 2024", 10, _LEFT, 24)
    for text in paragraphs:
        line, down = "", 24
        for word in text.split():
            if len(line) + len(word) > width:
                put(line, 10, _LEFT, down)
                line, down = "", 12
            line = f"{line} {word}".strip()
        put(line, 10, _LEFT, down)
    return document([page(each) for each in pages], info, packed=packed)
