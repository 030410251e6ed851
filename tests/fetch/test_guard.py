"""No name, redirect or spelling leads a crawl to addresses that are not public."""

from __future__ import annotations

import asyncio
import socket
import ssl
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from scrapy.settings import Settings

from archive.errors import ConfigError
from crawler.fetch.connect import Proxy, Route, open_connection
from crawler.fetch.guard import Guard, RefusedAddress, guard_of, kind_of
from tests.fetch.server import serving

PUBLIC = (
    *("93.184.215.14", "8.8.8.8", "168.63.129.17", "2606:2800:21f::1", "2a00:1450:4001::200e"),
    *("64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"),
)
SPECIAL = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "this host",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "169.254.169.254": "link-local",
    "100.100.100.200": "shared (carrier-grade NAT)",
    "168.63.129.16": "cloud metadata",
    "192.0.0.192": "reserved",
    "198.18.0.1": "benchmarking",
    "203.0.113.7": "documentation",
    "224.0.0.251": "multicast",
    "255.255.255.255": "reserved",
    "::": "this host",
    "::1": "loopback",
    "::7f00:1": "reserved",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "link-local",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b:1::a00:1": "reserved",
    "2002:7f00:1::": "loopback",
    "2002:c0a8:101::1": "private",
    "2001:0:53aa:64c::1": "reserved",
    "2001:db8::1": "documentation",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fec0::1": "private",
    "ff02::1": "multicast",
    "5f00::1": "reserved",
}


SPELLINGS = ["127.0.0.1", "localhost", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "0x7f000001", "::ffff:7f00:1"]


def test_public_addresses_pass() -> None:
    assert {text: kind_of(ip_address(text)) for text in PUBLIC} == dict.fromkeys(PUBLIC)


@pytest.mark.parametrize("text", SPECIAL)
def test_special_addresses_do_not(text: str) -> None:
    assert kind_of(ip_address(text)) == SPECIAL[text]


def infos(*texts: str) -> list[tuple[Any, ...]]:
    return [(socket.AF_INET6 if ":" in text else socket.AF_INET, 1, 6, "", (text, 80)) for text in texts]


def test_of_several_addresses_only_public_ones_are_tried() -> None:
    found = infos("10.0.0.1", "8.8.8.8", "::1", "fe80::1%2")
    assert Guard().passed("mixed.example", found) == [found[1]]


def test_networks_and_hosts_that_are_allowed() -> None:
    guard = Guard([ip_network("10.0.0.0/8"), ip_network("fd00::/8")], ["seed.example", "[::1]"])
    for host, address in (("any.example", "10.9.9.9"), ("any.example", "::ffff:10.9.9.9"), ("any.example", "fd00::7")):
        assert guard.passed(host, infos(address))
    assert guard.passed("seed.example", infos("127.0.0.1"))
    assert guard.passed("SEED.example.", infos("127.0.0.1"))
    assert guard.passed("::1", infos("::1"))
    for host, address in (("www.seed.example", "127.0.0.1"), ("any.example", "::1"), ("any.example", "192.168.0.1")):
        with pytest.raises(RefusedAddress, match=f"{host} is {address}"):
            guard.passed(host, infos(address))


async def connect(host: str, port: int, guard: Guard, proxy: Proxy | None = None) -> None:
    route = Route(scheme="http", host=host, port=port, proxy=proxy)
    (await open_connection(route, ssl.create_default_context(), guard)).abort()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "0x7f000001", "::ffff:127.0.0.1"],
)
async def test_no_spelling_of_an_address_gets_through(host: str) -> None:
    async with serving() as server:
        with pytest.raises(RefusedAddress):
            await connect(host, server.port, Guard())
        await connect(host, server.port, Guard([ip_network("127.0.0.0/8"), ip_network("::1")]))
        assert server.connections <= 1  # localhost may be ::1, where nobody listens
        await asyncio.sleep(0)


async def test_a_name_that_resolves_anew_to_another_address_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [infos("8.8.8.8"), infos("127.0.0.1")]
    asked = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        return answers.pop()  # whoever looked twice would have judged one and connected to the other

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(RefusedAddress, match=r"rebinding\.example is 127\.0\.0\.1: loopback"):
        await connect("rebinding.example", 80, Guard())
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize("scheme", ["http", "https", "socks4", "socks5", "socks5h"])
@pytest.mark.parametrize("host", ["169.254.169.254", "0xa9.0xfe.0xa9.0xfe"])
async def test_a_proxy_is_not_asked_for_a_literal_address(scheme: str, host: str) -> None:
    async with serving() as server:
        with pytest.raises(RefusedAddress):
            await connect(host, 80, Guard(), Proxy(scheme=scheme, host="127.0.0.1", port=server.port))
        assert not server.connections


async def test_a_proxy_itself_may_be_anywhere() -> None:
    async with serving() as server:
        await connect("news.example", 80, Guard(), Proxy(scheme="http", host="127.0.0.1", port=server.port))


def test_what_is_no_network_is_told() -> None:
    assert guard_of(Settings()) is None, "in somebody else's project, unless asked for"
    assert guard_of(Settings({"WIRECOPY_ALLOW_NETWORKS": ""})) is not None
    with pytest.raises(ConfigError, match=r"'10\.0\.0/33' is no network"):
        guard_of(Settings({"WIRECOPY_ALLOW_NETWORKS": "::1, 10.0.0/33"}))
