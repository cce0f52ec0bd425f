"""Addresses of machines."""

import ipaddress
import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading

_V4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,16})?(?![\w:]|\.\d)",
    re.IGNORECASE,
)
_MAC = re.compile(
    r"(?<![\w:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![\w:]|[.-]\w)",
    re.IGNORECASE,
)
_VERSION_BEFORE = re.compile(
    r"(?:(?<![^\W\d_])(?:v|ver|versions?|versión|versione|versão|versie|wersj[aię]|версия|release|build|firmware|driver"
    r"|treiber|update|patch|rev|revision|ios|android|chrome|firefox|safari|edge|windows|section|chapter|kapitel"
    r"|abschnitt|§)(?![^\W\d_])[ .:=\-a-z]{0,12}|[a-z]/|版本|バージョン|버전)[ :]{0,3}$",
    re.IGNORECASE,
)


def find_ips(reading: Reading) -> Iterator[Finding]:
    """Find IPv4 and IPv6 addresses, unless the words before them speak of a version."""
    text = reading.text
    for match in _V4.finditer(text):
        if _is_address(match[0]) and not _VERSION_BEFORE.search(text[max(0, match.start() - 32) : match.start()]):
            yield Finding(*match.span(), "ip")
    for match in _V6.finditer(text):
        # Without a digit it is more likely a name in a program (`a::b`).
        if re.search(r"\d", match[0]) and _is_address(match[0].partition("%")[0]):
            yield Finding(*match.span(), "ip")


def find_macs(reading: Reading) -> Iterator[Finding]:
    """Find hardware addresses, with colons, hyphens or dots."""
    text = reading.text
    for match in _MAC.finditer(text):
        yield Finding(*match.span(), "mac")


def _is_address(words: str) -> bool:
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return False
    return True
