"""No address is left that leads out, by what other parsers find in what was rewritten; all else is as it was."""

from __future__ import annotations

import re

import tinycss2
from hypothesis import example, given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from archive.replay import css, html
from archive.replay.links import NOWHERE, Links
from archive.replay.rewrite import shown
from archive.replay.tokens import tokens
from archive.requisites import srcset

LINKS = Links(base="https://news.example/a/story.html", stamp="20260301120000")

# Fragments that meet each other in every order: what is markup to one parser must be to the other.
_VALUES = (
    "//out.example/x",
    "http://out.example/?a&amp;b",
    "/in",
    "x y",
    "#f",
    "",
    "JavaScript:x",
    "\thttp:out.example",
)
_NAMES = (
    "src",
    "href",
    "srcset",
    "style",
    "data-src",
    "poster",
    "xlink:href",
    "class",
    "onclick",
    "action",
    'a"b',
    "=",
)
_TAGS = (
    "img",
    "a",
    "div",
    "svg",
    "title",
    "style",
    "textarea",
    "script",
    "math",
    "desc",
    "p",
    "table",
    "base",
    "iframe",
)
_ATTRIBUTE = st.tuples(
    st.sampled_from(_NAMES), st.sampled_from(_VALUES), st.sampled_from(['{}="{}"', "{}='{}'", "{}={}", "{}"])
)
_START = st.builds(
    lambda tag, attributes, close: (
        f"<{tag} {' '.join(form.format(name, value) for name, value, form in attributes)}{close}"
    ),
    st.sampled_from(_TAGS),
    st.lists(_ATTRIBUTE, max_size=3),
    st.sampled_from([">", "/>", " >", ""]),
)
_OTHER = st.sampled_from(
    [
        *(f"</{tag}>" for tag in _TAGS),
        "text",
        "<!--",
        "-->",
        "<!-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?x",
        "<",
        ">",
        "</>",
        "'",
        '"',
        "<plaintext>",
        "</ x>",
        "a{b:url(//out.example/y)}",
    ]
)
_DOCUMENT = st.lists(st.one_of(_START, _OTHER), max_size=12).map("".join)


@given(_DOCUMENT)
def test_tokens_are_the_text(document: str) -> None:
    written = "".join(token.written for token in tokens(document))
    assert document.startswith(written)
    assert "<" in document[len(written) :] or written == document


def leads_out(address: str) -> bool:
    plain = re.sub(r"[\t\r\n]", "", address).strip(" ")
    return bool(plain) and not plain.startswith(("/20260301120000/http", "#", NOWHERE, "data:", "mailto:"))


@given(_DOCUMENT)
def test_no_address_is_left_that_another_parser_would_find(document: str) -> None:
    root = HTMLTree.parse(html.rewrite(document, LINKS)).document
    assert root is not None
    for element in root.query_selector_all("*"):
        assert element.tag != "script"
        for name in element.attrs:
            value = element.getattr(name) or ""
            assert not name.startswith("on")
            if name in ("src", "href", "data-src", "poster", "xlink:href", "action"):
                assert not leads_out(value), (name, value)
            if name == "srcset":
                assert not any(map(leads_out, srcset(value))), value
            if name == "style":
                assert "url(//" not in value


@given(_DOCUMENT)
def test_what_has_no_address_stays_as_it_is(document: str) -> None:
    once = html.rewrite(document, LINKS)
    again = html.rewrite(once, Links(base="https://other.example/", stamp="20270101000000"))
    plain = [token.written for token in tokens(once) if token.kind != "start" and token.name != "style"]
    assert [token.written for token in tokens(again) if token.kind != "start" and token.name != "style"] == plain
    assert [token.name for token in tokens(again)] == [token.name for token in tokens(once)]


_SHEETS = st.lists(
    st.sampled_from(
        [
            "a",
            "{",
            "}",
            "(",
            ")",
            ";",
            " ",
            "\n",
            "url(",
            "url('",
            "//out.example/x",
            "\\",
            '"',
            "'",
            "/*",
            "*/",
            "@import ",
            "u\\72 l(",
            "image-set(",
            "@namespace ",
            "b:c",
            "#d",
            "x.png",
            "\\0041",
            ",",
        ]
    ),
    max_size=16,
).map("".join)


def addresses(nodes: list[object]) -> list[str]:
    """Every address in CSS, by tinycss2."""
    found = []
    for node in nodes:
        kind = getattr(node, "type", "")
        if kind == "url":
            found.append(node.value)  # type: ignore[attr-defined]
        elif kind == "function" and node.lower_name in ("url", "src"):  # type: ignore[attr-defined]
            found += [one.value for one in node.arguments if one.type == "string"]  # type: ignore[attr-defined]
        for part in ("content", "arguments"):
            inner = getattr(node, part, None)
            found += addresses(inner) if isinstance(inner, list) else []
    return found


@example('url("\\0041\n')  # the line's end belongs to the escape
# A name space is no address, and of a line's end that is escaped in one tinycss2 makes a backslash.
@given(_SHEETS.filter(lambda sheet: "@namespace" not in sheet and "\\\n" not in sheet))
def test_no_address_is_left_in_a_style_sheet(sheet: str) -> None:
    changed = css.rewrite(sheet, LINKS.to)
    assert not [found for found in addresses(tinycss2.parse_component_value_list(changed)) if leads_out(found)]


@given(_SHEETS)
def test_a_style_sheet_says_the_same_besides(sheet: str) -> None:
    """Token by token, addresses aside."""

    def told(text: str) -> list[str]:
        out = []
        waiting = list(tinycss2.parse_component_value_list(text))[::-1]
        while waiting:
            node = waiting.pop()
            if node.type == "url" or (node.type == "function" and node.lower_name == "url"):
                out.append("url")
                continue
            if node.type == "error" and node.kind.startswith("eof"):
                continue
            out.append(f"{node.type} {getattr(node, 'value', '') if node.type != 'string' else ''}")
            waiting += [*(getattr(node, "content", None) or []), *getattr(node, "arguments", [])][::-1]
        return out

    assert told(css.rewrite(sheet, LINKS.to)) == told(sheet)


@given(
    st.text(),
    st.sampled_from(["text/html", "text/css", "image/svg+xml", "text/html; charset=utf-16", "text/css; charset=gbk"]),
)
def test_any_text_is_a_document(text: str, kind: str) -> None:
    assert shown(text.encode("utf-8", "surrogatepass"), kind, LINKS).content_type


@given(st.binary(max_size=200), st.sampled_from(["text/html", "application/xhtml+xml", "text/css; charset=nonsense"]))
def test_any_bytes_are(data: bytes, kind: str) -> None:
    assert shown(data, kind, LINKS).content_type
