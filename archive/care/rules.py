"""What the fields of a record must be: WARC/1.1 clause 5, and the project's own rules. Pure.

What depends on type and names alone is worked out once for each combination that comes up. `Familiar` goes further:
a header that reads like one that was judged faultless, and differs only in values of the same form, is faultless too,
so the long way is for the first of each kind, and for those with something wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from archive.care.header import Header, Problem
from archive.care.tables import FIELDS, LACKING, MISSING, TYPES

__all__ = ["Familiar", "judge"]

_REPEATABLE: Final = frozenset(["warc-concurrent-to", "warc-protocol"])
_SPELLED: Final = {
    name: "-".join({"warc": "WARC", "id": "ID", "uri": "URI", "ip": "IP"}.get(part, part.title()) for part in parts)
    for name in FIELDS
    for parts in [name.split("-")]
}

_HEX: Final = "[0-9a-f]"
_UUID_ID: Final = rf"<urn:uuid:{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}>"
_MICROSECONDS: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_W3C: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?Z)?)?)?")
_URI: Final = (
    r"[A-Za-z][A-Za-z0-9+.\-]*+:"
    r"(?://(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]++|%[0-9A-Fa-f]{2}|\[[0-9A-Fa-fv:.]+\])*+)?"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]++|%[0-9A-Fa-f]{2})*+"
)
_DIGEST: Final = r"(?:sha1:[A-Z2-7]{32}|sha256:[0-9a-f]{64})"

_URI_ID: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+>")
_OTHER_DIGEST: Final = re.compile(r"(?!sha1:|sha256:)[A-Za-z0-9\-]+:[A-Za-z0-9+/=_\-]+", re.IGNORECASE)
_FULL: Final = {text: re.compile(text).fullmatch for text in (_UUID_ID, _MICROSECONDS, _URI, _DIGEST)}
_OUR_TRUNCATIONS: Final = frozenset(["length", "time", "disconnect", "unspecified"])
_OUR_PROFILES: Final = frozenset(
    f"http://netpreserve.org/warc/1.1/revisit/{name}" for name in ("identical-payload-digest", "server-not-modified")
)


def judge(header: Header, ours: bool) -> list[Problem]:
    """What is wrong with the fields of a record, by themselves."""
    problems = list(_shape(header.type, header.names, header.version, ours))
    for name, value in header.lines:
        check = _VALUES.get(name)
        if check is not None and (found := check(value, ours)) is not None:
            problems.append(found)
    if "content-type" in header.values:
        web = header.values.get("warc-target-uri", "").lstrip("<").startswith(("http:", "https:"))
        if (found := _content_type(header.type, header.values["content-type"], web, ours)) is not None:
            problems.append(found)
    if header.type == "revisit" and ours:
        problems += _revisit(header.values)
    return problems


@lru_cache(maxsize=1024)
def _shape(kind: str, names: tuple[str, ...], version: str, ours: bool) -> tuple[Problem, ...]:
    return tuple(_shape_problems(kind, names, version, ours))


def _shape_problems(kind: str, names: tuple[str, ...], version: str, ours: bool) -> Iterator[Problem]:
    if version != "WARC/1.1":
        yield Problem("version", version)
    present = set(names)
    for name in sorted(present):
        if name not in _REPEATABLE and names.count(name) > 1:
            yield Problem("repeated-field", f"{_SPELLED.get(name, name)} stands {names.count(name)} times")
        if name not in FIELDS and (ours or name.startswith("warc-")):
            yield Problem("private-field", f"the field {name}")
        if kind in TYPES and name in FIELDS and kind not in FIELDS[name]:
            yield Problem("forbidden-field", f"a {kind} with {_SPELLED[name]}")
    if ours and "warc-segment-number" in present:
        yield Problem("forbidden-field", "a segment, and we write none")
    for name in MISSING.get(kind, MISSING["warcinfo"]):
        if name not in present:
            yield Problem("missing-field", f"a {kind or 'record'} without {_SPELLED[name]}")
    if kind not in TYPES and "warc-type" in present:
        yield Problem("unknown-type", f"{kind!r}")
    for name in LACKING.get(kind, ()):
        if name not in present:
            yield Problem("lacking-field", f"a {kind} without {_SPELLED[name]}")


def _id(value: str, ours: bool) -> Problem | None:
    if _FULL[_UUID_ID](value) or (not ours and _URI_ID.fullmatch(value)):
        return None
    return Problem("bad-id", f"{value[:100]!r}")


def _date(value: str, ours: bool) -> Problem | None:
    if not _W3C.fullmatch(value) or not _is_moment(value):
        return Problem("bad-date", f"{value[:60]!r}")
    if ours and not _FULL[_MICROSECONDS](value):
        return Problem("date-precision", f"{value} is not to the microsecond")
    return None


def _is_moment(value: str) -> bool:
    """Whether the calendar and the clock have it; years and months alone count from their first day."""
    try:
        datetime.fromisoformat(value if len(value) > 7 else f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True


def _uri(value: str, _ours: bool) -> Problem | None:
    return None if _FULL[_URI](value) else Problem("bad-uri", f"{value[:200]!r}")


@lru_cache(maxsize=4096)
def _ip(value: str, _ours: bool) -> Problem | None:
    try:
        spelled = str(ip_address(value))
    except ValueError:
        return Problem("bad-ip", f"{value!r} is no address")
    return None if spelled == value else Problem("bad-ip", f"{value} is spelled {spelled} by RFC 5952")


def _digest(value: str, ours: bool) -> Problem | None:
    if _FULL[_DIGEST](value) or (not ours and _OTHER_DIGEST.fullmatch(value)):
        return None
    return Problem("digest-spelling", f"{value[:120]!r}")


def _truncated(value: str, ours: bool) -> Problem | None:
    if not ours or value in _OUR_TRUNCATIONS:
        return None  # 5.15 lets others write more reasons
    return Problem("bad-value", f"WARC-Truncated is {value!r}, not length, time, disconnect or unspecified")


def _profile(value: str, ours: bool) -> Problem | None:
    return Problem("bad-value", f"WARC-Profile is {value!r}") if ours and value not in _OUR_PROFILES else None


@lru_cache(maxsize=256)
def _content_type(kind: str, value: str, web: bool, ours: bool) -> Problem | None:
    expected = {
        "warcinfo": "application/warc-fields",
        "request": "application/http;msgtype=request",
        "response": "application/http;msgtype=response",
        "revisit": "application/http;msgtype=response",
    }.get(kind)
    if kind == "metadata" and ours and value not in ("application/warc-fields", "application/json"):
        return Problem("content-type", f"a metadata record of {value!r}: not application/warc-fields, nor JSON")
    if expected is None or value == expected or (kind != "warcinfo" and not web):
        return None
    media, _, parameters = value.lower().replace(" ", "").partition(";")
    same = media == expected.partition(";")[0] and (not parameters or f"{media};{parameters}" == expected)
    if not ours and (same or kind == "revisit"):
        return None
    return Problem("content-type", f"a {kind} of {value!r}, not {expected}")


def _revisit(values: Mapping[str, str]) -> Iterator[Problem]:
    """What the two profiles of 6.7.2 and 6.7.3 ask for besides."""
    truncated = values.get("warc-truncated")
    if values.get("warc-profile", "").endswith("/identical-payload-digest"):
        if truncated != "length":
            yield Problem("lacking-field", "an identical-payload-digest revisit without WARC-Truncated: length")
    elif truncated is not None:
        yield Problem("forbidden-field", "a server-not-modified revisit with WARC-Truncated")


_VALUES: Final[Mapping[str, Callable[[str, bool], Problem | None]]] = {
    "warc-record-id": _id,
    "warc-concurrent-to": _id,
    "warc-refers-to": _id,
    "warc-warcinfo-id": _id,
    "warc-date": _date,
    "warc-refers-to-date": lambda value, _ours: _date(value, False),  # as the original has it, which may be another's
    "warc-target-uri": _uri,
    "warc-refers-to-target-uri": _uri,
    "warc-ip-address": _ip,
    "warc-block-digest": _digest,
    "warc-payload-digest": _digest,
    "warc-truncated": _truncated,
    "warc-profile": _profile,
}

_FORMS: Final[Mapping[str, str]] = {
    "warc-record-id": _UUID_ID,
    "warc-concurrent-to": _UUID_ID,
    "warc-refers-to": _UUID_ID,
    "warc-date": _MICROSECONDS,
    "warc-refers-to-date": _MICROSECONDS,
    "warc-target-uri": "https?(?=:)" + _URI.partition("*+")[2],
    "warc-refers-to-target-uri": _URI,
    "warc-ip-address": r"[0-9a-f.:]+",
    "warc-block-digest": _DIGEST,
    "warc-payload-digest": _DIGEST,
    "warc-identified-payload-type": r"[\w.+\-]+/[\w.+\-]+",
    "content-length": r"[0-9]{1,18}",
}
"""Values that may differ between headers that are otherwise alike. All other values must be the same."""


class Familiar:
    """Forms of headers that were judged faultless, the last used first."""

    _MOST: Final = 16

    def __init__(self) -> None:
        self._forms: list[tuple[re.Pattern[str], str, tuple[str, ...], bool]] = []

    def recognise(self, block: bytes) -> Header | None:
        """The header, when it needs no judging."""
        try:
            text = block.decode()
        except UnicodeDecodeError:
            return None
        for place, (pattern, version, names, repeats) in enumerate(self._forms):
            match = pattern.fullmatch(text)
            if match is None:
                continue
            if place > 3:
                self._forms.insert(0, self._forms.pop(place))
            texts = match.groups()
            values = dict(zip(names, texts, strict=True))
            if repeats:  # the first value counts
                values |= dict(zip(reversed(names), reversed(texts), strict=True))
            if not _is_moment(values["warc-date"]):
                return None
            if "warc-refers-to-date" in values and not _is_moment(values["warc-refers-to-date"]):
                return None
            if "warc-ip-address" in values and _ip(values["warc-ip-address"], True) is not None:
                return None
            return Header(version, values["warc-type"], values["warc-record-id"][1:-1], names, values, texts)
        return None

    def learn(self, block: bytes, header: Header) -> None:
        """Remembers the form of a faultless header."""
        text = block.decode()
        spelled = [line.partition(":")[0] for line in text.split("\r\n")[1:]]
        if text != "\r\n".join(
            [header.version, *(f"{name}: {value}" for name, (_, value) in zip(spelled, header.lines, strict=True))]
        ):
            return
        parts = [
            f"{re.escape(name)}: ({_FORMS.get(key) or re.escape(value)})"
            for name, (key, value) in zip(spelled, header.lines, strict=True)
        ]
        pattern = re.compile("\r\n".join([re.escape(header.version), *parts]))
        if pattern.fullmatch(text):
            names = header.names
            self._forms.insert(0, (pattern, header.version, names, len(set(names)) < len(names)))
            del self._forms[self._MOST :]
