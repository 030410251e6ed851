"""What Scrapy is told of an exchange: a Response, or one of the exceptions its retry middleware knows.

A page is given wherever a browser shows one, a cut one with the flag ``dataloss``. Whether a cut page fails instead is
for DOWNLOAD_FAIL_ON_DATALOSS to say, or download_fail_on_dataloss in a request's meta.
"""

from __future__ import annotations

import errno
import os
import socket
from ipaddress import IPv4Address, IPv6Address

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.http import Head
from crawler.fetch.client import Sent

__all__ = ["connect_error", "make_response", "response_error", "scrapy_headers"]

_REFUSED = f"Errno {errno.ECONNREFUSED}"  # how it is told of several addresses in one


def connect_error(error: OSError | UnicodeError, url: str, seconds: float) -> Exception:
    """Scrapy's name for what kept us from connecting."""
    if isinstance(error, TimeoutError):
        return DownloadTimeoutError(f"Getting {url} took longer than {seconds} seconds.")
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return CannotResolveHostError(f"{url}: {_why(error)}")
    if isinstance(error, ConnectionRefusedError) or _REFUSED in str(error):
        return DownloadConnectionRefusedError(f"{url}: {_why(error)}")
    return DownloadFailedError(f"{url}: {_why(error)}")


def _why(error: OSError | UnicodeError) -> str:
    """In the system's words; asyncio has only the number and the address, where a single one was tried."""
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    if isinstance(error, OSError) and error.errno and "Connect call failed" in str(error):
        return os.strerror(error.errno)
    return str(error)


def response_error(sent: Sent, url: str, *, seconds: float, limit: int, fail_on_loss: bool) -> Exception | None:
    """Why there is no page for the spider; None when there is one."""
    reader = sent.reader
    if reader.fault == "time":
        return DownloadTimeoutError(f"Getting {url} took longer than {seconds} seconds.")
    if reader.fault == "length" and reader.head is None and not reader.body_length:
        largest = reader.largest_head
        return DownloadCancelledError(f"{url}: its head is larger than {largest} bytes; what came of it is kept.")
    size = max(reader.body_length, reader.expected_length or 0)
    if reader.fault == "length" or (limit and size > limit):
        return DownloadCancelledError(f"{url} is larger than the download max size ({limit}); what came of it is kept.")
    if not reader.started:
        return DownloadFailedError(f"{url}: the server closed the connection without an answer")
    if reader.head is None:
        return DownloadFailedError(f"{url}: the answer has no valid status line, or was cut within its head")
    if not reader.usable:
        return DownloadFailedError(f"{url}: the answer has Content-Lengths that differ")
    if reader.fault and fail_on_loss:
        return ResponseDataLossError(f"{url}: the answer was cut short")
    return None


def make_response(
    head: Head,
    url: str,
    *,
    body: bytes,
    flags: list[str],
    address: IPv4Address | IPv6Address | None,
    certificate: object = None,
) -> Response:
    """The response as the spider gets it: `body` with its content codings, which Scrapy takes off."""
    headers = scrapy_headers(head)
    # A body under a content coding is nothing but bytes: HttpCompressionMiddleware takes the coding off and decides
    # then. Called a page already, it would have its charset guessed from compressed bytes, at 5 ms a page.
    coded = head.get(b"content-encoding") is not None
    kind = Response if coded else responsetypes.from_args(headers=headers, url=url, body=body)
    response: Response = kind(
        url=url,
        status=head.status,
        body=body,
        flags=flags,
        certificate=certificate,
        ip_address=address,
        protocol=head.version.decode("latin-1"),
    )
    response.headers = headers  # given to the constructor, it would be copied name by name
    return response


def scrapy_headers(head: Head) -> Headers:
    """Scrapy's own mapping, filled as its constructor would, without the type checks of each value."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in head.headers:
        values.setdefault(name.title(), []).append(value)
    headers = Headers()
    dict.update(headers, values)
    return headers
