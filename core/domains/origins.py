"""Origins: what a browser says about the page that embeds us."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from core.domains.hosts import check_name, ends_in_number, normal_host, normal_ipv6, read_ipv4
from core.domains.idn import InvalidHost, to_ascii

DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_ORIGIN = 2048
# Letters are spelled out because case-insensitive matching would also take ſ (U+017F) for an s.
_SCHEME = r"([Hh][Tt][Tt][Pp][Ss]?)"
_ORIGIN = re.compile(_SCHEME + r"://(\[[^\[\]]*\]|[^:\[\]]+)(?::([1-9][0-9]{0,4}))?")
_URL = re.compile(_SCHEME + r":[/\\]*([^/\\?#]*)")
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(?::([0-9]*))?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_C0_CONTROLS_AND_SPACE = "".join(map(chr, range(0x21)))
_WITHOUT_TABS_AND_NEWLINES = dict.fromkeys(map(ord, "\t\n\r"))


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of an http(s) page, in comparable spelling."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Serialise as browsers do: a default port is left out (RFC 6454, 6.2)."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def read_origin(header: object) -> Origin | None:
    """Read an Origin header: scheme, host, perhaps a port, and nothing more (RFC 6454, 7.1).

    Scheme and host are compared without regard to case (RFC 6454, 4). A port has no leading zero and lies
    between 1 and 65535, as browsers write it; they cannot load a page from port 0.
    """
    if not isinstance(header, str) or len(header) > _LONGEST_ORIGIN:
        return None
    return _read(header)


# The same few websites are named with each message.
@lru_cache(maxsize=1_000)
def _read(header: str) -> Origin | None:
    found = _ORIGIN.fullmatch(header)
    if found is None:
        return None
    scheme, host, port = found.groups()
    try:
        return _origin(scheme, normal_host(host), int(port) if port else None)
    except InvalidHost:
        return None


def origin_of(url: object) -> Origin | None:
    """Tell the origin of a page by its address, for example of a Referer header.

    Returns:
        The origin; None where the WHATWG URL parser fails, the scheme is not http(s), or the host is none that
        a pattern could name (such as one with a trailing dot).
    Source: WHATWG URL, 4.4 (basic URL parser with no base) and 3.5 (host parser).
    """
    if not isinstance(url, str) or _SURROGATE.search(url):
        return None
    cleaned = url.strip(_C0_CONTROLS_AND_SPACE).translate(_WITHOUT_TABS_AND_NEWLINES)
    found = _URL.match(cleaned)
    # The user's name may hold @ as well; only what follows the last one is the host.
    place = found and _HOST_AND_PORT.fullmatch(found[2].rpartition("@")[2])
    if not found or not place:
        return None
    try:
        return _origin(found[1], _url_host(place[1]), _url_port(place[2]))
    except InvalidHost:
        return None


def _url_host(text: str) -> str:
    if text.startswith("["):
        return normal_ipv6(text)
    if len(text) > 4 * _LONGEST_ORIGIN:
        raise InvalidHost("This name is too long.")
    name = to_ascii(unquote_to_bytes(text).decode("utf-8", errors="replace"))
    if ends_in_number(name):
        return read_ipv4(name)
    check_name(name)
    return name


def _url_port(digits: str | None) -> int | None:
    """Read the digits after a colon; a URL may have leading zeros there, or none at all."""
    return int(digits.lstrip("0")[:6] or "0") if digits else None


def _origin(scheme: str, host: str, port: int | None) -> Origin | None:
    scheme = scheme.lower()
    port = DEFAULT_PORTS[scheme] if port is None else port
    return Origin(scheme, host, port) if 1 <= port <= 65535 else None
