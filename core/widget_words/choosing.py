"""Chooses the language in which the widget speaks to somebody."""

import re
from collections.abc import Iterator

from core.widget_words.languages import LANGUAGES

_LONGEST = 500
# Codes that were replaced, and languages whose readers read one of ours.
_SAME = {"iw": "he", "cmn": "zh"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$", re.IGNORECASE)


def language_for(
    setting: str, *, page_language: str | None, accept_language: str | None, own_language: str = "en"
) -> str:
    """The language to speak.

    Args:
        setting: `page` (as the page says, else as the browser prefers), `browser`, or a language that is fixed.
        page_language: a tag like `pt-BR`, as the page or its snippet says.
        accept_language: the browser's header of that name.
        own_language: what is left when nothing fits.

    Returns:
        One of `LANGUAGES`, whatever was sent.
    """
    if setting in LANGUAGES:
        return setting
    wanted = [*_preferred(accept_language or "")]
    if setting == "page" and page_language:
        wanted.insert(0, page_language)
    found = next((known for known in map(known_language, wanted) if known), None)
    return found or (own_language if own_language in LANGUAGES else "en")


def known_language(tag: str) -> str | None:
    """The language of ours that a tag like `zh-Hans-CN` or `iw` means, or None."""
    found = _TAG.match(tag.strip())
    if found is None:
        return None
    code = found[0].lower()
    code = _SAME.get(code, code)
    return code if code in LANGUAGES else None


def _preferred(header: str) -> Iterator[str]:
    """The tags of an Accept-Language header, the most wanted first."""
    tags = []
    for place, part in enumerate(header[:_LONGEST].split(",")):
        weight = _WEIGHT.search(part)
        wanted = float(weight[1]) if weight else 1.0
        if wanted > 0:
            tags.append((-wanted, place, part))
    return (part for _wanted, _place, part in sorted(tags))
