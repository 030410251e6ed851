"""Bytes to text to tree: as browsers find the encoding, and never a character or a tree that others choke on."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ExtractionFailed
from archive.extract.decode import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, charset_of, decode, parse

RUSSIAN = "<p>Правительство сообщило о решении в понедельник, передаёт корреспондент.</p>"
JAPANESE = "<p>政府は月曜日に決定を発表した。記者会見で首相が述べた。</p>"


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        pytest.param(codecs.BOM_UTF8 + RUSSIAN.encode(), "windows-1251", id="a byte order mark beats the header"),
        pytest.param(codecs.BOM_UTF16_LE + RUSSIAN.encode("utf-16-le"), None, id="UTF-16 by its mark"),
        pytest.param(b"<meta charset=utf-8>" + RUSSIAN.encode("cp1251"), "windows-1251", id="the header beats meta"),
        pytest.param(b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, id="meta where no header"),
        pytest.param(
            b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), "bogus", id="an unknown header is none"
        ),
        pytest.param(
            b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">' + RUSSIAN.encode("koi8-r"),
            None,
            id="meta of old",
        ),
        pytest.param(b"<meta charset=utf-16>" + RUSSIAN.encode(), None, id="meta cannot mean UTF-16"),
        pytest.param(b"<meta charset=gb2312>" + RUSSIAN.encode(), None, id="a converted page's old declaration"),
        pytest.param(RUSSIAN.encode(), None, id="nothing declared, and it is UTF-8"),
        pytest.param((RUSSIAN * 5).encode("cp1251"), None, id="nothing declared, and it is not"),
    ],
)
def test_the_encoding_is_the_one_a_browser_finds(page: bytes, charset: str | None) -> None:
    assert RUSSIAN in decode(page, charset)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("shift_jis", "cp932"),
        ("Windows-31J", "cp932"),
        ("x-sjis", "cp932"),
        ("euc-jp", "euc_jp"),
        ("iso-2022-jp", "iso2022_jp"),
        ("UTF8", "utf-8"),
        (' "utf-8" ', "utf-8"),
    ],
)
def test_labels_mean_what_the_encoding_standard_says(label: str, codec: str) -> None:
    assert JAPANESE in decode(JAPANESE.encode(codec), label)


def test_latin_1_is_windows_1252() -> None:
    assert decode(b"<p>\x93quoted\x94 \x96 5 \x80</p>", "iso-8859-1") == "<p>“quoted” – 5 €</p>"


def test_a_character_cut_in_two_by_the_end_does_not_cost_the_encoding() -> None:
    assert decode("<p>Zürich und Genève".encode() + "é".encode()[:1]).startswith("<p>Zürich und Genève")


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("shift_jis", "cp932", "髙島屋①の記事"),
        ("euc-kr", "cp949", "똠방각하"),
        ("big5", "big5hkscs", "香港嘅新聞"),
        ("tis-620", "cp874", "ข่าว“วันนี้”"),
    ],
)
def test_a_label_that_only_the_page_names_means_what_browsers_read(label: str, codec: str, text: str) -> None:
    """Each has characters that the codec of that very name lacks, or that detection takes for others."""
    page = f'<meta charset="{label}"><p>{text}'.encode(codec)
    assert text in decode(page, None)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html;charset="ISO-8859-1"; boundary=x', "ISO-8859-1"),
        ("text/html; Charset = gbk", "gbk"),
        ("text/html", None),
        ("", None),
    ],
)
def test_charset_of_a_header(header: str, charset: str | None) -> None:
    assert charset_of(header) == charset


@pytest.mark.parametrize(
    "bad", ["&#1;", "&#x1;", "&#xFFFE;", "&#65535;", "&#0;", "&#xD800;", "&#x110000;", "&#99999999999;"]
)
def test_references_that_no_tree_can_hold_are_left_out(bad: str) -> None:
    assert decode(f"<p>a{bad}b &amp; &#8217; &#x1F600;</p>".encode()) == "<p>ab &amp; &#8217; &#x1F600;</p>"


@given(st.binary(max_size=400))
def test_any_bytes_become_a_tree_or_are_refused(page: bytes) -> None:
    try:
        tree = parse(decode(page))
    except ExtractionFailed:
        return
    for element in tree.iter():
        for text in (element.text, element.tail):
            element.tail = text  # lxml itself refuses what XML cannot hold


def test_a_start_tag_that_closes_itself_does_not_cost_the_page() -> None:
    assert "".join(parse('<html lang="de"/><body><p>Text</p></body>').itertext()) == "Text"


@pytest.mark.parametrize(
    "start", [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"PK\3\4\x14"]
)
def test_what_is_no_text_is_refused_by_name(start: bytes) -> None:
    with pytest.raises(ExtractionFailed, match=r"not HTML but (application|image)/"):
        decode(start + bytes(100), "utf-8")


def test_what_is_too_much_is_refused_by_name() -> None:
    with pytest.raises(ExtractionFailed, match="bytes"):
        decode(b"a" * (MAX_BYTES + 1))
    with pytest.raises(ExtractionFailed, match="deep"):
        parse("<div>" * (MAX_DEPTH + 1) + "x")
    with pytest.raises(ExtractionFailed, match="elements"):
        parse("<p>x" * (MAX_ELEMENTS + 1))
    with pytest.raises(ExtractionFailed, match="no HTML"):
        parse("  ")


def test_giant_attributes_are_emptied_and_their_neighbours_kept() -> None:
    text = decode(b'<img src="data:' + b"x" * 100_000 + b'" alt="A photo"><p title=ok>Text</p>')
    assert text == '<img src="" alt="A photo"><p title=ok>Text</p>'


GIANT = "x" * 25_000


@pytest.mark.parametrize(
    ("page", "left"),
    [
        pytest.param(f'<p a="{GIANT}" b=c>x</p>', '<p a="" b=c>x</p>', id="alone"),
        pytest.param(f"<p>{GIANT}<i a='{GIANT}'>x<b a = \"{GIANT}\">", f'<p>{GIANT}<i a="">x<b a ="">', id="several"),
        pytest.param(f"<p>{GIANT}</p>", f"<p>{GIANT}</p>", id="text is none"),
        pytest.param(f"<script>x={GIANT}</script>", f"<script>x={GIANT}</script>", id="a script is none"),
        pytest.param(f'<p a="{GIANT[:15_000]}">', f'<p a="{GIANT[:15_000]}">', id="not that large"),
        pytest.param(f'<p a="{GIANT}', f'<p a="{GIANT}', id="never closed"),
    ],
)
def test_giant_attributes_are_emptied(page: str, left: str) -> None:
    for before in ("", "<p>y</p>" * 1_300, "y" * 9_999):
        assert decode((before + page).encode()) == before + left


@given(st.integers(MAX_DEPTH - 3, MAX_DEPTH + 3), st.integers(0, 250), st.integers(0, 3))
def test_depth_is_told_wherever_it_lies(depth: int, before: int, beside: int) -> None:
    page = "<p>x</p>" * before + ("<div>" + "<i></i>" * beside) * (depth - 3) + "<b></b>"
    if depth > MAX_DEPTH:
        with pytest.raises(ExtractionFailed, match="nested more than"):
            parse(f"<html><body>{page}")
    else:
        assert max(sum(1 for _ in element.iterancestors()) + 1 for element in parse(page).iter("b")) == depth


@pytest.mark.parametrize("end", ["</body></html>", "</html>", "</BODY >\n</HTML>\n<html><body>"])
def test_what_follows_the_end_of_the_page_is_a_part_of_it_as_in_browsers(end: str) -> None:
    tree = parse(f"<html><body><header>Menu</header>{end}<main><p>News</p></main></body></html>")
    assert [element.getparent().tag for element in tree.iter("header", "main")] == ["body", "body"]
    assert tree.findtext(".//p") == "News"
