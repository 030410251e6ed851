"""Records as the standard wants them (WARC/1.1, ISO 28500:2017), from the project's own values. Pure.

The group of one exchange is response (or revisit), request, metadata, in that order, with one date. The later ones
name the first as concurrent, so a group cut short by a crash leaves no reference that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive import http
from archive.asks import of_records
from archive.digest import Algorithm, digest, digest_of
from archive.model import Exchange
from archive.redirects import redirect_target
from archive.sniff import SNIFF_LENGTH, sniff
from archive.spool import Spool, chunks
from archive.warc.draft import Entry, RecordDraft, new_id, warc_date
from archive.warc.fields import capture_fields, dump, one_line
from archive.warc.secrets import hide

__all__ = [
    "Original",
    "Payload",
    "Warcinfo",
    "article_metadata",
    "capture_group",
    "conversion",
    "examine",
    "manifest",
    "not_modified_group",
    "resource",
    "tombstone",
    "warcinfo",
]

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
IDENTICAL = _PROFILE + "identical-payload-digest"
NOT_MODIFIED = _PROFILE + "server-not-modified"
_FIELDS = "application/warc-fields"
_DENSE = ("image/", "video/", "audio/", "font/woff", "application/gzip", "application/zip", "application/pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Warcinfo:
    """What the first record of a file says of how the file came about."""

    software: str
    operator: str | None = None
    robots: str | None = None
    hostname: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    http_from: str | None = None
    part_of: str | None = None
    """Which crawl: ``isPartOf``."""
    description: str | None = None
    redaction: str | None = None
    """What is left out of request records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What can be told of a response's entity body: transfer encodings removed, content encodings kept (5.9, #22)."""

    digest: str
    length: int
    """Zero or more than zero is all that matters; large payloads are not counted to the end."""
    identified: str | None
    """Media type by its first bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The earlier record that a revisit points to, its fields as they are written there, but for brackets."""

    id: str
    url: str
    date: str
    digest: str


def warcinfo(values: Warcinfo, *, filename: str, date: datetime) -> RecordDraft:
    """The first record of the file that will be called `filename`."""
    named = (
        ("software", values.software),
        ("operator", values.operator),
        ("robots", values.robots),
        ("hostname", values.hostname),
        ("ip", values.ip),
        ("http-header-user-agent", values.user_agent),
        ("http-header-from", values.http_from),
        ("isPartOf", values.part_of),
        ("description", values.description),
        ("request-redaction", values.redaction),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("digest-encoding", "sha1 in upper-case base32, sha256 in lower-case hexadecimal"),
    )
    block = dump((name, value) for name, value in named if value)
    fields = (("WARC-Date", warc_date(date)), ("WARC-Filename", filename))
    return _draft("warcinfo", fields, _FIELDS, block)


def examine(exchange: Exchange, algorithm: Algorithm = "sha1") -> Payload | None:
    """Digest and kind of the payload, in one pass; None where no body can be told apart."""
    if exchange.head is None:
        return None
    pieces = http.payload(exchange.response, exchange.head, exchange.method)
    length, start = 0, b""

    def watched() -> Iterable[bytes]:
        nonlocal length, start
        for piece in pieces:
            if length < SNIFF_LENGTH:
                start += bytes(piece[: 2 * SNIFF_LENGTH])
            length += len(piece)
            yield piece

    text = digest_of(watched(), algorithm)
    if exchange.head.get(b"content-encoding"):
        start = http.decoded(start, exchange.head, SNIFF_LENGTH)
    return Payload(digest=text, length=length, identified=sniff(start))


