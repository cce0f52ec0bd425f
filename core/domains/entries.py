"""Reads what people paste when they are asked for their websites."""

import re
from dataclasses import dataclass

from core.domains.origins import DEFAULT_PORTS, Origin, origin_of
from core.domains.patterns import InvalidPattern, Pattern, parse_pattern

_BETWEEN = re.compile(r"[\s,;]+")
_AROUND = "\"'“”‘’«»<>()"
_PAGE = re.compile(r"(?:https?://)?(?P<website>[^/\\?#@]+)[/?#].*", re.IGNORECASE | re.DOTALL)
MOST_ENTRIES = 100


@dataclass(frozen=True)
class Entry:
    """One website that somebody wrote."""

    text: str
    pattern: Pattern | None
    problem: str = ""
    """What to mend, when it cannot be read."""
    is_page: bool = False
    """Whether it was the address of a page, which stands for its whole website."""


def read_entries(text: str) -> list[Entry]:
    """Read websites with spaces, commas, semicolons or lines between them, each once.

    A pattern is taken as it is (`https://shop.com` stays by https only). The address of a page, as browsers copy
    it, stands for its website by http and https: what came behind the name is left out.
    """
    pieces = (piece.strip(_AROUND) for piece in _BETWEEN.split(text))
    entries = [_read(piece) for piece in dict.fromkeys(piece for piece in pieces if piece)]
    return entries[: MOST_ENTRIES + 1]


def read_page(address: str) -> Origin | None:
    """Tell the website of a page as somebody writes it, `https://` added when it was left out."""
    address = address.strip()
    return origin_of(address if "://" in address else f"https://{address}")


def _read(piece: str) -> Entry:
    try:
        return Entry(piece, parse_pattern(piece))
    except InvalidPattern as refusal:
        problem = str(refusal)
    pattern = _website_of(piece)
    return Entry(piece, pattern, is_page=True) if pattern else Entry(piece, None, problem)


def _website_of(page: str) -> Pattern | None:
    found = _PAGE.fullmatch(page)
    for website in (found and found["website"], _of_url(page)):
        try:
            return parse_pattern(website)
        except InvalidPattern:
            continue
    return None


def _of_url(page: str) -> str | None:
    """What a browser reads in an address that is written in some odd way, such as with an escaped letter."""
    origin = read_page(page) if "@" not in page and "\\" not in page else None
    if origin is None:
        return None
    return origin.host if origin.port in DEFAULT_PORTS.values() else f"{origin.host}:{origin.port}"
