"""A certificate authority for one run, and the server's context. Needs trustme, from the development extras."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Literal

import trustme

__all__ = ["authority", "server_context"]

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@cache
def _issued() -> tuple[trustme.CA, trustme.LeafCert]:
    ca = trustme.CA()
    return ca, ca.issue_cert("localhost", "127.0.0.1", "::1")


def authority() -> bytes:
    """The certificate to trust, PEM."""
    return _issued()[0].cert_pem.bytes()


def server_context(version: Literal["1.2", "1.3"] | None = None) -> ssl.SSLContext:
    """For any current version of TLS, or for just the one named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    _issued()[1].configure_cert(context)
    if version:
        context.minimum_version = context.maximum_version = _VERSIONS[version]
    return context
