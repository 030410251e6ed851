"""OpenSSL's name of a cipher suite -> the name IANA registered, which is what archives write. Pure.

The names are the same from TLS 1.3 on. Before, OpenSSL leaves out what it holds to be obvious: RSA for a certificate,
CBC for a block cipher, the hash of ChaCha20.
"""

from __future__ import annotations

import re

__all__ = ["iana_name"]

_EXCHANGES = {"": "RSA", "ECDHE": "ECDHE_RSA", "ADH": "DH_anon", "AECDH": "ECDH_anon"}
_EXCHANGE = re.compile(r"(?:(?:ECDHE|DHE|ECDH|DH|RSA|ECDSA|DSS|PSK|ADH|AECDH)-)*")
_BLOCK = re.compile(r"(AES|CAMELLIA|ARIA)(128|256)")
_ODD = {"DES-CBC3": "3DES_EDE_CBC", "RC4": "RC4_128", "SEED": "SEED_CBC"}


def iana_name(openssl: str) -> str:
    """For example ``TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`` for ``ECDHE-RSA-AES128-GCM-SHA256``."""
    if openssl.startswith("TLS_"):
        return openssl
    match = _EXCHANGE.match(openssl)
    exchange = match[0].rstrip("-") if match else ""
    cipher, _, digest = openssl[len(exchange) :].lstrip("-").rpartition("-")
    if digest == "POLY1305":
        cipher, digest = f"{cipher}_POLY1305", "SHA256"
    elif digest.startswith("CCM"):
        cipher, digest = cipher + "_CCM", digest.removeprefix("CCM")  # CCM8: a tag of 8 bytes, and no hash
    elif _BLOCK.fullmatch(cipher):
        cipher += "_CBC"
    cipher = _BLOCK.sub(r"\1_\2", _ODD.get(cipher, cipher)).replace("-", "_")
    suite = f"TLS_{_EXCHANGES.get(exchange, exchange.replace('-', '_'))}_WITH_{cipher}"
    return f"{suite}_{digest}" if digest else suite
