"""The bytes of an HTTP/1.1 request. Pure: what is built here is what is sent, and what the request record holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["request_bytes"]

_OWN = frozenset([b"host", b"content-length", b"transfer-encoding", b"proxy-authorization"])
_WITH_BODY = frozenset(["POST", "PUT", "PATCH"])


def request_bytes(
    method: str,
    uri: str,
    headers: Iterable[tuple[bytes, Sequence[bytes]]],
    body: bytes = b"",
    *,
    proxy_authorization: bytes | None = None,
    absolute: bool = False,
) -> bytes:
    """A request for `uri` (as ``archive.urls.request_uri`` gives it): Host first, then the headers as they come.

    A Host of the caller's own is kept; lengths are ours to tell. `absolute` names the whole URI in the request line,
    as proxies want it (RFC 9112 section 3.2.2). `proxy_authorization` is sent to a proxy that reads requests, only.
    """
    authority, slash, path = uri.partition("://")[2].partition("/")
    target = uri if absolute else slash + path
    host = authority.encode("ascii")
    lines: list[bytes] = []
    for name, values in headers:
        lower = name.lower()
        if lower == b"host" and values:
            host = values[-1]
        elif lower not in _OWN:
            lines += [name + b": " + value for value in values]
    if proxy_authorization is not None:
        lines.append(b"Proxy-Authorization: " + proxy_authorization)
    if body or method in _WITH_BODY:
        lines.append(b"Content-Length: %d" % len(body))
    # A line end within a value would begin a header, or a request, that nobody asked for.
    clean = [b" ".join(line.split()) if b"\n" in line or b"\r" in line else line for line in lines]
    start = f"{method} {target} HTTP/1.1\r\nHost: ".encode("ascii") + host
    return b"\r\n".join([start, *clean, b"", body])
