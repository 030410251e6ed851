"""Lines of the index: SURT key, 14-digit time, JSON with string values only, as pywb reads them. Pure.

Two more keys than pywb needs, ``id`` and ``date``, and ``truncated``, ``redirect`` and ``asks`` where they apply, make
a line and a Capture the same thing. A digest of sha1 goes without its prefix, since pywb's check for empty bodies knows
no other form. The key of a server-not-modified revisit begins with ``unmodified:``, so that nobody who looks for the
page finds a bare 304: pywb would replay it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import cast

import msgspec

from archive.model import Capture, Truncation
from archive.surt import surt

__all__ = ["key", "line", "parse", "timestamp14"]


class _Fields(msgspec.Struct, omit_defaults=True):
    """Order and spelling of the JSON part."""

    url: str
    mime: str
    status: str
    digest: str
    length: str
    offset: str
    filename: str
    id: str = ""
    date: str = ""
    truncated: str = ""
    redirect: str = ""
    asks: str = ""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Fields).decode
_surt = lru_cache(maxsize=256)(surt)


def key(url: str) -> str:
    """The first field of a URL's lines. It loses scheme, www and case: compare URLs after a look-up."""
    return _surt(url).replace(" ", "%20")


def timestamp14(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def line(capture: Capture) -> str:
    """The capture's line, without a line end."""
    fields = _Fields(
        url=capture.url,
        mime=capture.mime,
        status="-" if capture.status is None else str(capture.status),
        digest="-" if capture.digest is None else capture.digest.removeprefix("sha1:"),
        length=str(capture.length),
        offset=str(capture.offset),
        filename=capture.file,
        id=capture.id,
        date=f"{capture.date.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        truncated=capture.truncated or "",
        redirect=capture.redirect or "",
        asks="\n".join(capture.asks),
    )
    unmodified = "unmodified:" if capture.status == 304 and capture.mime == "warc/revisit" else ""
    return f"{unmodified}{key(capture.url)} {timestamp14(capture.date)} {_encode(fields).decode()}"


def parse(line: str) -> Capture:
    """A capture from its line; ValueError when it is none. Lines of other makers lack id and date: id is empty then."""
    try:
        _key, stamp, document = line.split(" ", 2)
        fields = _decode(document)
        if fields.date:
            date = datetime.fromisoformat(fields.date)
        else:
            date = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return Capture(
            id=fields.id,
            url=fields.url,
            date=date,
            status=None if fields.status == "-" else int(fields.status),
            mime=fields.mime,
            digest=_full(fields.digest),
            truncated=cast("Truncation", fields.truncated) or None,
            redirect=fields.redirect or None,
            asks=tuple(fields.asks.split("\n")) if fields.asks else (),
            file=fields.filename,
            offset=int(fields.offset),
            length=int(fields.length),
        )
    except (ValueError, msgspec.MsgspecError) as error:
        raise ValueError(f"not a CDXJ line ({error}): {line[:120]!r}") from error


def _full(digest: str) -> str | None:
    if digest == "-":
        return None
    return digest if ":" in digest else f"sha1:{digest}"
