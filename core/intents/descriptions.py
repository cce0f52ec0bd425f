"""Reads the description of something that a shop sells: plain where it is, else without its tags."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

_TAG = re.compile(r"<[^<>]{0,500}>")
_TAG_WITHIN_WORDS = re.compile(r"</?(?:a|b|em|i|span|strong|u)\b[^<>]{0,500}>", re.IGNORECASE)


def plain_of(told: Any) -> Any:
    """What a shop says of a product, in plain text as far as it can be had."""
    if not isinstance(told, Mapping):
        return told
    marked = told.get("html")
    plain = told.get("plain") or told.get("text") or told.get("markdown")
    if plain or not isinstance(marked, str):
        return plain
    return unescape(_TAG.sub(" ", _TAG_WITHIN_WORDS.sub("", marked[:4_000])))
