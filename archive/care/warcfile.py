"""One WARC file, read from its first byte to its last: what is wrong in it, and what it says of its records.

`check` yields defects as they are met, batches of facts for the comparison between files (`archive.care.links`), and
last the sums of the file. Nothing of it depends on another file, so files are checked side by side.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.care.blocks import Block, Fields, block_of
from archive.care.defects import Defect, weight
from archive.care.facts import Batch, FileSums, RecordFact, Reference, ReferenceKind, RevisitFact, id_key, short
from archive.care.header import Header, Problem, bare, parse
from archive.care.members import Broken, Members, PlainFile
from archive.care.rules import Familiar, judge
from archive.care.stream import Stream, is_ours
from archive.care.vicinity import Vicinity
from archive.errors import WirecopyError
from archive.warc.files import OPEN

if TYPE_CHECKING:
    from archive.care.lines import Revisited
    from archive.storage.ranges import Copy

__all__ = ["Event", "Task", "check"]

Event = Defect | Batch | FileSums

_BATCH: Final = 1000
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_CONSTANT: Final = frozenset(["lacking-field", "private-field", "forbidden-field", "missing-field"])
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A file to check."""

    path: Path | Copy
    """Where it lies; of one in a store a temporary copy is made, without a name."""
    label: str
    """What defects call it."""
    size: int
    """How much of it to look at: its length when the work was laid out."""
    indexed: bool
    """Whether its captures belong in an index."""
    sha256: bool
    growing: bool = False
    """Somebody is writing it: an incomplete record at its end is no fault."""


def check(task: Task) -> Iterator[Event]:
    """Everything about one file; an OSError becomes the defect ``unreadable``."""
    _keep_memory()
    try:
        fd = _open(task)
    except (OSError, WirecopyError) as error:
        yield Defect(code="unreadable", file=task.label, what=str(error))
        return
    try:
        yield from _File(task, fd).events()
    except OSError as error:
        yield Defect(code="unreadable", file=task.label, what=str(error))
    finally:
        os.close(fd)


def _open(task: Task) -> int:
    flags = os.O_RDONLY | os.O_CLOEXEC
    if not isinstance(task.path, Path):
        return _fetched(task.path)
    try:
        return os.open(task.path, flags)
    except FileNotFoundError:
        if task.growing:
            return os.open(task.path.with_name(task.path.name.removesuffix(OPEN)), flags)  # closed since
        copy = _shipped_since(task.path)
        if copy is None:
            raise
        return _fetched(copy)


def _shipped_since(path: Path) -> Copy | None:
    from archive.care.inventory import shipped
    from archive.warc.files import closed_files

    root = path.parent.parent
    return shipped(root, closed_files(root / "files.jsonl")).get(path.name)


def _fetched(copy: Copy) -> int:
    """What the store has now, whatever is remembered of it."""
    import tempfile

    from archive.care.proof import read_back
    from archive.storage.stores import open_store

    with tempfile.TemporaryFile(prefix="wirecopy-") as here:
        read_back(open_store(copy.store), copy.key, copy.size, here.write)
        here.flush()
        return os.dup(here.fileno())


def _keep_memory() -> None:
    """Lets the C library keep freed memory for the next record.

    glibc gives it back to the system from 128 KiB on, and takes it anew, a page fault every 4 KiB (a fifth of the CPU
    of this pass), until it has seen a larger piece come and go.
    """
    bytes(4 * 1024 * 1024)


