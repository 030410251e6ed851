"""HTML text -> tags and what lies between them, as browsers tell them apart. Pure.

The tokenizer of the HTML Standard (section 13.2.5) with as much of the tree construction as it needs to know where
markup is none: contents of scripts, styles, titles; comments; SVG and MathML, in which other rules hold. What is no tag
comes as the stretch of text that it is, so all markup can be put together again as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from typing import Final, Literal

__all__ = ["Attribute", "Token", "first", "tokens", "unescaped", "with_attribute"]

_SPACE: Final = r"\t\n\f\r "
_MARKUP: Final = re.compile(
    rf"<(?:(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<bogus>[!?]|/(?=[^A-Za-z]))"
    rf"|(?P<slash>/?)(?P<name>[A-Za-z][^{_SPACE}/>]*))"
)
_COMMENT_END: Final = re.compile(r"(?<=<!--)-?>|--!?>")
_NAME: Final = re.compile(rf"[{_SPACE}/]*(?P<name>[^{_SPACE}/>][^{_SPACE}/>=]*)(?P<is>[{_SPACE}]*=[{_SPACE}]*)?")
_BARE: Final = re.compile(rf"[^{_SPACE}>]*")
_BEFORE_END: Final = re.compile(rf"[{_SPACE}/]*")
_REFERENCE: Final = re.compile(r"&(?:#[xX][0-9a-fA-F]+;?|#[0-9]+;?|[A-Za-z][A-Za-z0-9]*;?)")
_SCRIPT: Final = re.compile(
    rf"(?P<open><!--(?!-?>))|(?P<close>-->)|<(?P<slash>/?)script(?=[{_SPACE}/>])", re.IGNORECASE
)

_RAW: Final = frozenset({"style", "script", "xmp", "iframe", "noembed", "noframes", "title", "textarea"})
"""Elements whose content is text up to their end tag."""
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_INTEGRATION: Final = {
    "svg": frozenset({"foreignobject", "desc", "title"}),
    "math": frozenset({"mi", "mo", "mn", "ms", "mtext"}),
}
"""Elements of other vocabularies that hold HTML."""
_BREAKOUT: Final = frozenset(
    {"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p"}
    | {"pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var"}
)
"""Tags that end foreign content (13.2.6.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    name: str
    """In lower case."""
    value: str
    """References in it resolved."""
    written: str
    """As it stands in the text, with what parts it from what stands before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stretch of the text; one after the other they are the whole, save for a last tag that never ends."""

    kind: Literal["text", "start", "end"]
    written: str
    name: str = ""
    """Of a tag, in lower case; of text that an element takes as it is, the element."""
    attributes: tuple[Attribute, ...] = ()
    """Of a start tag."""
    closed: str = ""
    """How a start tag ends: ``>`` or ``/>``."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a document, or of what an ``srcdoc`` attribute holds."""
    done = at = 0  # what is handed out, and where to look next
    open_ = _Open()
    while found := _MARKUP.search(text, at):
        if found["name"] is None:
            at = _skipped(text, found, foreign=open_.foreign)
            continue
        attributes, end = _attributes(text, found.end())
        if done < found.start():
            yield Token(kind="text", written=text[done : found.start()])
        if end < 0:
            return  # a tag that never ends is none
        name, written = found["name"].lower(), text[found.start() : end]
        at = done = end
        if found["slash"]:
            open_.close(name)
            yield Token(kind="end", written=written, name=name)
            continue
        closed = "/>" if text[end - 2] == "/" and not (attributes and attributes[-1].written.endswith("/")) else ">"
        yield Token(kind="start", written=written, name=name, attributes=attributes, closed=closed)
        foreign = open_.start(name, attributes, closed=closed == "/>")
        if name == "plaintext" and not foreign:
            yield Token(kind="text", written=text[end:], name=name)
            return
        if name in _RAW and not (foreign and closed == "/>"):
            at = done = _raw_end(text, name, end, foreign=foreign)
            if end < done:
                yield Token(kind="text", written=text[end:done], name=name)
    if done < len(text):
        yield Token(kind="text", written=text[done:])


class _Open:
    """The elements that are open, as far as they say whether the rules of SVG and MathML hold.

    Simpler than tree construction: what tables and misnested formatting move about is not followed.
    """

    def __init__(self) -> None:
        self._stack: list[tuple[str, str]] = []  # the name, and the vocabulary of what is in it
        self._counts: Counter[str] = Counter()

    @property
    def foreign(self) -> bool:
        return self._vocabulary != "html"

    @property
    def _vocabulary(self) -> str:
        return self._stack[-1][1] if self._stack else "html"

    def start(self, name: str, attributes: tuple[Attribute, ...], *, closed: bool) -> bool:
        """A start tag; whether its element belongs to another vocabulary than HTML."""
        if self.foreign and (name in _BREAKOUT or (name == "font" and _is_html_font(attributes))):
            self._leave()
        around = self._vocabulary
        if around == "html":
            if name not in _VOID and not (closed and name in _INTEGRATION):
                self._push(name, name if name in _INTEGRATION else "html")
            return name in _INTEGRATION
        within = "html" if name in _INTEGRATION[around] or _is_html_annotation(name, attributes) else around
        if not closed:
            self._push(name, "svg" if name == "svg" else within)
        return True

    def close(self, name: str) -> None:
        if self.foreign and name in ("p", "br"):
            self._leave()
        if self._counts[name]:
            while self._pop() != name:
                pass

    def _leave(self) -> None:
        while self.foreign:
            self._pop()

    def _push(self, name: str, vocabulary: str) -> None:
        self._stack.append((name, vocabulary))
        self._counts[name] += 1

    def _pop(self) -> str:
        name, _ = self._stack.pop()
        self._counts[name] -= 1
        return name


def unescaped(value: str) -> str:
    """An attribute's value with its references resolved: those without a semicolon only where nothing follows
    that could belong to a parameter's name (13.2.5.73)."""

    def resolve(found: re.Match[str]) -> str:
        written = found[0]
        if written[1] != "#":
            whole = written[1:] in html5
            if not whole or (not written.endswith(";") and value[found.end() : found.end() + 1] == "="):
                return written
        return unescape(written)

    return _REFERENCE.sub(resolve, value) if "&" in value else value


def _skipped(text: str, found: re.Match[str], *, foreign: bool) -> int:
    """Where a comment, or what is taken for one, ends."""
    if found["comment"]:
        end = _COMMENT_END.search(text, found.end())
        return end.end() if end else len(text)
    mark = "]]>" if found["cdata"] and foreign else ">"
    end_at = text.find(mark, found.start() + 2)
    return end_at + len(mark) if end_at >= 0 else len(text)


def _attributes(text: str, at: int) -> tuple[tuple[Attribute, ...], int]:
    """The attributes of a tag, and where it ends; -1 where it does not."""
    found: list[Attribute] = []
    while True:
        start = at
        skipped = _BEFORE_END.match(text, at)
        assert skipped is not None
        if text.startswith(">", skipped.end()):
            return tuple(found), skipped.end() + 1
        name = _NAME.match(text, at)
        if name is None:
            return (), -1
        at = name.end()
        value = ""
        if name["is"]:
            quote = text[at : at + 1]
            if quote in ('"', "'") and quote:
                end = text.find(quote, at + 1)
                if end < 0:
                    return (), -1
                value, at = text[at + 1 : end], end + 1
            else:
                bare = _BARE.match(text, at)
                assert bare is not None
                value, at = bare[0], bare.end()
        found.append(Attribute(name=name["name"].lower(), value=unescaped(value), written=text[start:at]))


def _raw_end(text: str, name: str, at: int, *, foreign: bool) -> int:
    """Where the text of an element ends that takes it as it is."""
    if name == "script" and not foreign:
        return _script_end(text, at)
    if foreign:  # markup in it counts: the text goes up to the next
        end = text.find("<", at)
        return end if end >= 0 else len(text)
    found = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE).search(text, at)
    return found.start() if found else len(text)


