"""What a file is called, as far as customers can read something in it."""

import re

from core.texts import clean_line

# What people add to the names of files, at their end: `prices v3 final (2)`.
_EDITION = re.compile(
    r"[\s.,_(-]*(?:\bv\.?\s?\d+(?:\.\d+)*|\b(?:version|rev|revision)\s?\d+(?:\.\d+)*|\b(?:final|draft|copy)|\(\d+\))\)?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# What names the kind of a file, or comes from a camera, and nothing in it.
_NAMELESS = re.compile(
    r"docs?|documents?|documento|dokument|dosya|dsc|export|files?|images?|img|new|output|pages?|pdf|photo|pict|"
    r"scan|scanned|screenshot|sheet|tabelle|text|txt|unbenannt|unnamed|untitled|upload|wa",
    re.IGNORECASE,
)


def readable(title: str) -> str:
    """A title that may have been made of a file's name, as customers read it: `Prices 2026 v3` is Prices 2026.

    Returns:
        the title; nothing where it tells a customer nothing, as `Scan 0001` does.
    """
    words = clean_line(title)
    while words != (shorter := _EDITION.sub("", words)):
        words = shorter
    return words if any(not _NAMELESS.fullmatch(word) for word in _WORD.findall(words)) else ""