class _File:
    def __init__(self, task: Task, fd: int) -> None:
        self._task = task
        self._fd = fd
        self._name = task.path.name.removesuffix(OPEN)
        self._ours = is_ours(fd, task.size)
        plain = os.pread(fd, 5, 0) == b"WARC/"
        self._source = (PlainFile if plain else Members)(fd, task.size, sha256=task.sha256)
        self._vicinity = Vicinity()
        self._familiar = Familiar()
        self._warcinfos: set[str] = set()
        self._defects: list[Defect] = []
        self._notes: dict[tuple[str, str], Defect] = {}
        self._batch = Batch()
        self._revisited: Revisited | None = None
        self._records = 0
        self._bytes = 0
        self._version: str | None = None

    def events(self) -> Iterator[Event]:
        if not self._task.size and not self._task.growing:
            self._tell("empty-file", None, None, "the file has no bytes")
        more = True
        while more:
            try:
                more = self._source.start()
                if more:
                    self._member()
            except Broken as broken:
                self._settle(None, None, [])
                more = self._broken(broken)
            if not more:
                self._settle(None, None, [])
            yield from self._defects
            self._defects.clear()
            if len(self._batch.records) >= _BATCH or not more:
                self._batch.position = self._source.position
                yield self._batch
                self._batch = Batch()
        yield from self._notes.values()
        yield FileSums(
            size=self._task.size,
            sha256=self._source.sha256(),
            records=self._records,
            block_bytes=self._bytes,
            ours=self._ours,
        )

    def _broken(self, broken: Broken) -> bool:
        """Tells of bytes that are no member; False when no record starts behind them."""
        assert isinstance(self._source, Members)
        offset, rest = self._source.offset, self._source.remainder()
        found = self._source.resync()
        if found is not None:
            self._tell("damaged-member", offset, None, f"{broken}; the next record starts {found - offset} bytes on")
            return True
        if self._task.growing and broken.kind == "cut":
            return False
        if broken.kind == "damaged":
            self._tell("damaged-member", offset, None, f"{broken}; no record starts in the {rest} up to the end")
        elif broken.kind == "absent" and not self._records:
            self._tell("not-warc", offset, None, f"{broken}, and nowhere after it")
        else:
            self._tell("truncated-tail", offset, None, f"{broken}: {rest} are left over")
        return False

    def _member(self) -> None:
        """All records of a member; there should be one."""
        source = self._source
        stream = Stream(source)
        count = 0
        while self._record(stream, source.offset if source.one_record_each else source.offset + stream.consumed):
            count += 1
            following = stream.peek(5)
            if not following:
                break
            if following != b"WARC/":
                offset = source.offset if source.one_record_each else source.offset + stream.consumed
                self._tell("trailing-bytes", offset, None, f"{self._skip(stream, offset)} bytes follow a record")
                break
        if count > 1 and source.one_record_each:
            self._tell("whole-file-gzip", source.offset, None, f"{count} records in one gzip member")

    def _record(self, stream: Stream, offset: int) -> bool:
        """One record; False when its end is not where it says, so that what follows is passed over."""
        begin = stream.consumed
        raw = stream.header()
        header = self._familiar.recognise(raw)
        if header is None:
            header, problems = parse(raw)
            if header is None:
                self._tell_all(problems, offset, None)
                self._skip(stream, offset)
                return False
            problems += judge(header, self._ours)
            self._tell_all(problems, offset, header)
            if not problems:
                self._familiar.learn(raw, header)
        self._records += 1
        if self._records == 1 or header.version != self._version or header.type == "warcinfo":
            self._tell_all(self._file_rules(header), offset, header)
        stated = header.values.get("content-length")
        if stated is None or not _DIGITS.fullmatch(stated):
            what = "there is none" if stated is None else f"{stated!r} is no number"
            self._tell("no-content-length", offset, header, what)
            self._skip(stream, offset + stream.consumed - begin - len(_END))
            self._keep(header, None, offset, None)
            return False
        length, start = int(stated), stream.consumed
        block = block_of(header, self._ours)
        for piece in stream.take(length):
            block.feed(piece)
        got = stream.consumed - start
        self._bytes += got
        ending = stream.peek(4)
        if ending != _END:
            rest = len(ending) and self._skip(stream, offset + start - begin - len(_END))
            self._misfit(header, offset, length, got, rest)
            self._keep(header, None, offset, None)
            return False
        stream.skip(4)
        self._tell_all(block.problems(), offset, header)
        alone = self._source.one_record_each and begin == 0 and not stream.peek(1)
        self._keep(header, block, offset, self._source.position - offset if alone else None)
        return True

    def _misfit(self, header: Header, offset: int, length: int, got: int, rest: int) -> None:
        if got < length and not self._source.one_record_each:
            if not self._task.growing:
                self._tell("truncated-tail", offset, header, f"the file ends within a block of {length} bytes")
        elif got < length or rest > 4:
            real = max(got + rest - len(_END), 0)
            self._tell("content-length", offset, header, f"Content-Length says {length}, the block has {real} bytes")
        else:
            self._tell("content-length", offset, header, f"after {length} bytes of block there are no two CRLF")

    def _skip(self, stream: Stream, offset: int) -> int:
        """Passes over the rest of the member, or of a plain file up to the next record; how many bytes that was."""
        if isinstance(self._source, Members):
            return stream.drain()
        found = self._source.resync(offset)
        return (self._task.size if found is None else found) - offset

    def _file_rules(self, header: Header) -> Iterator[Problem]:
        """What concerns a record as part of this file."""
        if self._version is None:
            self._version = header.version
        elif header.version != self._version:
            yield Problem("mixed-versions", f"{header.version} in a file that began with {self._version}")
        if self._records == 1 and header.type != "warcinfo":
            yield Problem("warcinfo-first", f"the first record is a {header.type or 'record without a type'}")
        filename = header.values.get("warc-filename")
        # A later warcinfo is about records that were copied from where it names (as `wirecopy pack` does of a part).
        if filename is not None and header.type == "warcinfo" and filename != self._name and self._records == 1:
            yield Problem("filename", f"WARC-Filename is {filename!r}")

    def _keep(self, header: Header, block: Block | None, offset: int, length: int | None) -> None:
        """Notes the facts that are compared between records and files."""
        values = header.values
        key = id_key(header.id) if header.id else None
        url = values.get("warc-target-uri")
        targets: list[str] = []
        if "warc-concurrent-to" in values:
            targets = header.ids("warc-concurrent-to")
        if self._revisited and not self._revisited.waits(header, targets):
            self._settle(header, block, targets)
        is_original = header.type in ("response", "resource", "revisit")
        fact = RecordFact(
            offset,
            key,
            header.type,
            short(bare(url)) if url and is_original else None,
            values.get("warc-date") if is_original else None,
            values.get("warc-payload-digest") if is_original else None,
            "warc-truncated" in values,
            None,
        )
        if length is not None and block is not None and self._task.indexed:
            fact = self._expected(fact, header, block, length)
        if self._revisited is None or header.type != "revisit":
            self._batch.records.append(fact)
        self._refer(header, block, offset, key, targets)
        if header.type == "warcinfo" and header.id:
            self._warcinfos.add(header.id)
        if header.type == "revisit":
            self._revisit(header, offset, key)
        method, bodiless = (block.method, block.bodiless) if block is not None else (None, False)
        for at, name, problem in self._vicinity.add(header, targets, offset, method=method, bodiless=bodiless):
            self._tell(problem.code, at, name, problem.what)

    def _expected(self, fact: RecordFact, header: Header, block: Block, length: int) -> RecordFact:
        """The fact, with the line that the index should have; of a revisit that is known a little later."""
        from archive.care.lines import Revisited, expected_capture  # with the whole index behind it
        from archive.index import cdxj

        capture = expected_capture(header, block.head, file=self._name, offset=fact.offset, length=length)
        if capture is None:
            return fact
        if header.type == "revisit":
            self._revisited = Revisited(fact, capture, block.head)
            return fact
        return fact._replace(line=short(cdxj.line(capture)))

    def _settle(self, header: Header | None, block: Block | None, targets: list[str]) -> None:
        """Tells of the revisit that waited, if one did: this record, damage or the end came behind it."""
        if self._revisited:
            self._batch.records.append(self._revisited.fact(header, block, targets))
            self._revisited = None

    def _refer(
        self, header: Header, block: Block | None, offset: int, key: bytes | str | None, targets: list[str]
    ) -> None:
        """Notes what the record refers to, save what is known to be there already."""
        add = self._batch.references.append
        for target in targets:
            if not self._vicinity.has(target):
                add(Reference(offset, key, ReferenceKind.CONCURRENT, id_key(target)))
        warcinfo = bare(header.values.get("warc-warcinfo-id", ""))
        if warcinfo and warcinfo not in self._warcinfos:
            add(Reference(offset, key, ReferenceKind.WARCINFO, id_key(warcinfo)))
        refers_to = header.values.get("warc-refers-to")
        if refers_to and header.type in ("metadata", "conversion"):
            kind = ReferenceKind.REFERS
            if self._ours and isinstance(block, Fields) and {"description", "date"} <= block.named().keys():
                kind = ReferenceKind.REMOVED  # as archive.warc.records.tombstone writes it
            add(Reference(offset, key, kind, id_key(bare(refers_to))))

    def _revisit(self, header: Header, offset: int, key: bytes | str | None) -> None:
        values = header.values
        target, uri = values.get("warc-refers-to"), values.get("warc-refers-to-target-uri")
        url = values.get("warc-target-uri")
        self._batch.revisits.append(
            RevisitFact(
                offset=offset,
                id=key,
                target=id_key(bare(target)) if target else None,
                original_uri=short(bare(uri)) if uri else None,
                original_date=values.get("warc-refers-to-date"),
                uri=short(bare(url)) if url else None,
                digest=values.get("warc-payload-digest"),
            )
        )

    def _tell_all(self, problems: Iterable[Problem], offset: int, header: Header | None) -> None:
        for problem in problems:
            self._tell(problem.code, offset, header, problem.what)

    def _tell(self, code: str, offset: int | None, of: Header | str | None, what: str) -> None:
        severity = weight(code, self._ours)
        if severity is None:
            return
        defect = Defect(
            code=code,
            file=self._task.label,
            offset=offset,
            record_id=of.id if isinstance(of, Header) else of,
            what=what,
            severity=severity,
        )
        if severity == "defect":
            self._defects.append(defect)
            return
        key = (code, what if code in _CONSTANT else "")
        first = self._notes.get(key)
        self._notes[key] = defect if first is None else replace(first, count=first.count + 1)
