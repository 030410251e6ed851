"""What verify can find fault with: every code, its weight, and one line that explains it.

A file we wrote (its warcinfo says so) is held to every rule of the project; a foreign one to the rules that the
standard makes binding, and it is told of the rest in notes. So each code has two weights: in our own files, and in
files of others. `None` is silence.

Defects are told one by one. Notes on records are told once a file and code, with the first offset and the count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

__all__ = ["CODES", "Defect", "Rule", "Severity", "weight"]

Severity = Literal["defect", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One thing that is not as it should be, and where."""

    code: str
    """A key of `CODES`."""
    file: str
    """Path below the collection, else as given."""
    offset: int | None = None
    """Byte at which the record's member (in an index: the line) starts; None where the whole file is meant."""
    record_id: str | None = None
    what: str
    severity: Severity = "defect"
    count: int = 1
    """Of notes: how many records of the file share it, this being the first."""

    def __str__(self) -> str:
        place = self.file if self.offset is None else f"{self.file} at byte {self.offset}"
        of = f" ({self.record_id})" if self.record_id else ""
        times = f" [{self.count} records, this the first]" if self.count > 1 else ""
        return f"{self.severity} {self.code}: {place}{of}: {self.what}{times}"


class Rule(NamedTuple):
    ours: Severity | None
    foreign: Severity | None
    why: str


_D: Final = "defect"
_N: Final = "note"

