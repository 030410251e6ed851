"""A certificate authority of our own: it vouches for sites that the archive answers for, to who chose to trust it.

Key and certificate are one file, ``key.pem``, made on first use and readable by its owner only; two proxies that start
at once agree on one. ``certificate.pem`` beside it is what clients are given to trust. Certificates of hosts live in
memory, all with one key that is made at each start.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from OpenSSL import crypto
from twisted.internet import ssl

from archive.disk import refused
from archive.errors import ConfigError

__all__ = ["Authority", "default_directory"]

_YEARS: Final = timedelta(days=5 * 365)
_DAYS: Final = timedelta(days=90)
_RENEWED: Final = timedelta(days=30)
_SKEW: Final = timedelta(days=2)
"""Clocks differ, and a client may be set to an earlier day."""
_MOST: Final = 1000
"""Hosts whose certificates are kept."""


def default_directory() -> Path:
    """Where a user's programs keep what they made and do not want to lose (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME")
    try:
        return Path(state if state and Path(state).is_absolute() else Path.home() / ".local/state") / "wirecopy"
    except RuntimeError as error:
        raise ConfigError("there is no home directory to keep a key in: name another with --authority") from error


class Authority:
    """For one thread. Opened by its directory, which is made; StorageError when it cannot be, ConfigError when its key
    is none.
    """

    def __init__(self, directory: Path) -> None:
        self.certificate_path = directory / "certificate.pem"
        try:
            self._key, self._certificate = _opened(directory / "key.pem")
            self.pem = self._certificate.public_bytes(serialization.Encoding.PEM)
            if not self.certificate_path.exists() or self.certificate_path.read_bytes() != self.pem:
                _put(self.certificate_path, self.pem, 0o644)
        except OSError as error:
            raise refused(error, directory) from error
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: OrderedDict[str, tuple[ssl.CertificateOptions, float]] = OrderedDict()

    def context(self, host: str) -> ssl.CertificateOptions:
        """TLS as the server of this host; ValueError when no certificate can name it."""
        now = time.monotonic()
        context, issued = self._contexts.pop(host, (None, now))
        if context is None or now - issued > _RENEWED.total_seconds():
            context, issued = self._issued(host), now
        self._contexts[host] = context, issued
        if len(self._contexts) > _MOST:
            self._contexts.popitem(last=False)
        return context

    def _issued(self, host: str) -> ssl.CertificateOptions:
        return ssl.CertificateOptions(
            privateKey=crypto.PKey.from_cryptography_key(self._leaf_key),
            certificate=crypto.X509.from_cryptography(self._leaf(host)),
            extraCertChain=[crypto.X509.from_cryptography(self._certificate)],
            acceptableProtocols=[b"http/1.1"],
        )

    def _leaf(self, host: str) -> x509.Certificate:
        key = self._leaf_key.public_key()
        issuer_key = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        # The subject is for people to read: clients go by the alternative name, which has no limit of 64 characters.
        return (
            _builder(_name("Answered from an archive"), self._certificate.subject, key, _DAYS)
            .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _opened(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The authority in the file, or a new one where there is none or its time is over."""
    for _ in range(2):
        with suppress(FileNotFoundError):
            key, certificate = _read(path)
            if certificate.not_valid_after_utc > datetime.now(UTC) + _DAYS:
                return key, certificate
            path.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # another proxy was a moment earlier
            _put(path, _made(), 0o600, anew=True)
    return _read(path)


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    pem = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("key and certificate do not belong together")
    except (ValueError, TypeError) as error:
        raise ConfigError(
            f"{path} is no key of a certificate authority ({error}); remove it, and a new one is made"
        ) from error
    return key, certificate


def _made() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"wirecopy proxy, since {datetime.now(UTC):%Y-%m-%d}")
    signs = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(name, name, key.public_key(), _YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + lasts)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _put(path: Path, data: bytes, mode: int, *, anew: bool = False) -> None:
    """A file whole or not at all; FileExistsError when it is to be new and is not."""
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    partial = Path(name)
    try:
        with os.fdopen(fd, "wb") as file:
            os.fchmod(fd, mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.link(partial, path)
        else:
            partial.replace(path)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
