"""Addresses of machines."""

import ipaddress
import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading

_DOT = r"(?:\.|\[\.\]|\(\.\))"
_V4 = re.compile(rf"(?<![\w.-])\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?![\w-]|\.\d)")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,16})?(?![\w:]|\.\d)",
    re.IGNORECASE,
)
_MAC = re.compile(
    r"(?<![\w:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![\w:]|[.-]\w)"
    r"|(?<![^\W_])mac(?:[ -]?add?ress?e?)?(?: is| ist|:|=| no\.?)? ?"
    r"(?P<plain>[0-9a-f]{12}|[0-9a-f]{6}-[0-9a-f]{6})(?!\w)",
    re.IGNORECASE,
)
_VERSION_BEFORE = re.compile(
    r"(?:(?<![^\W\d_])(?:v|ver|versions?|versión|versione|versão|versie|wersj[aię]|версия|release|build|firmware|driver"
    r"|treiber|updat\w{1,3}|upgrad\w{1,3}|patch\w{0,2}|install\w{0,3}|rev|revision|ios|android|chrome|firefox"
    r"|safari|edge|windows|section|chapter|kapitel|abschnitt|§)(?![^\W\d_])[ .:=\-a-z]{0,12}"
    r"|[a-z]/|版本|バージョン|버전)[ :]{0,3}$",
    re.IGNORECASE,
)
_NEXT_VERSION = re.compile(r" ?(?:to|or|and|auf|zu|bis|oder|und|->|-|,|/) ?", re.IGNORECASE)
_MACHINE_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:on|at|ip|ips|address|adresse|server|host|router)[ :]{0,3}$", re.IGNORECASE
)
_VERSION_AFTER = re.compile(
    r"\)? (?:(?:is|was|ist) (?:the |my |our |die )?(?:latest |new |current )?)?"
    r"(?:version|firmware|build|release|update)(?![^\W_])"
    r"|\)? of (?:the|your|our|my) (?:app|software|firmware|driver|program|plugin|theme)(?![^\W_])",
    re.IGNORECASE,
)


def find_ips(reading: Reading) -> Iterator[Finding]:
    """Find IPv4 and IPv6 addresses (RFC 4291), unless the words around them speak of a version."""
    text = reading.text
    version_end = -1
    for match in _V4.finditer(text):
        start, end = match.span()
        is_next = 0 <= version_end <= start <= version_end + 8 and _NEXT_VERSION.fullmatch(text, version_end, start)
        if is_next or _is_version(text, start, end):
            version_end = end
        elif _is_v4(match[0]):
            yield Finding(start, end, "ip")
    for match in _V6.finditer(text):
        if _looks_like_v6(match[0]) and _is_v6(match[0].partition("%")[0]):
            yield Finding(*match.span(), "ip")


def find_macs(reading: Reading) -> Iterator[Finding]:
    """Find hardware addresses, with colons, hyphens or dots, and in one piece where they are called so."""
    text = reading.text
    for match in _MAC.finditer(text):
        yield Finding(*match.span("plain" if match["plain"] else 0), "mac")


def _is_version(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 32) : start]
    is_before = _VERSION_BEFORE.search(before) and not _MACHINE_BEFORE.search(before)
    return bool(is_before or _VERSION_AFTER.match(text, end))


def _is_v4(written: str) -> bool:
    # Leading zeros are a matter of taste here, which they are not for `ipaddress`.
    return all(int(number) <= 255 for number in re.findall(r"\d+", written))


def _looks_like_v6(written: str) -> bool:
    """Whether it is more than a name in a program (`a::b`) or a time."""
    return bool(re.search(r"\d|(?<!\w)[a-f]{4}(?!\w)", written, re.IGNORECASE))


def _is_v6(written: str) -> bool:
    try:
        ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return True
