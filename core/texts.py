"""Text from outside, made fit to be stored and shown."""

import re

from core.errors import Invalid

# Control characters but tab and newline; PostgreSQL takes no NUL, and no screen shows the others.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# What never ends is searched to the end of the page again and again by `html.parser` (CVE-2025-6069).
_COMMENTS = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKED = re.compile(r"<!\[[^>]*>?")
_ENDLESS_TAGS = re.compile(r"<[^>]{5000,}")


def clean(text: str) -> str:
    """Without control characters and half characters, with plain newlines, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text)).strip()


def clean_line(text: str) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text).split())


def shown_line(text: str) -> str:
    """As `clean_line`, without the signs that make words and figures read as what they are not."""
    return clean_line(_TURNS.sub("", text))


def required_text(value: object, *, name: str, limit: int) -> str:
    """A cleaned text of 1 to `limit` characters.

    Raises:
        Invalid: naming what is wrong with it.
    """
    if not isinstance(value, str):
        raise Invalid(f"{name} has to be a text.")
    # The limit is on what was sent: cleaning a text of any length would be work for an attacker to hand out.
    if len(value) > limit:
        raise Invalid(f"{name} is too long: at most {limit:,} characters.")
    text = clean(value)
    if not text:
        raise Invalid(f"{name} is empty.")
    return text


def html_to_read(page: bytes) -> str:
    """A stranger's page for `html.parser`, without comments, marked sections and tags without end.

    With them, a page made for it would keep the parser busy for hours; without, its time grows with the page alone.
    """
    text = _COMMENTS.sub("", page.decode("utf-8", "replace"))
    return _ENDLESS_TAGS.sub("", _MARKED.sub("", text))
