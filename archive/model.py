"""The words of the project, each defined once.

exchange    one request and what came back, as bytes, with times, address and TLS facts
capture     an exchange that is in a WARC file
revisit     a capture whose payload, or whose being unchanged, an earlier capture already holds
reading     what one extractor made of one capture
article     a page over time
version     a change of an article's title or text, between readings of the same extractor
event       what happened to an article: seen first, edited, grown, deleted, moved, restored
source      what to watch, and how                 (crawler.sources)
seed        a URL that a crawl starts from
scope       which URLs a crawl may follow           (archive.urls)
crawl       one run over one or more sources
collection  a directory that holds all of this      (archive.collection)

Values only: frozen, plain, picklable. Times are aware and UTC unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from archive.http import Head
from archive.spool import Spool
from archive.structure import Block, Figure, Mark

__all__ = [
    "ARTICLES",
    "KEPT_OUT",
    "NOT_ARTICLES",
    "WALLS",
    "Article",
    "Block",
    "Capture",
    "CaptureRef",
    "Change",
    "Discovery",
    "Event",
    "EventKind",
    "Exchange",
    "Extraction",
    "Figure",
    "Mark",
    "Reading",
    "ReadingRef",
    "State",
    "Truncation",
    "Version",
    "Wish",
]

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""WARC-Truncated (WARC/1.1 clause 5.15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """How a URL was found, and what the page that named it said of it."""

    via: str | None = None
    """URI of the document that named the URL; None for a seed."""
    hops: str = ""
    """hopsFromSeed: a letter a step from the seed, of L E X R P I M S; empty for a seed."""
    listing: str | None = None
    """What kind of document named it: ``feed``, ``sitemap``, ``section``, ``page``, ``list``."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """As the listing gave it, in RFC 3339 where it could be read."""
    language: str | None = None
    part_of: str | None = None
    """Of a further page of an article, the URL of the first as captured."""
    part: int | None = None
    """Which page of that article it is, from 2."""
    refused: tuple[str, ...] = ()
    """Crawlers that gather text to train on, which the host's robots.txt keeps from the page."""
    reserved: str | None = None
    """What the host's tdmrep.json reserves the page by: the address of a policy, or ``1``; None: it does not."""
    obeys: str | None = None
    """The name under which the crawl kept to what pages ask of robots; None where it only noted that."""
    labels: tuple[str, ...] = ()
    """What the source of the crawl is labelled (docs/sources.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back. Interim heads + response + surplus are the wire, byte for byte."""

    url: str
    """The URI as requested, RFC 3986 form, no fragment."""
    method: str = "GET"
    began: datetime
    """The instant the exchange began (first byte sent, or the attempt to connect), to the microsecond."""
    elapsed_ms: int
    request: bytes
    """Exactly as sent: request line, headers, body."""
    secrets: frozenset[bytes] = frozenset()
    """Header fields of the request, names in lower case, whose values stay out of the archive."""
    response: bytes | Spool
    """The final response as received, from its first byte to the end of the message; empty when nothing came."""
    head: Head | None
    """The final response's head, parsed; None when there was no valid one."""
    interim: tuple[bytes, ...] = ()
    """Heads of 1xx responses, as received, in order."""
    surplus: bytes = b""
    """What came after the end of the message: its first 64 KiB."""
    surplus_length: int = 0
    """How many bytes came after the end of the message in all."""
    truncated: Truncation | None = None
    ip: str | None = None
    """The address that answered (IPv6 in RFC 5952 form); None when a proxy did."""
    protocols: tuple[str, ...] = ("http/1.1",)
    """Values of WARC-Protocol, for example ``http/1.1`` and ``tls/1.3``."""
    cipher: str | None = None
    """IANA name of the TLS cipher suite."""
    discovery: Discovery = field(default_factory=Discovery)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where an exchange's response is kept: a line of the index."""

    id: str
    """The record's WARC-Record-ID without brackets: ``urn:uuid:…``."""
    url: str
    date: datetime
    status: int | None
    """None where the response had no valid status line."""
    mime: str
    """Media type from Content-Type, lower case, no parameters; ``unk`` for none, ``warc/revisit`` on revisits."""
    digest: str | None
    """WARC-Payload-Digest, ``sha1:`` and base32; None where no body can be told apart."""
    truncated: Truncation | None = None
    redirect: str | None = None
    """The URL that a redirect leads to."""
    asks: tuple[str, ...] = ()
    """Of a revisit, what its own records say that the page is not to be used for (archive.asks)."""
    file: str
    """Bare and final name of the WARC file, never with ``.open``."""
    offset: int
    """Byte at which the record's gzip member starts."""
    length: int
    """Bytes of that member."""


ARTICLES: Final = ("news", "opinion", "live-blog", "gallery", "video", "press-release")
"""Kinds of articles. Readings of before there were these say ``article``."""
NOT_ARTICLES: Final = frozenset({"part", "index", "other"})
"""Kinds of pages that are none; any other kind is one of articles."""

