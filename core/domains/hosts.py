"""Hosts in the one spelling in which they are compared: A-labels, dotted IPv4, bracketed IPv6."""

import ipaddress
import re

from core.domains.idn import InvalidHost, to_ascii

# Underscores are no LDH characters, yet names of real websites carry them. A label neither starts nor
# ends with a hyphen (RFC 1123 2.1); hyphens in the third and fourth place are in use (r3---sn.example).
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def normal_host(text: str) -> str:
    """Bring a host from a pattern or an Origin header into its comparable spelling.

    Args:
        text: a name, a dotted-quad IPv4 literal or a bracketed IPv6 literal, without scheme and port.
    Returns:
        The name as A-labels in lower case, or the address in its canonical form.
    Raises:
        InvalidHost: it is none of these; the text says why in plain words.
    Source: UTS 46 (non-transitional), RFC 1034 and 1123 for lengths and hyphens, RFC 4291 and 5952 for IPv6.
    """
    if text.startswith("["):
        return normal_ipv6(text)
    return text if _is_dotted_quad(text) else normal_name(text)


def normal_name(text: str) -> str:
    """Bring a host name into A-labels, refusing whatever is no name."""
    name = to_ascii(text)
    check_name(name)
    return name


def check_name(name: str) -> None:
    """Refuse a lower-case ASCII name that cannot be the name of a website."""
    if name.endswith("."):
        raise InvalidHost("Leave out the dot at the end.")
    labels = name.split(".")
    if "" in labels:
        raise InvalidHost("There is a dot too many.")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidHost("A website name has only letters, digits, hyphens inside words, and dots.")
    if len(name) > 253 or any(len(label) > 63 for label in labels):
        raise InvalidHost("This name is too long: at most 63 characters between dots and 253 in all.")
    if ends_in_number(name):
        raise InvalidHost("A name does not end in a number, and an address has four numbers from 0 to 255.")


def ends_in_number(name: str) -> bool:
    """Whether a URL parser would take this name for an IPv4 address (WHATWG URL, 3.5)."""
    return bool(_NUMBER.fullmatch(name.removesuffix(".").rpartition(".")[2]))


def normal_ipv6(text: str) -> str:
    """Spell a bracketed IPv6 literal as RFC 5952 does, but an IPv4-mapped one without dots, as URLs do."""
    if not re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", text):
        raise InvalidHost("An IPv6 address looks like [2001:db8::1], in brackets and without a zone.")
    try:
        address = ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        address = None
    if address is None:
        raise InvalidHost("This IPv6 address is not complete or has a wrong part.")
    if address.ipv4_mapped is not None:
        low = int(address.ipv4_mapped)
        return f"[::ffff:{low >> 16:x}:{low & 0xFFFF:x}]"
    return f"[{address.compressed}]"


def read_ipv4(text: str) -> str:
    """Read an IPv4 address as URL parsers do: 1 to 4 numbers, decimal, octal or hexadecimal.

    Args:
        text: lower-case ASCII for which `ends_in_number` holds.
    Raises:
        InvalidHost: the numbers are no address.
    Source: WHATWG URL, 3.5, IPv4 parser.
    """
    numbers = [_ipv4_number(part) for part in text.removesuffix(".").split(".")]
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
        raise InvalidHost("This is no IPv4 address.")
    if numbers[-1] >= 256 ** (5 - len(numbers)):
        raise InvalidHost("This is no IPv4 address.")
    high = sum(number << (8 * (3 - place)) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(high + numbers[-1]))


def _ipv4_number(part: str) -> int:
    if re.fullmatch(r"0x[0-9a-f]*", part):
        return int(part[2:] or "0", 16)
    if re.fullmatch(r"0[0-7]+", part):
        return int(part, 8)
    if re.fullmatch(r"0|[1-9][0-9]*", part):
        return int(part)
    raise InvalidHost("This is no IPv4 address.")


def _is_dotted_quad(text: str) -> bool:
    try:
        return text.isascii() and str(ipaddress.IPv4Address(text)) == text
    except ValueError:
        return False
