"""Which addresses may be spoken to."""

import ipaddress
import re

import httpx2

from gateways.outgoing.refusals import OutgoingRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS = {"http": 80, "https": 443}
# A host that ends like a number is an IPv4 address to the C library, in octal, hexadecimal or with parts left out.
_LIKE_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_NAME = re.compile(
    r"(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?", re.I
)

# The operator may open these to reach services of his own.
_PRIVATE = [
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
]
# Nobody needs these: metadata services of clouds, multicast, documentation, benchmarks, and what is set aside
# (IANA special-purpose registries, RFC 6890).
_NEVER = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "fd00:ec2::/32",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")


def check_url(url: str | httpx2.URL, *, allow_private: bool = False) -> httpx2.URL:
    """Read a URL and refuse what can be refused without looking its name up.

    Args:
        url: an absolute http or https address.
        allow_private: whether ports other than 80 and 443, and addresses of the own network, are allowed.
    Raises:
        OutgoingRefused: in plain words.
    """
    try:
        parsed = httpx2.URL(url)
        port = parsed.port
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise OutgoingRefused("This is not a web address.") from error
    if parsed.scheme not in _PORTS or not parsed.host:
        raise OutgoingRefused("Only addresses that begin with http:// or https:// can be fetched.")
    if parsed.userinfo:
        raise OutgoingRefused("An address with a user name or password in it cannot be fetched.")
    if port is not None and port not in (80, 443) and not allow_private:
        raise OutgoingRefused("Only the usual ports of the web, 80 and 443, can be used.")
    _check_host(parsed.raw_host.decode("ascii", "replace"), allow_private=allow_private)
    return parsed


def _check_host(host: str, *, allow_private: bool) -> None:
    literal = _literal(host)
    if literal is not None:
        check_address(literal, allow_private=allow_private)
    elif _LIKE_A_NUMBER.fullmatch(host) or ":" in host:
        raise OutgoingRefused("Write the address as a name, or as four numbers with dots.")
    elif not _NAME.fullmatch(host):
        raise OutgoingRefused("This is not a web address.")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def check_address(address: str | Address, *, allow_private: bool = False) -> None:
    """Refuse an IP address that is not one of the public internet.

    Args:
        address: IPv4 or IPv6; addresses that carry another one inside (mapped, 6to4, NAT64, Teredo, ISATAP) are
            refused whatever they carry, since a router decides what becomes of them.
        allow_private: whether loopback and private networks are allowed; link-local and metadata never are.
    Raises:
        OutgoingRefused: also for what is no address at all.
    """
    try:
        parsed = ipaddress.ip_address(str(address).partition("%")[0])
    except ValueError as error:
        raise OutgoingRefused("This name leads to no address.") from error
    is_never = any(parsed in network for network in _NEVER) or "%" in str(address)
    is_private = any(parsed in network for network in _PRIVATE)
    if is_private and allow_private and not is_never:
        return
    if is_private or is_never or (parsed.version == 6 and not _is_plain_global(parsed)):
        raise OutgoingRefused("This leads to a private or special address, which cannot be fetched.")


def _is_plain_global(address: ipaddress.IPv6Address) -> bool:
    interface = int(address) >> 32 & 0xFFFF_FFFF
    return address in _GLOBAL_V6 and interface not in (0x0000_5EFE, 0x0200_5EFE)