WALLS: Final = frozenset({"bot-wall", "consent", "login", "needs-scripts", "parked", "soft-404"})
"""Labels of pages that stand in an article's place."""
KEPT_OUT: Final = WALLS | {"paywalled", "withheld"}
"""Labels of what stays out of the text feed unless asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor makes of a page: plain values only. Unknown is None, never missing."""

    url: str
    canonical_url: str | None = None
    """What the page claims, believed only within its registrable domain."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339 with offset, or a bare date when the page gave no time."""
    published_precision: Literal["day", "hour", "minute", "second"] | None = None
    modified: str | None = None
    language: str | None = None
    """ISO 639-1 code, detected, else declared."""
    language_declared: str | None = None
    """ISO 639-1 code of what the page says."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """Language tags to the addresses at which the page says that the same article is in that language."""
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    image: str | None = None
    text: str | None = None
    text_format: Literal["plain", "markdown"] = "plain"
    blocks: tuple[Block, ...] = ()
    """What the lines of `text` are, one each; empty where that is not known: then all are paragraphs."""
    figures: tuple[Figure, ...] = ()
    kind: str = "article"
    """One of ARTICLES, or ``part``, ``index``, ``other``: only articles reach the text feed."""
    labels: tuple[str, ...] = ()
    """Sorted: ``paywalled``, ``soft-404``, ``thin``, ``failed`` … (docs/labels.md)."""
    word_count: int = 0
    origins: Mapping[str, str] = field(default_factory=dict)
    """Field name to where its value came from: ``json-ld``, ``opengraph``, ``h1``, ``trafilatura`` …"""
    extractor: str = "wirecopy"
    version: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    """Why nothing could be read, for a page the extractor gave up on."""
    part_of: str | None = None
    part: int | None = None
    """Of a further page of an article (kind ``part``), as in its Discovery."""
    pages: tuple[str, ...] = ()
    """Of an article over several pages, the ids of the captures of the others: their text follows in `text`."""
    asks: tuple[str, ...] | None = None
    """What page, response and host say that it is not to be used for (archive.asks); None: not noted then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one extractor made of one capture, and the metadata record in ``text/`` that keeps it."""

    id: str
    """The metadata record's WARC-Record-ID, as ``urn:uuid:…``."""
    date: datetime
    """When the page was read, not when it was captured."""
    capture_id: str
    file: str
    offset: int
    extraction: Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRef:
    id: str
    extractor: str
    version: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRef:
    id: str
    file: str
    offset: int
    digest: str | None
    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a publisher asks not to be done with an article, from the capture that first showed it on."""

    label: str
    """``noai``, ``tdm-reserved``, ``noindex`` … (docs/labels.md)."""
    said: str | None
    """Where, at the latest capture that showed it: as in the origins of labels; None where that was not noted."""
    since: datetime
    capture: str
    """Id of the capture that showed it first."""
    until: datetime | None
    """The first capture that does not show it any more; None while it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as its newest reading has it: the contract of exports, columns and the Python API."""

    article_id: str
    url: str
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    published_precision: str | None
    modified: str | None
    language: str | None
    language_declared: str | None = None
    translations: Mapping[str, str] = field(default_factory=dict)
    site: str | None
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    image: str | None
    text: str | None
    text_format: str
    blocks: tuple[Block, ...] = ()
    figures: tuple[Figure, ...] = ()
    kind: str
    labels: tuple[str, ...]
    """What publishers ask is among them as it held at the latest capture."""
    wishes: tuple[Wish, ...] = ()
    """All that the publisher asked, what is over too; empty of readings that did not note it (Extraction.asks)."""
    word_count: int
    origins: Mapping[str, str]
    reading: ReadingRef
    capture: CaptureRef
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A state of an article's title and text, from the capture that first showed it."""

    article_id: str
    number: int
    """1 for the first."""
    date: datetime
    reading_id: str
    capture_id: str
    title: str | None
    text: str | None


EventKind = Literal["first", "edited", "grown", "deleted", "moved", "restored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is different between two readings of an article."""

    fields: tuple[str, ...]
    """``title`` or ``text``, which make a version, and the other fields that changed with them."""
    weight: Literal["minor", "substantial"]
    """Minor: marks and spelling."""
    growth: Literal["start", "end"] | None
    """Where paragraphs were added, if that is all that happened to the text."""
    live: bool
    """Whether a paragraph that was added begins with the time of day."""
    paragraphs_added: int
    """Whole paragraphs."""
    paragraphs_removed: int
    words_added: int
    """Words in paragraphs that were added, and words put in elsewhere."""
    words_removed: int
    notice: bool
    """Whether the page now says that it was corrected or updated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to an article between two captures, dated by the later one, which shows it."""

    article_id: str
    date: datetime
    kind: EventKind
    """``grown``: an edit of a live blog or the like, which got more entries."""
    capture_id: str
    version: int | None
    """The version that begins here."""
    as_version: int | None
    """The earlier version whose title and text this one has again."""
    target: str | None
    """Where it moved, or where the page of a deleted one redirects: canonical key of the URL."""
    change: Change | None
    """Of ``edited`` and ``grown``; None where no readings can be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An article as one of its versions was: a row of an export of versions."""

    article: Article
    """As the reading has it that first showed the version."""
    version: int
    event: EventKind
    """What began it: ``first``, ``edited`` or ``grown``."""
    first_seen: datetime
    first_capture: str
    """Id of the capture that first showed it: a revisit, where the page was an earlier one again."""
    last_seen: datetime
    """The latest capture that shows it."""
    as_version: int | None
    """The earlier version whose title and text it has again."""
    change: Change | None
    """From the version before."""
