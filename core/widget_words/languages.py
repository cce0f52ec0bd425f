"""The languages that the widget speaks."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "tr": "Türkçe",
    "ar": "العربية",
    "he": "עברית",
    "ja": "日本語",
    "zh": "简体中文",
}
"""What each language calls itself, by its ISO 639-1 code."""
LANGUAGES = tuple(NAMES)
ENGLISH_NAMES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "tr": "Turkish",
    "ar": "Arabic",
    "he": "Hebrew",
    "ja": "Japanese",
    "zh": "Simplified Chinese",
}
"""What each language is called in English: for admins, and for language models."""
_RIGHT_TO_LEFT = frozenset({"ar", "he"})


def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language in _RIGHT_TO_LEFT
