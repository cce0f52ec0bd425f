"""Addresses of visitors and ranges of them, each in one spelling."""

import ipaddress
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from core.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN = "unknown"
"""What stands for an address that cannot be read; all of these are counted as one."""

_WIDEST = {4: 8, 6: 16}
"""The fewest fixed bits of a range that may be blocked; a wider one would be a large part of the internet."""

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::/127",
        "fc00::/7",
        "fe80::/10",
    )
)


def address_of(text: str | None) -> Address | None:
    """Read an address as proxies and sockets write it: perhaps with a port, brackets, or a zone.

    An IPv4 address inside an IPv6 one (RFC 4291, 2.5.5.2) is the IPv4 address.

    Returns:
        None when it is no address.
    """
    try:
        found = ipaddress.ip_address(_bare(text or ""))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


@lru_cache(maxsize=1_000)
def spelled(text: str | None) -> str:
    """The one spelling of an address, empty when it is none."""
    return str(address_of(text) or "")


@lru_cache(maxsize=1_000)
def counted(text: str | None) -> str:
    """As which an address is counted: an IPv4 address itself, of IPv6 the /64 that one household is given."""
    return _within(text, {4: 32, 6: 64})


def neighbourhood(text: str | None) -> str:
    """The network that an address is in, as far as its provider hands addresses out: a /24, or a /48 of IPv6."""
    return _within(text, {4: 24, 6: 48})


def is_inside(text: str | None) -> bool:
    """Whether this is no visitor's address on the internet, but that of a machine or a proxy of one's own."""
    found = address_of(text)
    return found is None or any(found in network for network in _INSIDE if network.version == found.version)


def covering(text: str | None, lengths: Collection[tuple[int, int]] | None = None) -> list[str]:
    """The ranges that an address is in, as `canonical` spells them.

    Args:
        lengths: of which IP version and how many fixed bits; every one that may be blocked, when left out.
    """
    found = address_of(text)
    if found is None:
        return []
    asked = range(_WIDEST[found.version], found.max_prefixlen + 1)
    return [
        str(ipaddress.ip_network((found, length), strict=False))
        for length in asked
        if lengths is None or (found.version, length) in lengths
    ]


def canonical(text: str) -> str:
    """The one spelling of an address or a range, in CIDR form (RFC 4632, RFC 5952).

    Raises:
        Invalid: when it is neither, or so wide that it would shut out everybody.
    """
    network = _network(text)
    if network.prefixlen < _WIDEST[network.version]:
        raise Invalid("That is a large part of the internet. Write a smaller range, like 203.0.113.0/24.")
    return str(network)


def overlaps(network: str, text: str | None) -> bool:
    """Whether an address lies in a canonical range."""
    found = address_of(text)
    return found is not None and found in ipaddress.ip_network(network)


def touches_inside(network: str) -> bool:
    """Whether a canonical range holds addresses that proxies and machines of one's own have."""
    asked = ipaddress.ip_network(network)
    return any(asked.overlaps(one) for one in _INSIDE if one.version == asked.version)


def in_words(network: str) -> str:
    """A canonical range as people write it: a single address without its length."""
    asked = ipaddress.ip_network(network)
    return str(asked.network_address) if asked.prefixlen == asked.max_prefixlen else network


def _network(text: str) -> Network:
    text = text.strip().removeprefix("[").removesuffix("]")
    try:
        if "%" in text:
            raise ValueError
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Invalid("Write an address like 203.0.113.7 or 2001:db8::7, or a range like 203.0.113.0/24.") from None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        inner = network.network_address.ipv4_mapped
        return ipaddress.ip_network((str(inner), network.prefixlen - 96))
    return network


def _bare(text: str) -> str:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("%")[0]


def _within(text: str | None, lengths: dict[int, int]) -> str:
    found = address_of(text)
    if found is None:
        return UNKNOWN
    length = lengths[found.version]
    return str(found) if length == found.max_prefixlen else str(ipaddress.ip_network((found, length), strict=False))
