"""The plural forms of whole numbers, as `Intl.PluralRules` tells them in the browser (CLDR)."""

from collections.abc import Callable, Mapping


def _one(count: int) -> str:
    return "one" if count == 1 else "other"


def _one_with_millions(count: int) -> str:
    if count == 1:
        return "one"
    return _millions(count)


def _none_or_one_with_millions(count: int) -> str:
    return "one" if count in (0, 1) else _millions(count)


def _millions(count: int) -> str:
    return "many" if count and count % 1_000_000 == 0 else "other"


def _polish(count: int) -> str:
    if count == 1:
        return "one"
    return "few" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "many"


def _arabic(count: int) -> str:
    if count < 3:
        return ("zero", "one", "two")[count]
    last = count % 100
    if 3 <= last <= 10:
        return "few"
    return "many" if last >= 11 else "other"


def _hebrew(count: int) -> str:
    return {1: "one", 2: "two"}.get(count, "other")


def _always(_count: int) -> str:
    return "other"


_RULES: Mapping[str, Callable[[int], str]] = {
    "en": _one,
    "de": _one,
    "fr": _none_or_one_with_millions,
    "es": _one_with_millions,
    "pt": _none_or_one_with_millions,
    "it": _one_with_millions,
    "nl": _one,
    "pl": _polish,
    "tr": _one,
    "ar": _arabic,
    "he": _hebrew,
    "ja": _always,
    "zh": _always,
}
_ONE_AND_OTHER = ("en", "de", "fr", "es", "pt", "it", "nl", "tr")
CATEGORIES: Mapping[str, tuple[str, ...]] = dict.fromkeys(_ONE_AND_OTHER, ("one", "other")) | {
    "pl": ("one", "few", "many", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "he": ("one", "two", "other"),
    "ja": ("other",),
    "zh": ("other",),
}
"""The forms that a counted text has in each language; where whole millions have one of their own, `other` serves."""


def category(language: str, count: int) -> str:
    """Which form a whole number takes in a language, like `one` or `few`."""
    return _RULES[language](abs(count))
