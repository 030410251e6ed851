"""SURT keys: the form of a URL that CDXJ indexes sort by, as the ``surt`` package's defaults write it.

Pure, and made for the index alone: a key loses scheme, user, ``www``, case and session ids, so a look-up compares the
URL too. Nothing here resolves names (the reference package asks the resolver about odd addresses).
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes

__all__ = ["surt"]

_PARTS = re.compile(
    rb"(?:(?P<scheme>[a-z][a-z0-9+.\-]*):)?"
    rb"(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?",
    re.IGNORECASE,
)
_NESTED_SCHEME = re.compile(rb"^https?://+(https?:/+)", re.IGNORECASE)
_WWW = re.compile(rb"^www\d*\.")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("#", "").replace("%", "")
_DEFAULT_PORTS = {b"http": 80, b"https": 443}
_NUMBERS_AND_DOTS = re.compile(rb"\d+(\.\d+){0,3}")

# Session ids as the Wayback Machine strips them: the shapes are part of the key's definition.
_SESSION_IN_PATH = (
    re.compile(rb"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
    re.compile(rb"^(.*/)(?:\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
)
_SESSION_IN_QUERY = tuple(
    re.compile(rb"^(.*)(?:" + shape + rb")(?:&(.*))?$", re.IGNORECASE)
    for shape in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)

_PLAIN = re.compile(
    r"https?://(?:www\.)?((?!www\d*\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+)(/|(?:/[a-z0-9_-][a-z0-9_.-]*)+|)"
)
"""Nothing in these is there to be changed: most URLs, at a tenth of the time."""


def surt(url: str) -> str:
    """The sort-friendly key of a URL: ``com,example)/path?a=1``. Schemes without a host keep their scheme."""
    if plain := _PLAIN.fullmatch(url):
        return f"{','.join(plain[1].split('.')[::-1])}){plain[2] or '/'}"
    data = re.sub(rb"[\t\r\n]", b"", url.encode("utf-8", "surrogatepass").strip())
    if not data:
        return "-"
    if not re.match(rb"[a-z][a-z0-9+.\-]*:", data, re.IGNORECASE):
        data = b"http://" + data
    data = _NESTED_SCHEME.sub(rb"\1", data)
    parts = _PARTS.match(data)
    assert parts is not None  # every part is optional
    scheme = (parts["scheme"] or b"").lower()
    authority, path, query = parts["authority"] or b"", parts["path"], parts["query"] or b""
    if scheme in _DEFAULT_PORTS and not authority:  # http:/host and http:////host
        authority, _, rest = path.lstrip(b"/").partition(b"/")
        path = b"/" + rest
    if not authority:
        return data.split(b"#")[0].decode("utf-8", "replace")
    host, port = _split_port(authority.rpartition(b"@")[2])
    key = b",".join(reversed(_host(host).split(b".")))
    if port and port != _DEFAULT_PORTS.get(scheme):
        key += b":%d" % port
    key += b")" + _path(path)
    if query := _query(query):
        key += b"?" + query
    return key.decode("ascii")


def _split_port(authority: bytes) -> tuple[bytes, int | None]:
    host, _, port = authority.rpartition(b":") if re.search(rb":\d*$", authority) else (authority, b"", b"")
    if host.startswith(b"["):
        host = host.strip(b"[]")
    return host, int(port) if port else None


def _host(host: bytes) -> bytes:
    host = _unescape(host)
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".")
    return _WWW.sub(b"", _dotted_quad(host) or _escape(host).lower())


def _dotted_quad(host: bytes) -> bytes | None:
    """The address that one to four decimal or octal numbers mean, as inet_aton(3) reads them."""
    if not _NUMBERS_AND_DOTS.fullmatch(host):
        return None
    if host.isdigit():
        return _quad(int(host) & 0xFFFFFFFF)
    try:
        numbers = [int(part, 8 if part.startswith(b"0") else 10) for part in host.split(b".")]
    except ValueError:
        return None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    return _quad(sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1])) + numbers[-1])


def _quad(number: int) -> bytes:
    return b".".join(b"%d" % byte for byte in number.to_bytes(4, "big"))


def _path(path: bytes) -> bytes:
    kept: list[bytes] = []
    for segment in _unescape(path).split(b"/")[1:]:
        if segment == b"..":
            if kept:
                kept.pop()
            else:
                kept.append(segment)  # the reference keeps the first step above the root, and only that
        elif segment != b".":
            kept.append(segment)
    text = _escape(b"/" + b"/".join([segment for segment in kept[:-1] if segment] + kept[-1:])).lower()
    for pattern in _SESSION_IN_PATH:
        text = pattern.sub(rb"\1\2", text)
    return text.removesuffix(b"/") or b"/"


def _query(query: bytes) -> bytes:
    query = _escape(_unescape(query)).lower()
    for pattern in _SESSION_IN_QUERY:
        query = pattern.sub(rb"\1\2", query)
    pairs: list[list[bytes]] = sorted(pair.split(b"=", 1) for pair in query.split(b"&"))
    return b"&".join(b"=".join(pair) for pair in pairs)


def _unescape(data: bytes) -> bytes:
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data


def _escape(data: bytes) -> bytes:
    return quote_from_bytes(data, safe=_PRINTABLE).encode("ascii")
