"""A style sheet with its addresses led elsewhere, and all else as it was written. Pure.

Tokens are told apart as CSS Syntax Level 3 (section 4) does, as far as addresses need it: comments, strings, escapes in
names, ``url(…)`` bare or quoted, ``src(…)``, strings of ``@import`` and of ``image-set(…)``. Name spaces are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["rewrite"]

_ESCAPE: Final = r"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\r\n\f])?|[^\r\n\f0-9a-fA-F]|\Z)"
_ESCAPED: Final = r"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\r\n\f])?|\r\n|[\s\S])"
_STRING: Final = (
    rf'"(?:[^"\\\r\n\f]|{_ESCAPED})*(?:"|\\?\Z|(?=[\r\n\f]))|'
    rf"'(?:[^'\\\r\n\f]|{_ESCAPED})*(?:'|\\?\Z|(?=[\r\n\f]))"
)
_TOKEN: Final = re.compile(
    rf"(?P<comment>/\*[\s\S]*?(?:\*/|\Z))|(?P<string>{_STRING})"
    rf"|(?P<name>@?(?:[\w-]|{_ESCAPE})+)(?P<call>\()?|(?P<mark>[()\[\]{{}};])"
)
_BARE: Final = re.compile(rf"[ \t\r\n\f]*(?P<address>(?:[^\s()\"'\\]|{_ESCAPE})*)[ \t\r\n\f]*(?:\)|\Z)")
_QUOTED: Final = re.compile(r"[ \t\r\n\f]*(?=[\"'])")
_BAD: Final = re.compile(rf"(?:[^)\\]|{_ESCAPE}|\\)*(?:\)|\Z)")
_UNESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\r\n\f])|([\s\S]|\Z))")
_TO_ESCAPE: Final = re.compile(r'["\\<\x00-\x1f\x7f]')
_SETS: Final = frozenset({"image-set", "-webkit-image-set"})
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def rewrite(css: str, to: Callable[[str], str]) -> str:
    """The sheet, or the declarations of a ``style`` attribute, with `to` applied to each address in it."""
    out: list[str] = []
    done = at = 0
    within: list[str] = []  # functions and blocks that are open
    rule = ""  # the at-rule whose prelude this is
    while found := _TOKEN.search(css, at):
        at = found.end()
        if found["comment"] is not None:
            continue
        replaced = None
        if (string := found["string"]) is not None:
            whole = at == len(css) or string.endswith(string[0], 1)  # one that a line's end cuts is none
            if whole and ((within and within[-1] in _ADDRESSED) or (rule == "@import" and not within)):
                replaced = _new(_content(string), to)
                rule = "" if not within else rule
            start = found.start()
        elif (name := found["name"]) is not None:
            name = _unescaped(name).lower() if found["call"] or name[0] == "@" else name
            start = found.end()
            if not found["call"]:
                rule = name if name[0] == "@" else rule
            elif name == "url" and not _QUOTED.match(css, at):
                bare = _BARE.match(css, at)
                if bare is None:  # a bad one is no address at all
                    bad = _BAD.match(css, at)
                    at = bad.end() if bad else len(css)
                    continue
                at = bare.end()
                replaced = None if rule == "@namespace" else _new(_bare(bare["address"]), to)
                replaced = replaced and f"{replaced})"
            else:
                within.append("" if rule == "@namespace" else name)
        else:
            mark = found["mark"]
            if mark in _CLOSING:
                within.append(mark)
            elif within and mark == _CLOSING.get(within[-1], ")"):
                within.pop()
            rule = "" if mark in "{};" else rule
            continue
        if replaced is not None:
            out += (css[done:start], replaced)
            done = at
    return "".join([*out, css[done:]]) if out else css


_ADDRESSED: Final = _SETS | {"url", "src"}
"""Functions in which a string is an address."""


def _new(address: str, to: Callable[[str], str]) -> str | None:
    """The string to be written instead; None where the address stays."""
    changed = to(address)
    if changed == address:
        return None
    return '"' + _TO_ESCAPE.sub(lambda found: f"\\{ord(found[0]):x} ", changed) + '"'


def _bare(address: str) -> str:
    """A backslash that the end of the sheet follows stands for a character nobody knows."""
    alone = (len(address) - len(address.rstrip("\\"))) % 2
    return _unescaped(address[:-1]) + "\ufffd" if alone else _unescaped(address)


def _content(string: str) -> str:
    quote = string[0]
    return _unescaped(string[1:-1] if len(string) > 1 and string.endswith(quote) else string[1:])


def _unescaped(text: str) -> str:
    return _UNESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[3] or ""
    point = int(escape[1], 16)
    return chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"
