"""Defects -> remedies: what can be set right without inventing anything, and why the rest is left as it is. Pure.

A remedy makes something anew from bytes that are whole and vouch for themselves. Where two things contradict each
other and nobody can say which is right, where a program of somebody else wrote what it wrote, or where the bytes are
not there any more, nothing is done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from archive.care.defects import Defect

__all__ = ["DOES", "LEFT", "REMEDIES", "Kind", "Left", "Plan", "Remedy", "plan"]

Kind = Literal["close", "salvage", "mend", "set-aside", "index", "tidy", "list", "catalogue"]

DOES: Final[Mapping[Kind, str]] = {
    "close": "to be cut to its last whole record, indexed, listed and closed",
    "salvage": "its whole records to be put in a file of their own, what was cut off to be moved to quarantine/",
    "mend": "to be made anew from its whole records, the file as it is to be moved to quarantine/",
    "set-aside": "to be moved to quarantine/, for there is no whole record in it",
    "index": "to be indexed anew",
    "tidy": "to be sorted, and rid of lines that lead nowhere",
    "list": "to be listed in files.jsonl as it is, the old line staying as history",
    "catalogue": "to be made anew from the WARC files",
}

REMEDIES: Final[Mapping[str, Kind]] = {
    "unclosed": "close",
    "cut-kept": "salvage",
    "truncated-tail": "mend",
    "damaged-member": "mend",
    "whole-file-gzip": "mend",
    "empty-file": "set-aside",
    "not-warc": "set-aside",
    "index-missing": "index",
    "record-without-line": "index",
    "index-line": "tidy",
    "index-unsorted": "tidy",
    "line-without-record": "tidy",
    "line-differs": "tidy",
    "file-unlisted": "list",
    "file-size": "list",
    "file-sha256": "list",
    "file-records": "list",
    "catalogue-damaged": "catalogue",
    "row-without-record": "catalogue",
}

_WRITER: Final = "the record would have to be written anew, and would not be the one that was archived"
_EITHER: Final = "nobody can say whether the bytes are wrong or what is said of them"
_ELSEWHERE: Final = "what it names is not in the collection: only a copy of the lost file brings it back"
_SHIPPED: Final = "if the file is still here, 'wirecopy ship --recheck' ships it again; else only a copy helps"
_PLAIN: Final = "only gzipped files are made anew"
_OWN_FAULTS: Final = "the file has faults of its own, so nobody can say whether it or files.jsonl is right"

LEFT: Final[Mapping[str, str]] = {
    "unreadable": "the system does not give its bytes: look at the disk, or at the permissions",
    "trailing-bytes": "what follows the record is no record, and may be all that is left of one",
    **dict.fromkeys(
        [
            *("not-a-record", "lf-header", "bad-line", "folded-line", "encoded-word", "repeated-field"),
            *("missing-field", "lacking-field", "forbidden-field", "private-field", "version", "mixed-versions"),
            *("unknown-type", "bad-id", "bad-date", "date-precision", "event-date", "bad-uri", "bad-ip", "bad-value"),
            *("digest-spelling", "content-type", "warcinfo-first", "filename", "no-content-length", "content-length"),
            *("framed-digest", "decoded-body", "unmarked-cut", "interim-in-block", "revisit-body", "bad-fields-block"),
        ],
        _WRITER,
    ),
    **dict.fromkeys(["block-digest", "payload-digest", "revisit-digest", "revisit-copy", "revisit-target"], _EITHER),
    **dict.fromkeys(
        ["dangling-concurrent", "dangling-refers", "dangling-warcinfo", "unresolvable-revisit", "file-missing"],
        _ELSEWHERE,
    ),
    **dict.fromkeys(["copy-missing", "copy-differs"], _SHIPPED),
    "copy-unreachable": "the store does not answer: look at it, or at the credentials",
    "duplicate-id": "both records are kept; which of them others mean is not for a program to say",
    "not-removed": "the takedown was not finished, or the record came back: 'wirecopy takedown' it again",
}

_WHOLE_FILE: Final[tuple[Kind, ...]] = ("close", "set-aside", "mend", "salvage")
"""Remedies after which a file is indexed and listed, too; the first of them that is due does it all."""
_OF_GZIPPED: Final = (*_WHOLE_FILE, "index")

_AGAINST_A_COPY: Final[tuple[Kind, ...]] = ("set-aside", "mend", "list")
"""Remedies that make do with what is left of a file: a copy of the whole one is better."""

_NOT_IN_ITSELF: Final = frozenset(
    [
        *("file-unlisted", "file-size", "file-sha256", "file-records", "index-missing", "record-without-line"),
        *("duplicate-id", "dangling-concurrent", "dangling-refers", "dangling-warcinfo", "unresolvable-revisit"),
        *("revisit-target", "revisit-digest", "revisit-copy", "not-removed"),
    ]
)
"""What verify says of a WARC file that may be without fault by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    kind: Kind
    file: str
    """As verify names it."""
    defects: tuple[Defect, ...]
    """Those that it is for."""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.code for each in self.defects))

    def __str__(self) -> str:
        return f"{self.file} ({', '.join(self.codes)}): {DOES[self.kind]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A defect for which there is no safe remedy."""

    defect: Defect
    why: str

    def __str__(self) -> str:
        return f"{self.defect}; left as it is: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    remedies: tuple[Remedy, ...]
    left: tuple[Left, ...]


def plan(
    defects: Iterable[Defect],
    only: Collection[str] | None = None,
    copies: Callable[[], Mapping[str, str]] = lambda: MappingProxyType({}),
) -> Plan:
    """What to do about them; `only`: about those of these files, by the names that verify gives them.

    `copies`, asked when all defects are known: of which files a checked copy lies elsewhere, and where.
    """
    found = [each for each in defects if each.severity == "defect" or each.code in REMEDIES]
    faulty = {each.file for each in found if each.severity == "defect" and each.code not in _NOT_IN_ITSELF}
    wanted: dict[tuple[str, Kind], list[Defect]] = defaultdict(list)
    left: list[Left] = []
    for each in found:
        if only is None or each.file in only:
            kind = REMEDIES.get(each.code)
            if kind is None:
                left.append(Left(defect=each, why=LEFT[each.code]))
            elif kind in _OF_GZIPPED and ".warc.gz" not in each.file:
                left.append(Left(defect=each, why=_PLAIN))
            else:
                wanted[each.file, kind].append(each)
    remedies: list[Remedy] = []
    there = copies()
    for (file, kind), of in wanted.items():
        if kind in _AGAINST_A_COPY and file in there:
            back = f"a copy of it that was checked is at {there[file]}; 'wirecopy ship --back {file}' brings that"
            left += [Left(defect=each, why=back) for each in of]
            continue
        if any((file, whole) in wanted for whole in _WHOLE_FILE[: _rank(kind)]):
            continue  # done with it
        if kind == "list" and file in faulty and of[0].code != "file-unlisted":
            left += [Left(defect=each, why=_OWN_FAULTS) for each in of]
            continue
        remedies.append(Remedy(kind=kind, file=file, defects=tuple(of)))
    return Plan(remedies=tuple(remedies), left=tuple(left))


def _rank(kind: Kind) -> int:
    return _WHOLE_FILE.index(kind) if kind in _WHOLE_FILE else len(_WHOLE_FILE)
