"""E-mail addresses."""

import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading

_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w@])"
# The look-behind lets the search pass over a long word once, instead of from each of its letters.
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?P<address>(?:\"[^\"\s]{{1,64}}\"|[\w+][\w.+'%~!-]{{0,63}}+)@{_DOMAIN})", re.IGNORECASE
)
_IN_WORDS = re.compile(
    r"(?<![\w.+-])(?P<address>[\w.+-]{1,64}+ ?[\[({] ?(?:at|ät|@|arroba|chez) ?[\])}] ?"
    r"[\w-]{1,63}(?: ?(?:\.|[\[({] ?(?:dot|punkt|point|punto|\.) ?[\])}]) ?[\w-]{2,63}){1,4}"
    r"|(?<![\w.+-])[\w.+-]{1,64}+ at [\w-]{1,63} dot [a-z]{2,10}(?!\w))",
    re.IGNORECASE,
)
_FILE = re.compile(r"@[23]x\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)


def find_emails(reading: Reading) -> Iterator[Finding]:
    """Find addresses, also those that are written around, as in `jo (at) shop.example`."""
    text = reading.text
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if not _FILE.search(match["address"]):
                yield Finding(*match.span("address"), "email")
    for match in _IN_WORDS.finditer(text):
        yield Finding(*match.span("address"), "email")
