"""TLS: what was agreed is recorded by the names IANA gave, and whatever a browser accepts is accepted."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError

from archive.errors import ConfigError
from crawler.fetch.cipher import iana_name
from crawler.fetch.tls import client_context
from tests.fetch.server import handling, server_context, serving


@pytest.mark.parametrize(
    ("version", "protocol", "cipher"),
    [
        (ssl.TLSVersion.TLSv1_2, "tls/1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        (ssl.TLSVersion.TLSv1_3, "tls/1.3", "TLS_AES_256_GCM_SHA384"),
    ],
)
async def test_version_cipher_and_certificate_are_told(version: ssl.TLSVersion, protocol: str, cipher: str) -> None:
    context = server_context(version)
    if version is ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    async with serving(tls=context) as server, handling() as (handler, sink):
        for _ in range(2):  # over the same connection the second time
            response = await handler.download_request(Request(f"https://localhost:{server.port}/"))
        for exchange in sink.exchanges:
            assert (exchange.protocols, exchange.cipher) == (("http/1.1", protocol), cipher)
        assert server.connections == 1
        seen = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", server.port))
        assert response.certificate == ssl.PEM_cert_to_DER_cert(seen)


async def test_http_1_1_is_offered_and_the_host_is_named() -> None:
    context = server_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with serving(tls=context) as server, handling() as (handler, _):
        await handler.download_request(Request(f"https://localhost:{server.port}/"))
        assert server.alpn == ["http/1.1"]
        assert names == ["localhost"]


async def test_settings_of_scrapy_hold() -> None:
    async with serving(tls=server_context()) as server:
        request = Request(f"https://localhost:{server.port}/")
        async with handling({"DOWNLOAD_TLS_MAX_VERSION": "TLSv1.2"}) as (handler, sink):
            await handler.download_request(request)
            assert sink.exchanges[0].protocols == ("http/1.1", "tls/1.2")
        async with handling({"DOWNLOAD_VERIFY_CERTIFICATES": True}) as (handler, sink):
            with pytest.raises(DownloadFailedError, match="CERTIFICATE_VERIFY_FAILED"):
                await handler.download_request(request)
            assert sink.exchanges == []


async def test_a_server_that_speaks_no_tls() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read(1)
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listener, handling() as (handler, sink):
        with pytest.raises(DownloadFailedError):
            await handler.download_request(Request(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"))
        assert sink.exchanges == []


def test_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"TLSv9.*TLSv1\.3"):
        client_context(lowest="TLSv9")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl's own list of names")
def test_cipher_names_are_those_openssl_knows_from_iana() -> None:
    command = ["openssl", "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = {fields[2]: fields[0] for fields in map(str.split, lines)}
    # PSK and SRP need a secret that both sides share: no web server has one with us.
    usual = {name: iana for name, iana in names.items() if "PSK" not in name and "SRP" not in name}
    assert len(usual) > 50
    assert {name: iana_name(name) for name in usual} == usual


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("ECDHE-RSA-DES-CBC3-SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("RC4-SHA", "TLS_RSA_WITH_RC4_128_SHA"),
    ],
)
def test_cipher_names_openssl_no_longer_lists(name: str, iana: str) -> None:
    assert iana_name(name) == iana
