"""URLs: the form that is fetched, the key that is compared, the domain that is believed.

Three forms of one URL, each for its own use:

request_uri   what goes over the wire and into WARC-Target-URI: cleaned as browsers do, its meaning untouched
canonical     the key under which two URLs are the same page; compared, never fetched
surt          the key that CDXJ indexes sort by (archive.surt)

Pure. Only what never changes a page is folded into the key: scheme, ``www.``, default ports, case and dots of the host,
fragment, escapes, doubled and closing slashes, order of parameters, and parameters that only follow readers about.
The path keeps its case and its ``index.html``. A change of these rules changes every key: raise KEY_VERSION with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit

import idna

from archive.surt import surt

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = ["KEY_VERSION", "canonical", "host_of", "registrable_domain", "request_uri", "split", "surt"]

KEY_VERSION = 1
"""Part of what an article's id is made from."""

_SPLIT = re.compile(r"(?P<scheme>https?):[/\\]*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?", re.DOTALL)
_HOST_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_BAD_IN_HOST = re.compile(r"[\x00-\x20\x7f\"#%/<>?@\[\\\]^`{|}:]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_KEPT_IN_PATH = "!$%&'()*+,-./:;=@_~"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Parameters that say who reads, or where they came from, and never what is shown; session ids among them.
_FOLLOWS_READER = re.compile(
    r"""
    utm[_-].+ | (?:hsa|mtm|pk|piwik|matomo|fb_action)_.+          # campaigns, by analytics product
    | at_(?:medium|campaign|custom\d|link_.+) | ns_(?:campaign|mchannel|source|linkname|fee) | oly_(?:enc|anon)_id
    | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | ysclid | twclid | ttclid | li_fat_id
    | igshid | igsh | srsltid | epik | wickedid                   # click identifiers
    | mc_cid | mc_eid | _hsenc | _hsmi | mkt_tok | vero_id | (?:ml|ck)_subscriber(?:_hash|_id)?     # newsletters
    | cmpid | s_cid | ncid | ocid | xtor | wt[_.]mc(?:_id)? | wtrid | ito | smid | smtyp | sr_share
    | soc_src | soc_trk | guccounter | guce_referrer(?:_sig)?     # publishers' own
    | _ga | _gl | __twitter_impression | fb_ref | fb_source | ref_src | ref_url
    | phpsessid | jsessionid | aspsessionid[a-z]* | session_?id | cfid | cftoken
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SESSION_VALUE = re.compile(r"sid=[0-9a-z]{32}", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*|/\((?:[a-z]\([0-9a-z]{24}\))+\)(?=/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    scheme: str
    host: str
    port: str
    """Empty when it is the scheme's own."""
    path: str
    query: str | None


def request_uri(url: str) -> str:
    """The URI to ask for: RFC 3986 form, no fragment, no user name.

    Raises ValueError for what cannot be asked for over http or https.
    """
    parts = _parts(url)
    authority = parts.host + (f":{parts.port}" if parts.port else "")
    query = "" if parts.query is None else "?" + parts.query
    return f"{parts.scheme}://{authority}{parts.path}{query}"


@lru_cache(maxsize=512)
def canonical(url: str) -> str:
    """The key under which two URLs are the same page: ``//host/path?query``. Other than http(s) stays as it is."""
    try:
        parts = _parts("https:" + url if url.startswith("//") else url)
    except ValueError:
        return url.partition("#")[0].strip()
    host = parts.host.removeprefix("www.") if parts.host.count(".") > 1 else parts.host
    port = f":{parts.port}" if parts.port not in ("", "80", "443") else ""
    path = re.sub("/{2,}", "/", _plain(parts.path))
    if (bare := _SESSION_IN_PATH.sub("", path)) != path:
        path = _path(bare)
    query = _plain_query(parts.query or "")
    return f"//{host}{port}{path.removesuffix('/') or '/'}{'?' if query else ''}{query}"


def host_of(url: str) -> str:
    """The host of an http(s) URL as it is looked up, lower case, without port; empty where there is none."""
    try:
        return _parts(url).host
    except ValueError:
        return ""


@lru_cache(maxsize=512)
def registrable_domain(host: str) -> str:
    """What somebody registered: ``example.co.uk`` of ``www.example.co.uk``; addresses and bare names are their own.

    By the list that tldextract brings along, never one from the network. Hosting platforms that hand out names
    (``github.io``, ``blogspot.com``) count as registries.
    """
    host = host.strip().rstrip(".").lower()
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


def split(url: str) -> SplitResult:
    """The parts of what a page gives for a URL, all of them empty where it is none (``http://[``)."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _parts(url: str) -> _Parts:
    split = _SPLIT.fullmatch(re.sub(r"[\t\r\n]", "", url).strip("".join(map(chr, range(0x21)))))
    if split is None:
        raise ValueError(f"not an http or https URL: {url[:200]!r}")
    parts = _AUTHORITY.match(split["rest"])
    assert parts is not None  # every part is optional
    place = _HOST_PORT.fullmatch(parts["authority"].rpartition("@")[2])
    if place is None or int(place["port"] or 0) > 65535:
        raise ValueError(f"no host and port in {url[:200]!r}")
    scheme, port = split["scheme"].lower(), (place["port"] or "").lstrip("0")
    query = parts["query"]
    return _Parts(
        scheme=scheme,
        host=_host(place["host"]),
        port="" if port == _DEFAULT_PORTS[scheme] else port,
        path=_path(parts["path"]),
        query=None if query is None else quote(_lone(query[1:]), safe=_KEPT_IN_QUERY),
    )


def _host(host: str) -> str:
    if host.startswith("["):
        return f"[{IPv6Address(host[1:-1]).compressed}]"
    host = unquote(host).rstrip(".").lower()
    if not host.isascii():
        host = idna.encode(host, uts46=True, transitional=False, strict=False).decode("ascii")
    if not host or len(host) > 253 or _BAD_IN_HOST.search(host):
        raise ValueError(f"not a host name: {host[:200]!r}")
    return host


def _path(path: str) -> str:
    """Escaped where RFC 3986 asks for it, dot segments resolved (RFC 3986 clause 5.2.4)."""
    kept: list[str] = []
    segments = quote(_lone(path.replace("\\", "/")), safe=_KEPT_IN_PATH).split("/")[1:]
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
    if segments and segments[-1].lower().replace("%2e", ".") in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _lone(text: str) -> str:
    """Text in which each percent sign that starts no escape, and each half of a surrogate pair, is itself escaped."""
    return re.sub("%(?![0-9A-Fa-f]{2})", "%25", text.encode("utf-8", "replace").decode("utf-8"))


def _plain(text: str) -> str:
    """Escapes in one spelling: those of unreserved characters undone, the others in capitals."""

    def spell(escape: re.Match[str]) -> str:
        byte = unquote_to_bytes(escape[0])
        return byte.decode("ascii") if byte[0] in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(spell, text)


def _plain_query(query: str) -> str:
    pairs = [pair for pair in _plain(query).split("&") if pair and not _follows_reader(pair)]
    return "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))


def _follows_reader(pair: str) -> bool:
    return _FOLLOWS_READER.fullmatch(pair.partition("=")[0]) is not None or _SESSION_VALUE.fullmatch(pair) is not None


@cache
def _suffixes() -> TLDExtract:
    """Loaded when it is first asked: it takes longer than all else that a command needs to start."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
