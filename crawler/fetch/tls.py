"""TLS as a crawler needs it: whatever a browser can talk to, and a record of what was agreed.

Certificates are not verified unless Scrapy's DOWNLOAD_VERIFY_CERTIFICATES says so: an archive keeps what was served.
Only HTTP/1.1 is offered, since HTTP/2 has no wire text to keep.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass

from archive.errors import ConfigError
from crawler.fetch.cipher import iana_name

__all__ = ["TlsFacts", "client_context", "tls_facts"]

_VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on


def client_context(
    *, verify: bool = False, ciphers: str | None = None, lowest: str | None = None, highest: str | None = None
) -> ssl.SSLContext:
    """A context for connections to any host; versions are spelled as in Scrapy's settings (``TLSv1.2``)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if verify:
        context.load_default_certs()
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if lowest is not None:
            context.minimum_version = _VERSIONS[lowest]
        if highest is not None:
            context.maximum_version = _VERSIONS[highest]
    except KeyError as error:
        raise ConfigError(
            f"no TLS version {error.args[0]}: DOWNLOAD_TLS_*_VERSION takes {', '.join(_VERSIONS)}"
        ) from None
    # Without verification, the old keys and hashes of small publishers' servers do no harm.
    context.set_ciphers(ciphers if ciphers and ciphers != "DEFAULT" else "DEFAULT" if verify else "DEFAULT:@SECLEVEL=1")
    context.options |= _LEGACY_SERVER_CONNECT  # servers without RFC 5746, as browsers accept them
    context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF  # HTTP tells by itself whether a message is whole
    context.set_alpn_protocols(["http/1.1"])
    if keylog := os.environ.get("SSLKEYLOGFILE"):
        context.keylog_filename = keylog
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFacts:
    """What client and server agreed on."""

    protocol: str
    """As in WARC-Protocol: ``tls/1.3``."""
    cipher: str | None
    """IANA name."""
    certificate: bytes | None
    """The server's, in DER."""


def tls_facts(connection: ssl.SSLObject) -> TlsFacts:
    version = (connection.version() or "").removeprefix("TLSv")
    cipher = connection.cipher()
    return TlsFacts(
        protocol="tls/" + (version if "." in version else f"{version}.0"),
        cipher=iana_name(cipher[0]) if cipher else None,
        certificate=connection.getpeercert(binary_form=True),
    )