def _script_end(text: str, at: int) -> int:
    """The end tag of a script: within ``<!--`` one that belongs to an inner script is none (13.2.5.15 and on)."""
    state = 0  # 1 within a comment, 2 within a script within it
    for found in _SCRIPT.finditer(text, at):
        if found["open"]:
            state = max(state, 1)
        elif found["close"]:
            state = 0
        elif not found["slash"]:
            state = 2 if state else 0
        elif state == 2:
            state = 1
        else:
            return found.start()
    return len(text)


def _is_html_annotation(name: str, attributes: tuple[Attribute, ...]) -> bool:
    encodings = (each.value.lower() for each in attributes if each.name == "encoding")
    return name == "annotation-xml" and next(encodings, "") in ("text/html", "application/xhtml+xml")


def _is_html_font(attributes: tuple[Attribute, ...]) -> bool:
    return any(each.name in ("color", "face", "size") for each in attributes)


def first(found: Iterable[Attribute], name: str) -> str | None:
    """The value of the first attribute of that name, which is the one that counts."""
    return next((attribute.value for attribute in found if attribute.name == name), None)


def with_attribute(found: tuple[Attribute, ...], name: str, value: str) -> tuple[Attribute, ...]:
    """The attributes with another value for one of them; it is not written yet."""
    rest = tuple(attribute for attribute in found if attribute.name != name)
    return (Attribute(name=name, value=value, written=""), *rest)