def capture_group(
    exchange: Exchange, payload: Payload | None, *, original: Original | None = None, algorithm: Algorithm = "sha1"
) -> tuple[RecordDraft, ...]:
    """All records of one exchange; with an `original`, an identical-payload-digest revisit of it (6.7.2)."""
    if not len(exchange.response):
        return _request_and_metadata(exchange, algorithm, concurrent=None)
    block = exchange.response
    head = exchange.head
    shared = _event_fields(exchange)
    if payload is not None:
        shared.append(("WARC-Payload-Digest", payload.digest))
        # That it is some text says less than Content-Type, and replayweb.page would take a style sheet for just that.
        if payload.identified and payload.identified != "text/plain":
            shared.append(("WARC-Identified-Payload-Type", payload.identified))
    if original is not None:
        assert head is not None
        block = _start(block, head.length)
        shared += [("WARC-Profile", IDENTICAL), *_refers_to(original), ("WARC-Truncated", "length")]
    elif exchange.truncated:
        shared.append(("WARC-Truncated", exchange.truncated))
    entry = Entry(
        date=exchange.began,
        status=head.status if head else None,
        mime="warc/revisit" if original else head.mime if head else "unk",
        digest=payload.digest if payload else None,
        truncated=None if original else exchange.truncated,
        redirect=redirect_target(exchange.url, head),
        asks=of_records(head, exchange.discovery) if original else (),
    )
    response = _draft(
        "revisit" if original else "response",
        shared,
        "application/http;msgtype=response",
        block,
        url=exchange.url,
        algorithm=algorithm,
        stored=original is None and _is_dense(exchange, payload),
        entry=entry,
    )
    return (response, *_request_and_metadata(exchange, algorithm, concurrent=response.id))


def not_modified_group(
    exchange: Exchange, original: Original, algorithm: Algorithm = "sha1"
) -> tuple[RecordDraft, ...]:
    """All records of a 304 that answered validators of our own capture: a server-not-modified revisit (6.7.3)."""
    assert exchange.head is not None
    fields = [
        *_event_fields(exchange),
        ("WARC-Payload-Digest", original.digest),
        ("WARC-Profile", NOT_MODIFIED),
        *_refers_to(original),
    ]
    entry = Entry(
        date=exchange.began,
        status=exchange.head.status,
        mime="warc/revisit",
        digest=original.digest,
        asks=of_records(exchange.head, exchange.discovery),
    )
    block = _start(exchange.response, exchange.head.length)
    kind = "application/http;msgtype=response"
    revisit = _draft("revisit", fields, kind, block, url=exchange.url, algorithm=algorithm, entry=entry)
    return (revisit, *_request_and_metadata(exchange, algorithm, concurrent=revisit.id))


def conversion(
    *,
    url: str,
    refers_to: str,
    text: str,
    date: datetime,
    content_type: str = "text/plain; charset=utf-8",
    algorithm: Algorithm = "sha1",
) -> RecordDraft:
    """Text taken from the response `refers_to` (6.8), freestanding; `date` is when it was converted."""
    block = text.encode("utf-8", "replace")
    fields = (
        ("WARC-Date", warc_date(date)),
        ("WARC-Target-URI", url),
        ("WARC-Refers-To", f"<{refers_to}>"),
        ("WARC-Payload-Digest", digest(block, algorithm)),
    )
    return _draft("conversion", fields, content_type, block, url=url, algorithm=algorithm)


def article_metadata(
    *, url: str, refers_to: str, document: bytes, date: datetime, algorithm: Algorithm = "sha1"
) -> RecordDraft:
    """What an extractor said of a page, as JSON; `refers_to` is the conversion, or the response when it has no text."""
    fields = (
        ("WARC-Date", warc_date(date)),
        ("WARC-Target-URI", url),
        ("WARC-Refers-To", f"<{refers_to}>"),
    )
    return _draft("metadata", fields, "application/json", document, url=url, algorithm=algorithm)


def resource(
    *, url: str, block: bytes | Spool, content_type: str, date: datetime, algorithm: Algorithm = "sha1"
) -> RecordDraft:
    """A file of the crawl itself (its configuration, log, report) under a made-up URI."""
    fields = (
        ("WARC-Date", warc_date(date)),
        ("WARC-Target-URI", url),
        ("WARC-Payload-Digest", digest(block, algorithm)),
    )
    return _draft("resource", fields, content_type, block, url=url, algorithm=algorithm)


