"""Revisits that lose their original, as the records they become.

An heir keeps its id, date, address and head, byte for byte as sent: it is the same capture, and what names it goes on
naming it. Its body is the payload, which the revisit record itself vouches for by its digest, framed as its own head
says. By Content-Length or the end of the connection that is just what was received. A revisit does not say how a body
was divided into chunks, though, or compressed below them, and what the removed exchange did is not this one's: where
the head names a transfer coding, it is of our making, and the heir's note says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from archive import http
from archive.care.holdings import Held
from archive.digest import Algorithm, digest, digest_of
from archive.errors import DamagedRecord
from archive.http import Framing, Head
from archive.spool import SPOOL_LIMIT, Spool
from archive.warc.draft import RecordDraft, new_id, warc_date
from archive.warc.fields import dump
from archive.warc.reader import Record

__all__ = ["heir", "plain", "pointed"]

_MADE_ANEW = frozenset(
    ["warc-type", "warc-record-id", "warc-warcinfo-id", "warc-block-digest", "content-type", "content-length"]
)
_OF_REVISITS = frozenset(
    ["warc-profile", "warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date", "warc-truncated"]
)


def heir(revisit: Record, original: Record, now: datetime) -> tuple[RecordDraft, RecordDraft]:
    """The revisit as a response with the payload of `original`, behind a note on it.

    DamagedRecord when the original's payload is not the one that the revisit says it stands for.
    """
    head = _head(revisit)
    frame = http.framing(head)
    block = _joined([_bytes(revisit)[: head.length], *_framed(original.payload(), frame)])
    stated = revisit.get("WARC-Payload-Digest") or ""
    if digest_of(http.payload(block, head), _algorithm(stated)) != stated:
        why = f"the payload of {original.id} is not the one it says; take this record down too, or repair it first"
        raise DamagedRecord(revisit.file, revisit.offset, why)
    made_up = "; its transfer coding was not kept, and is made up" if frame.kind == "chunked" or frame.codings else ""
    note = RecordDraft(
        type="metadata",
        id=new_id(),
        fields=(
            ("WARC-Date", warc_date(now)),
            ("WARC-Target-URI", revisit.url or ""),
            ("WARC-Refers-To", f"<{revisit.id}>"),
        ),
        content_type="application/warc-fields",
        block=dump([("carried-over", f"the payload, from a record that was removed; the head is as sent{made_up}")]),
    )
    return _digested(note), _rewritten(revisit, "response", block, _OF_REVISITS, ())


def pointed(revisit: Record, original: Held) -> RecordDraft:
    """The revisit with another original."""
    fields = (
        ("WARC-Refers-To", f"<{original.id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
    )
    replaced = frozenset(name.lower() for name, _ in fields)
    return _rewritten(revisit, "revisit", revisit.block, replaced, fields)


def plain(revisit: Record) -> RecordDraft:
    """The revisit as the response that it is on the wire: a 304, say, with no payload but the empty one."""
    empty = ("WARC-Payload-Digest", digest(b"", _algorithm(revisit.get("WARC-Payload-Digest") or "")))
    return _rewritten(revisit, "response", revisit.block, _OF_REVISITS | {"warc-payload-digest"}, (empty,))


def _head(revisit: Record) -> Head:
    head = revisit.head
    if head is None:
        raise DamagedRecord(revisit.file, revisit.offset, "a revisit without a head cannot take a payload over")
    return head


def _rewritten(
    record: Record, kind: str, block: bytes | Spool, without: frozenset[str], fields: tuple[tuple[str, str], ...]
) -> RecordDraft:
    """The record with another type, block and fields; its id, and all else it says, as they were."""
    kept = tuple((n, v) for n, v in record.headers if n.lower() not in without | _MADE_ANEW)
    draft = RecordDraft(
        type=kind,
        id=record.id,
        fields=kept + fields,
        content_type=record.get("Content-Type") or "application/http;msgtype=response",
        block=block,
    )
    return _digested(draft, _algorithm(record.get("WARC-Block-Digest") or ""))


def _digested(draft: RecordDraft, algorithm: Algorithm = "sha1") -> RecordDraft:
    fields = (*draft.fields, ("WARC-Block-Digest", digest(draft.block, algorithm)))
    return RecordDraft(type=draft.type, id=draft.id, fields=fields, content_type=draft.content_type, block=draft.block)


def _algorithm(stated: str) -> Algorithm:
    return "sha256" if stated.startswith("sha256:") else "sha1"


def _framed(payload: Iterator[bytes], frame: Framing) -> Iterator[bytes]:
    for coding in frame.codings:
        payload = _coded(payload, coding)
    if frame.kind != "chunked":
        yield from payload
        return
    for piece in filter(None, payload):
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _coded(payload: Iterator[bytes], coding: bytes) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=31 if coding == b"gzip" else 15)
    for piece in payload:
        yield compressor.compress(piece)
    yield compressor.flush()


def _joined(pieces: Iterable[bytes]) -> bytes | Spool:
    block: bytes | Spool = b""
    for piece in pieces:
        if isinstance(block, Spool):
            block.write(piece)
        elif len(block) + len(piece) > SPOOL_LIMIT:
            block = Spool(block + piece)
        else:
            block += piece
    return block


def _bytes(record: Record) -> bytes:
    return record.block if isinstance(record.block, bytes) else b"".join(record.block.chunks())
