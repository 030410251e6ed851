"""Signatures of WACZ files: WACZ Signing and Verification 0.1.0, "anonymous", which is by a key that is one's own.

ECDSA on P-384 with SHA-256, over the text of the package's digest; the signature as two numbers side by side, as
browsers verify it. It proves that who has the key made the file: whose the key is has to be known from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from archive.disk import refused
from archive.errors import ConfigError

__all__ = ["fingerprint", "fingerprint_of", "private_key", "signed", "signer"]

_NUMBER: Final = 48
"""Bytes of each of a signature's two numbers."""


def private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in a PEM file, which is made when absent; ConfigError for one that is no key on P-384."""
    try:
        if not path.exists():
            _make(path)
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise refused(error, path) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"{path} is no private key in PEM, without a password: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise ConfigError(f"{path} is no key on the curve P-384 (secp384r1), which is what signs WACZ files")
    return key


def fingerprint(public: bytes) -> str:
    """SHA-256 of a public key, by which people tell it."""
    return hashlib.sha256(public).hexdigest()


def fingerprint_of(key: ec.EllipticCurvePrivateKey) -> str:
    return fingerprint(_public(key))


def signed(digest: str, key: ec.EllipticCurvePrivateKey, *, created: str, software: str) -> dict[str, str]:
    """``signedData``. The same for the same digest and key (RFC 6979)."""
    signature = key.sign(digest.encode(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    both = b"".join(number.to_bytes(_NUMBER, "big") for number in decode_dss_signature(signature))
    return {
        "hash": digest,
        "created": created,
        "software": software,
        "version": "0.1.0",
        "signature": base64.b64encode(both).decode(),
        "publicKey": base64.b64encode(_public(key)).decode(),
    }


def signer(data: Any, digest: str) -> str | None:
    """The fingerprint of the key by which ``signedData`` signs this digest; ValueError says why it does not.

    None for a signature on behalf of a domain: its certificates are for others to judge.
    """
    if not isinstance(data, dict) or data.get("hash") != digest:
        raise ValueError("the signature is of another package")
    if "domainCert" in data and "publicKey" not in data:
        return None
    try:
        public = base64.b64decode(data["publicKey"], validate=True)
        both = base64.b64decode(data["signature"], validate=True)
        key = load_der_public_key(public)
    except (KeyError, TypeError, ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError(f"the signature cannot be read ({error})") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(both) % 2:
        raise ValueError("the signature is not by ECDSA")
    numbers = (int.from_bytes(both[: len(both) // 2], "big"), int.from_bytes(both[len(both) // 2 :], "big"))
    try:
        key.verify(encode_dss_signature(*numbers), digest.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ValueError("the signature is not by the key that it names") from None
    return fingerprint(public)


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _make(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123 - by mode
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink()
            raise