def manifest(
    *, url: str, resources: Sequence[str], warcinfos: Sequence[str], date: datetime, values: Mapping[str, str]
) -> RecordDraft:
    """Ties the resource records of a crawl together, and lists its files' warcinfo ids (IIPC guideline 8)."""
    block = dump(
        [
            *values.items(),
            *(("resource", f"<{record}>") for record in resources),
            *(("warcinfo", f"<{record}>") for record in warcinfos),
        ]
    )
    fields = [("WARC-Date", warc_date(date)), ("WARC-Target-URI", url)]
    fields += [("WARC-Concurrent-To", f"<{record}>") for record in resources]
    return _draft("metadata", fields, _FIELDS, block, url=url)


def tombstone(*, removed: str, description: str, date: datetime, url: str | None = None) -> RecordDraft:
    """Takes the place of a record that was removed; the URL only when it does no harm itself."""
    fields = [("WARC-Date", warc_date(date)), ("WARC-Refers-To", f"<{removed}>")]
    if url:
        fields.append(("WARC-Target-URI", url))
    block = dump([("description", description), ("date", warc_date(date))])
    return _draft("metadata", fields, _FIELDS, block, url=url or "")


def _request_and_metadata(
    exchange: Exchange, algorithm: Algorithm, *, concurrent: str | None
) -> tuple[RecordDraft, ...]:
    sent, hidden = hide(exchange.request, exchange.secrets)
    tie = [("WARC-Concurrent-To", f"<{concurrent}>")] if concurrent else []
    request = _draft(
        "request",
        [*_event_fields(exchange), *tie],
        "application/http;msgtype=request",
        sent,
        url=exchange.url,
        algorithm=algorithm,
    )
    tie = [("WARC-Concurrent-To", f"<{concurrent or request.id}>")]
    metadata = _draft(
        "metadata",
        [("WARC-Date", warc_date(exchange.began)), ("WARC-Target-URI", exchange.url), *tie],
        _FIELDS,
        dump([*capture_fields(exchange), *(("request-redacted", name) for name in hidden)]),
        url=exchange.url,
        algorithm=algorithm,
    )
    return request, metadata


def _event_fields(exchange: Exchange) -> list[tuple[str, str]]:
    fields = [("WARC-Date", warc_date(exchange.began)), ("WARC-Target-URI", exchange.url)]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    if exchange.cipher:
        fields.append(("WARC-Cipher-Suite", exchange.cipher))
    return fields


def _refers_to(original: Original) -> list[tuple[str, str]]:
    return [
        ("WARC-Refers-To", f"<{original.id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
    ]


def _is_dense(exchange: Exchange, payload: Payload | None) -> bool:
    """Whether the block is mostly compressed data already."""
    if exchange.head is None or payload is None or not payload.length:
        return False
    encoding = exchange.head.get(b"content-encoding")
    if encoding and encoding.strip().lower() != b"identity":
        return True
    return payload.identified is not None and payload.identified.startswith(_DENSE)


def _start(data: bytes | Spool, length: int) -> bytes:
    if isinstance(data, bytes):
        return data[:length]
    start = b""
    for piece in chunks(data):
        start += piece
        if len(start) >= length:
            break
    return start[:length]


def _draft(
    kind: str,
    fields: Iterable[tuple[str, str]],
    content_type: str,
    block: bytes | Spool,
    *,
    url: str = "",
    algorithm: Algorithm = "sha1",
    stored: bool = False,
    entry: Entry | None = None,
) -> RecordDraft:
    clean = [(name, one_line(value)) for name, value in fields]
    clean.append(("WARC-Block-Digest", digest(block, algorithm)))
    return RecordDraft(
        type=kind,
        id=new_id(),
        fields=tuple(clean),
        content_type=content_type,
        block=block,
        url=url,
        stored=stored,
        entry=entry,
    )
