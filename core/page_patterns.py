"""Patterns of a website's pages: `/pricing` is that page, `/blog/*` is `/blog` and every page under it."""

import re
from collections.abc import Iterable
from urllib.parse import quote

# What browsers leave as it is in `location.pathname` (path percent-encode set of WHATWG URL), and what is encoded.
_KEPT = "/:@!$&'()*+,;=~-._%[]|\\"
_HOST = re.compile(r"^(?:(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*|[^/?#]+\.[^/?#]+(?=/))", re.I)
_STAR_IN_THE_MIDDLE = "A * can only stand at the end, like /blog/*."
_STAR_ALONE = "Write the beginning of the address before the *, like /blog/*."


def problem_with(pattern: str) -> str:
    """What is wrong with a pattern that somebody wrote, as a sentence; empty when nothing is."""
    path = _path(pattern)
    if "*" in path[:-1]:
        return _STAR_IN_THE_MIDDLE
    return _STAR_ALONE if pattern.strip() == "*" else ""


def stem_of(pattern: str) -> str:
    """A pattern as browsers compare it (static/js/widget/pages.js).

    Args:
        pattern: as somebody wrote it; a whole address counts by its path, and small letters equal large ones.

    Returns:
        What the path of a page has to begin with once `/?` is put behind it: `/pricing/?`, `/blog/`.
    """
    path = _path(pattern).lower()
    return path[:-1] if path.endswith("*") else f"{path.rstrip('/')}/?"


def fits(stems: Iterable[str], address: str) -> bool:
    """Whether a page is one of those that these stems stand for.

    Args:
        address: its path, or the whole of its address.
    """
    path = f"{_path(address).lower().rstrip('/')}/?"
    return any(path.startswith(stem) for stem in stems)


def is_on(patterns: Iterable[str], address: str) -> bool:
    """Whether a page is one of those that somebody has written patterns for."""
    return fits(map(stem_of, patterns), address)


def sample_of(pattern: str) -> str:
    """A page that a pattern stands for; the first page of the website where there is none."""
    return _path(pattern).removesuffix("*") if pattern else "/"


def _path(address: str) -> str:
    """The path of an address, written as a browser's `location.pathname` tells it."""
    rest = _HOST.sub("", address.strip())
    path = quote(re.split(r"[?#]", rest, maxsplit=1)[0], safe=_KEPT)
    return path if path.startswith("/") else f"/{path}"
