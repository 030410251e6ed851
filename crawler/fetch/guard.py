"""Which addresses a crawl may connect to, whatever name, redirect or link leads there. Pure.

A page must not be able to send the crawl to the machine it runs on, to its neighbours, or to a cloud's metadata
service (server-side request forgery). So the addresses that a name resolves to are judged, at the moment of connecting:
only global unicast ones will do, those in WIRECOPY_ALLOW_NETWORKS, and any that a seed's own host has. An IPv6
address that stands for an IPv4 one (mapped, NAT64, 6to4) is judged by both.

Networks: the special-purpose registries of IANA (RFC 6890), as of 2026; not Python's ``is_global``, which differs from
version to version and counts multicast as global.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from scrapy.settings import BaseSettings

from archive.errors import ConfigError
from archive.urls import host_of
from crawler.refusals import Refusal

__all__ = ["Guard", "RefusedAddress", "guard_of", "kind_of"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared (carrier-grade NAT)"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("168.63.129.16/32", "cloud metadata"),  # a public address by its number; answers within Azure only
    ("::/128", "this host"),
    ("::1/128", "loopback"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
    ("2001::/23", "reserved"),  # Teredo among them
    ("2001:db8::/32", "documentation"),
    ("3fff::/20", "documentation"),
)
_KINDS = tuple((ip_network(network), kind) for network, kind in _SPECIAL)
_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddress(Refusal):
    """Where a URL leads is no place for a crawl to go unless it is told to."""

    counted = "refused_addresses"

    def __init__(self, host: str, address: str, kind: str) -> None:
        where = address if host == address else f"{host} is {address}"
        super().__init__(f"{where}: {kind} address; --allow-network {address} would let it in")


def kind_of(address: Address) -> str | None:
    """What is special about an address; None for one that anybody's web server may have."""
    inner = _within(address)
    if inner is not None:
        return kind_of(inner)
    for network, kind in _KINDS:
        if address.version == network.version and address in network:
            return kind
    return "reserved" if address.version == 6 and address not in _GLOBAL else None


def _within(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056)."""
    if address.version == 4:
        return None
    assert isinstance(address, IPv6Address)
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


class Guard:
    """Lets connections pass, or not."""

    def __init__(self, networks: Iterable[Network] = (), hosts: Iterable[str] = ()) -> None:
        """`hosts`: as in URLs, lower case; what they resolve to is allowed, for them alone."""
        self._networks = tuple(networks)
        self._hosts: Collection[str] = frozenset(host.strip("[]") for host in hosts)

    def passed(self, host: str, found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Of what ``getaddrinfo`` found for `host`, what may be connected to; RefusedAddress when that is nothing."""
        if host.rstrip(".").lower() in self._hosts:
            return list(found)
        passed, refused = [], None
        for info in found:
            text = str(info[4][0]).partition("%")[0]
            kind = self._refuses(ip_address(text))
            if kind is None:
                passed.append(info)
            else:
                refused = refused or RefusedAddress(host, text, kind)
        if refused is not None and not passed:
            raise refused
        return passed

    def _refuses(self, address: Address) -> str | None:
        kind = kind_of(address)
        if kind is None:
            return None
        inner = _within(address)
        for network in self._networks:
            if (address.version == network.version and address in network) or (
                inner is not None and network.version == 4 and inner in network
            ):
                return None
        return kind


def guard_of(settings: BaseSettings, seeds: Iterable[str] = ()) -> Guard | None:
    """As WIRECOPY_ALLOW_NETWORKS says, which lets all pass where it is not set; ConfigError for what is no network."""
    if settings.get("WIRECOPY_ALLOW_NETWORKS") is None:
        return None
    networks = []
    for text in map(str.strip, settings.getlist("WIRECOPY_ALLOW_NETWORKS")):
        try:
            networks.append(ip_network(text, strict=False))
        except ValueError:
            raise ConfigError(
                f"WIRECOPY_ALLOW_NETWORKS (--allow-network): {text!r} is no network, such as 10.0.0.0/8 or ::1"
            ) from None
    return Guard(networks, filter(None, map(host_of, seeds)))
