"""Patterns: which websites the owner of an agent allows."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from core.domains.hosts import normal_host, normal_name
from core.domains.idn import InvalidHost
from core.domains.origins import DEFAULT_PORTS, Origin

_LONGEST_PATTERN = 2048
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_PORT = re.compile(r"[1-9][0-9]{0,4}")


class InvalidPattern(ValueError):
    """This text names no website; the message is a sentence that a shop owner can read."""


@dataclass(frozen=True)
class Pattern:
    """`[scheme://] host [:port]`; what is not given is not restricted.

    `https://example.com` therefore allows every port, and `example.com:8443` both schemes. `str()` is the
    canonical text that is saved; two spellings of one pattern are equal.
    """

    host: str
    """A name in A-labels, an address, or `*` alone for every host."""
    scheme: str | None = None
    port: int | None = None
    wildcard: bool = False
    """Whether only the subdomains of the host are meant (`*.example.com`), at any depth."""

    def __str__(self) -> str:
        scheme = f"{self.scheme}://" if self.scheme else ""
        port = f":{self.port}" if self.port else ""
        return f"{scheme}{self.host_text}{port}"

    @property
    def host_text(self) -> str:
        """The host as it is written in the pattern."""
        return f"*.{self.host}" if self.wildcard else self.host

    @property
    def is_any_host(self) -> bool:
        """Whether the pattern allows every host (`*`)."""
        return self.host == "*"

    def allows(self, origin: Origin) -> bool:
        """Whether pages of this origin may embed the agent."""
        if self.scheme not in {None, origin.scheme} or self.port not in {None, origin.port}:
            return False
        return self.allows_host(origin.host)

    def covers(self, other: "Pattern") -> bool:
        """Whether everything that the other pattern allows is allowed by this one, too."""
        if self.scheme not in {None, other.scheme} or self.port not in {None, other.port}:
            return False
        if self.is_any_host or self.host_text == other.host_text:
            return True
        return self.wildcard and other.host.endswith(f".{self.host}")

    def allows_host(self, host: str) -> bool:
        """Whether this host, in its comparable spelling, is the one meant or below it."""
        if self.is_any_host:
            return True
        return host.endswith(f".{self.host}") if self.wildcard else host == self.host


def parse_pattern(text: object) -> Pattern:
    """Read a pattern as an owner types it or as it was saved.

    Args:
        text: `[http:// | https://] host [:port]` without surrounding space; host is `*`, `*.` and a name, a
            name, an IPv4 literal or a bracketed IPv6 literal.
    Returns:
        The pattern, with its host in A-labels.
    Raises:
        InvalidPattern: it is anything else, or a wildcard right above a public suffix; the text says what to mend.
    Source: design.md 5.2; publicsuffix.org, where an unknown top label counts as a suffix (rule `*`).
    """
    if not isinstance(text, str) or not text:
        raise InvalidPattern("Write the address of a website, for example example.com.")
    if len(text) > _LONGEST_PATTERN:
        raise InvalidPattern("This is too long for the address of a website.")
    if re.search(r"\s", text):
        raise InvalidPattern("Take out the spaces, and write one website at a time, for example example.com.")
    return _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Pattern:
    scheme, place = _split_scheme(text)
    _refuse_more_than_a_website(place)
    found = _HOST_AND_PORT.fullmatch(place)
    if found is None or not found[1]:
        raise InvalidPattern(
            "Write a name such as example.com, an address such as 192.0.2.1, or an IPv6 address in brackets"
            " such as [2001:db8::1]."
        )
    port = _read_port(found[2]) if found[2] is not None else None
    return _pattern(found[1], scheme, port)


def _split_scheme(text: str) -> tuple[str | None, str]:
    found = _SCHEME.match(text)
    if not found:
        return None, text
    scheme = found[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise InvalidPattern("Only websites that start with http:// or https:// can show the chat.")
    return scheme, text[found.end() :]


def _refuse_more_than_a_website(place: str) -> None:
    website = re.split(r"[/\\?#]", place.rpartition("@")[2], maxsplit=1)[0]
    if website == place:
        return
    try:
        advice = f" Write {_parse(website)}." if website else " Write it like example.com."
    except InvalidPattern:
        advice = " Write it like example.com."
    raise InvalidPattern(f"Give only the website, with no page, user name or sign around it.{advice}")


def _read_port(text: str) -> int:
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise InvalidPattern(
            "After the colon comes a port from 1 to 65535, such as :8443. Leave both out to allow every port."
        )
    return int(text)


def _pattern(host: str, scheme: str | None, port: int | None) -> Pattern:
    if host == "*":
        return Pattern("*", scheme, port)
    wildcard = host.startswith("*.")
    if "*" in host.removeprefix("*."):
        raise InvalidPattern("A star stands alone or before the first dot, as in *.example.com.")
    if host.lower() == "null":
        raise InvalidPattern("Pages without an address of their own (“null”) cannot be allowed.")
    try:
        normal = normal_name(host[2:]) if wildcard else normal_host(host)
    except InvalidHost as refusal:
        reason = str(refusal)
    else:
        if wildcard:
            _refuse_public_suffix(normal)
        return Pattern(normal, scheme, port, wildcard)
    raise InvalidPattern(reason)


def is_public_suffix(name: str) -> bool:
    """Whether everybody may register a website right below this name (publicsuffix.org, private section included)."""
    return bool(_public_suffixes().is_public(name))


def is_registrable(name: str) -> bool:
    """Whether this is the name that somebody registers: one label above a public suffix, like `shop.co.uk`."""
    return _public_suffixes().privatesuffix(name) == name


def _refuse_public_suffix(name: str) -> None:
    if is_public_suffix(name):
        raise InvalidPattern(
            f"*.{name} would allow websites of everybody under {name}. Put your own name before it,"
            f" for example *.my-shop.{name}."
        )


@cache
def _public_suffixes() -> PublicSuffixList:
    """Read the bundled list when the first wildcard comes (50 ms)."""
    return PublicSuffixList()
