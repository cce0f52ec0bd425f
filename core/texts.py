"""Text from outside, made fit to be stored and shown."""

import re

from core.errors import Invalid

# Control characters but tab and newline; PostgreSQL takes no NUL, and no screen shows the others.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Without control characters and half characters, with plain newlines, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text)).strip()


def clean_line(text: str) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text).split())


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
