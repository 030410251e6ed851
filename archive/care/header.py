"""The header block of a record, taken apart as it stands (WARC/1.1 clause 4). Pure.

`parse` forgives nothing silently: what it had to read past is among the problems.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Header", "Problem", "bare", "parse"]


class Problem(NamedTuple):
    code: str
    """Of `archive.care.defects.CODES`."""
    what: str


class Header(NamedTuple):
    version: str
    """``WARC/1.1``"""
    type: str
    """Empty when there is none."""
    id: str | None
    """Without angle brackets."""
    names: tuple[str, ...]
    """In order and in lower case, repeated ones too."""
    values: dict[str, str]
    """The first value of each, by its name in lower case."""
    texts: tuple[str, ...]
    """The values, one for each of `names`."""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case and values."""
        return tuple(zip(self.names, self.texts, strict=True))

    def ids(self, name: str) -> list[str]:
        """All values of a field, without angle brackets."""
        if self.names.count(name) == 1:
            return [bare(self.values[name])]
        return [bare(value) for key, value in zip(self.names, self.texts, strict=True) if key == name]


_VERSION_LINE: Final = re.compile(r"WARC/[0-9]+\.[0-9]+")
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_ENCODED_WORD: Final = re.compile(r"(?<=[ \t])=\?[\w-]+\?[bqBQ]\?[^?]*\?=")


def bare(value: str) -> str:
    """An id without its angle brackets."""
    return value[1:-1] if value[:1] == "<" and value[-1:] == ">" else value


def header_of(version: str, lines: tuple[tuple[str, str], ...]) -> Header:
    values: dict[str, str] = {}
    for name, value in lines:
        values.setdefault(name, value)
    record_id = values.get("warc-record-id")
    return Header(
        version,
        values.get("warc-type", ""),
        bare(record_id) if record_id else None,
        tuple([name for name, _ in lines]),
        values,
        tuple([value for _, value in lines]),
    )


def parse(block: bytes) -> tuple[Header | None, list[Problem]]:
    """A header block without the blank line at its end; no Header when it has no version line."""
    problems: list[Problem] = []
    try:
        text = block.decode()
    except UnicodeDecodeError:
        problems.append(Problem("bad-line", "the header block is not UTF-8"))
        text = block.decode("utf-8", "replace")
    if text.count("\n") != text.count("\r\n"):
        problems.append(Problem("lf-header", "header lines end in LF alone"))
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    if _CONTROL.search(text):
        problems.append(Problem("bad-line", "there are control characters in the header block"))
    if "=?" in text and (word := _ENCODED_WORD.search(text)):
        problems.append(Problem("encoded-word", f"{word[0]!r}"))
    version, *rest = text.split("\r\n")
    if not _VERSION_LINE.fullmatch(version):
        return None, [Problem("not-a-record", f"the first line is {version[:60]!r}")]
    lines: list[tuple[str, str]] = []
    for line in rest:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and lines:
            before, start = lines[-1]
            lines[-1] = before, f"{start} {line.strip()}"
            problems.append(Problem("folded-line", f"{before} goes on in a second line"))
        elif not colon or not _NAME.fullmatch(name):
            problems.append(Problem("bad-line", f"{line[:60]!r} is no field"))
        else:
            lines.append((name.lower(), value.strip(" \t")))
    return header_of(version, tuple(lines)), problems
