"""Records -> captures: what the index says of a record that was not just written by us. Pure.

A rebuild of the index and the repair of a file both go through here, so they bring back the lines that were written
with the records.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast, get_args

from archive.http import Head
from archive.model import Capture, Truncation
from archive.redirects import redirect_target

__all__ = ["capture_of"]

_KINDS = ("response", "revisit")


def capture_of(
    headers: tuple[tuple[str, str], ...], head: Head | None, *, date: datetime, file: str, offset: int, length: int
) -> Capture | None:
    """The capture that a record is, when it is a response or a revisit; `file` is its final name."""
    fields: dict[str, str] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), value)
    kind = fields.get("warc-type", "").lower()
    url = fields.get("warc-target-uri", "")
    if kind not in _KINDS or not url or not fields.get("content-type", "").startswith("application/http"):
        return None
    truncated = fields.get("warc-truncated", "").lower()
    url = url[1:-1] if url.startswith("<") and url.endswith(">") else url
    return Capture(
        id=fields.get("warc-record-id", "").strip("<> "),
        url=url,
        date=date,
        status=head.status if head else None,
        mime="warc/revisit" if kind == "revisit" else head.mime if head else "unk",
        digest=fields.get("warc-payload-digest"),
        truncated=_reason(truncated) if kind == "response" and truncated else None,
        redirect=redirect_target(url, head),
        file=file,
        offset=offset,
        length=length,
    )


def _reason(text: str) -> Truncation:
    """One of the four reasons; those that others write besides (5.15) are unspecified to us."""
    return cast("Truncation", text) if text in get_args(Truncation) else "unspecified"