CODES: Final[Mapping[str, Rule]] = {
    # the file as bytes
    "empty-file": Rule(_D, _D, "the file holds no record at all"),
    "not-warc": Rule(_D, _D, "the file starts neither with a gzip member nor with a WARC record"),
    "unreadable": Rule(_D, _D, "the system would not give the file's bytes"),
    "truncated-tail": Rule(_D, _D, "the file ends within a record, or in bytes that are none"),
    "damaged-member": Rule(_D, _D, "a gzip member does not inflate, fails its checksum, or is no member"),
    "whole-file-gzip": Rule(_D, _D, "one gzip member holds many records, so none can be read by itself"),
    "trailing-bytes": Rule(_D, _D, "a member goes on after the end of its record"),
    "unclosed": Rule(_D, _D, "a file is called .open, but nobody is writing it: a crash left it"),
    "in-use": Rule(_N, _N, "a file is being written; what it held when looked at was checked"),
    "cut-kept": Rule(_N, _N, "recovery cut a damaged file here, and kept what it cut; 'repair' may read it"),
    # the header block
    "not-a-record": Rule(_D, _D, "where a record should start there is no WARC/ version line"),
    "lf-header": Rule(_D, _D, "header lines end in LF, not CRLF"),
    "bad-line": Rule(_D, _D, "a header line is no 'name: value' in UTF-8"),
    "folded-line": Rule(_D, _N, "a header value goes on in a second line"),
    "encoded-word": Rule(_D, _N, "a header value uses encoded words (=?utf-8?…?=)"),
    "repeated-field": Rule(_D, _D, "a field that may stand once stands twice"),
    "missing-field": Rule(_D, _D, "a field that the standard demands of this record is missing"),
    "lacking-field": Rule(_D, _N, "a field that the standard advises, and we always write, is missing"),
    "forbidden-field": Rule(_D, _N, "a field stands on a type of record that must not have it"),
    "private-field": Rule(_D, _N, "a field is not in the standard or its listed extensions"),
    "version": Rule(_D, None, "the record is not WARC/1.1"),
    "mixed-versions": Rule(_D, _N, "records of one file claim different WARC versions"),
    "unknown-type": Rule(_D, _N, "WARC-Type is none of the standard's"),
    "bad-id": Rule(_D, _D, "a record id is not a URI in angle brackets (ours: <urn:uuid:…>)"),
    "duplicate-id": Rule(_D, _D, "two records have the same id"),
    "bad-date": Rule(_D, _D, "a date is not UTC in the form of W3C-DTF, or no day of the calendar"),
    "date-precision": Rule(_D, None, "WARC-Date is not to the microsecond"),
    "event-date": Rule(_D, _N, "records of one capture event do not share its date"),
    "bad-uri": Rule(_D, _N, "WARC-Target-URI is not in the form of RFC 3986, has a fragment, or stands in brackets"),
    "bad-ip": Rule(_D, _N, "WARC-IP-Address is no address, or not as RFC 5952 spells it"),
    "bad-value": Rule(_D, _N, "a field has a value that its rule does not list"),
    "digest-spelling": Rule(_D, _N, "a digest is not sha1: in upper-case base32 or sha256: in lower-case hex"),
    "content-type": Rule(_D, _N, "Content-Type does not fit the record's type"),
    "warcinfo-first": Rule(_D, _N, "the file does not start with a warcinfo record"),
    "filename": Rule(_D, _N, "WARC-Filename is not the file's name"),
    # the block
    "no-content-length": Rule(_D, _D, "Content-Length is missing or no number"),
    "content-length": Rule(_D, _D, "Content-Length is not the length of the block"),
    "block-digest": Rule(_D, _D, "the block does not have the digest that the record states"),
    "payload-digest": Rule(_D, _D, "the payload does not have the digest that the record states"),
    "framed-digest": Rule(
        _D, _N, "the payload digest counts the chunk framing in, as warcio and wget do (5.9: without)"
    ),
    "decoded-body": Rule(_D, _D, "the body was decoded but its head still states the encoding and the coded length"),
    "lying-encoding": Rule(
        _N, _N, "the head states a content encoding that the body has not: the server's lie, or a tool's"
    ),
    "unframed-body": Rule(_N, _N, "the head says chunked but the body is not: the server's fault, or a tool's"),
    "unmarked-cut": Rule(_D, _N, "the response was cut and lacks WARC-Truncated"),
    "interim-in-block": Rule(_D, _N, "the block starts with a 1xx head, which readers take for the page's status"),
    "revisit-body": Rule(_D, _N, "a revisit holds more than the head of its response"),
    "bad-fields-block": Rule(
        _D, _N, "a block of application/warc-fields has lines that are no fields, or lacks a field"
    ),
    # between records
    "dangling-concurrent": Rule(_D, _N, "WARC-Concurrent-To names a record that is not there"),
    "dangling-refers": Rule(_D, _N, "WARC-Refers-To names a record that is not there and has no tombstone"),
    "dangling-warcinfo": Rule(_D, _N, "WARC-Warcinfo-ID names no warcinfo record"),
    "unresolvable-revisit": Rule(_D, _D, "the record that a revisit stands for is not there"),
    "revisit-target": Rule(_D, _N, "a revisit points to a revisit, or to a truncated record"),
    "revisit-digest": Rule(_D, _D, "a revisit states another payload digest than the record it stands for"),
    "revisit-copy": Rule(_D, _N, "WARC-Refers-To-Target-URI or -Date is no exact copy of the original's"),
    "not-removed": Rule(_D, _D, "a tombstone stands for a record that is still there"),
    # the index
    "index-missing": Rule(_D, _D, "a WARC file has no index"),
    "index-line": Rule(_D, _D, "a line of an index is no CDXJ"),
    "index-unsorted": Rule(_D, _D, "an index is not in the byte order of LC_ALL=C"),
    "index-duplicate": Rule(
        _N, _N, "a record is in the indexes twice, as after a merge cut short; readers pass over it"
    ),
    "line-without-record": Rule(_D, _D, "an index line points to where no such record starts"),
    "record-without-line": Rule(_D, _D, "a capture is not in the index"),
    "line-differs": Rule(_D, _D, "an index line says other than its record"),
    # files.jsonl
    "ledger-line": Rule(_N, _N, "a line of files.jsonl cannot be read; readers pass over it"),
    "file-missing": Rule(_D, _D, "files.jsonl names a file that is not there"),
    "file-unlisted": Rule(_D, _D, "a closed file has no line in files.jsonl"),
    "file-size": Rule(_D, _D, "the file is not as long as files.jsonl says"),
    "file-sha256": Rule(_D, _D, "the file does not have the SHA-256 that files.jsonl says"),
    "file-records": Rule(_D, _D, "the file does not hold as many records as files.jsonl says"),
    # shipped files
    "copy-missing": Rule(_D, _D, "a file was shipped, and is not in its store any more"),
    "copy-differs": Rule(_D, _D, "a file in a store is not what was shipped"),
    "copy-touched": Rule(
        _N, _N, "a file in a store was written anew since it was checked: --remote reads whether it is the same"
    ),
    "copy-unreachable": Rule(_D, _D, "a store does not answer, or refuses, for a file that is only there"),
    # the catalogue
    "catalogue-damaged": Rule(_D, _D, "the catalogue cannot be read"),
    "row-without-record": Rule(_D, _D, "a row of the catalogue points to where no such record starts"),
}


def weight(code: str, ours: bool) -> Severity | None:
    rule = CODES[code]
    return rule.ours if ours else rule.foreign
