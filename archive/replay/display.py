"""What a capture brought -> the response that shows it, or its very bytes.

Bodies up to a few megabytes are in memory, larger ones in an unnamed file from which they are streamed. Only what has
addresses in it, HTML, CSS, XML, is held whole, up to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from archive.encodings import decode, decoder_of
from archive.http import Head
from archive.index.cdxj import timestamp14
from archive.redirects import redirect_target
from archive.replay.headers import archived
from archive.replay.links import Links
from archive.replay.response import Response
from archive.replay.rewrite import MAX_REWRITTEN, kind_of, shown
from archive.resolve import Answer
from archive.sniff import SNIFF_LENGTH, sniff
from archive.spool import Spool, chunks, kept, streamed

__all__ = ["NotShown", "displayed", "sent"]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_REAL: Final = frozenset({b"br", b"zstd"})
"""Codings that need a package; those that nobody knows are passed over, as browsers do."""
_START: Final = 64 * 1024
"""Bytes of a coded body from which its type is told, where it has none."""


def sent(answer: Answer) -> Response:
    """The entity body as it was sent, transfer codings aside; of what was no HTTP, all that came."""
    head = _final(answer)
    if head is None:
        return _response(
            200, [("Content-Type", "application/octet-stream")], kept(map(bytes, chunks(answer.record.block)))
        )
    headers = [*archived(head), ("Content-Type", _content_type(head) or "application/octet-stream")]
    if codings := _codings(answer):
        headers.append(("Content-Encoding", ", ".join(codings)))
    return _response(head.status, [*headers, *_location(answer, head)], kept(answer.payload()))


def displayed(answer: Answer) -> Response:
    """The page, image or sheet as a browser shows it from the archive; NotShown when it cannot be."""
    head = _final(answer)
    if head is None:
        raise NotShown("what came was no answer in HTTP")
    headers = [*archived(head), *_location(answer, head)]
    body = kept(answer.payload())
    codings = [coding.encode("latin-1") for coding in _codings(answer)]
    lacking = ", ".join(coding.decode() for coding in codings if coding in _REAL and not decoder_of(coding))
    content_type = _content_type(head) or _sniffed(body, codings)
    kind = kind_of(content_type.partition(";")[0].strip().lower())
    if kind == "other" and (not codings or lacking or isinstance(body, Spool)):
        if codings:
            headers.append(("Content-Encoding", ", ".join(_codings(answer))))
        return _response(head.status, [*headers, ("Content-Type", content_type)], body)
    if lacking:
        raise NotShown(f"it is coded ({lacking}), and the package to decode that is not installed")
    links = Links(base=answer.capture.url, stamp=timestamp14(answer.capture.date))
    plain = decode(_start(body, MAX_REWRITTEN + 1), codings, MAX_REWRITTEN + 1)
    made = shown(plain, content_type, links)
    return _response(head.status, [*headers, ("Content-Type", made.content_type)], made.body)


class NotShown(Exception):
    """Captured, readable, and nothing that a browser could show."""


def _final(answer: Answer) -> Head | None:
    """The head, when a client would take it for that of a whole answer."""
    head = answer.head
    return head if head is not None and head.status >= 200 else None


def _response(status: int, headers: Iterable[tuple[str, str]], body: bytes | Spool) -> Response:
    if isinstance(body, bytes):
        return Response(status=status, headers=tuple(headers), body=body)
    return Response(status=status, headers=tuple(headers), body=streamed(body), length=len(body))


def _start(body: bytes | Spool, most: int) -> bytes:
    """The first bytes, `most` or a few more."""
    if isinstance(body, bytes):
        return body
    start = b""
    for piece in body.chunks():
        start += piece
        if len(start) >= most:
            break
    return start


def _codings(answer: Answer) -> list[str]:
    """Content codings of the payload, those of the capture that has it."""
    head = answer.source.head or answer.head
    values = head.all(b"content-encoding") if head else []
    return [
        coding.strip().lower().decode("latin-1") for value in values for coding in value.split(b",") if coding.strip()
    ]


def _content_type(head: Head) -> str | None:
    """Content-Type as sent; None where it names no type."""
    value = _CONTROL.sub(" ", (head.get(b"content-type") or b"").decode("latin-1"))
    return value if head.mime != "unk" else None


def _sniffed(body: bytes | Spool, codings: list[bytes]) -> str:
    return sniff(decode(_start(body, _START)[:_START], codings, SNIFF_LENGTH)) or "application/octet-stream"


def _location(answer: Answer, head: Head) -> list[tuple[str, str]]:
    """Where a redirect leads within the archive."""
    target = redirect_target(answer.capture.url, head)
    return [] if target is None else [("Location", f"/{timestamp14(answer.capture.date)}/{target}")]
