"""What the widget says, in each of its languages."""

from core.widget_words.choosing import known_language, language_for
from core.widget_words.languages import LANGUAGES, NAMES, is_rtl
from core.widget_words.places import flat, place_problem
from core.widget_words.plurals import CATEGORIES, category
from core.widget_words.refusals import refusal
from core.widget_words.words import OwnWords, Text, group, groups, owned, say, shipped, waiting_time

__all__ = [
    "CATEGORIES",
    "LANGUAGES",
    "NAMES",
    "OwnWords",
    "Text",
    "category",
    "flat",
    "group",
    "groups",
    "is_rtl",
    "known_language",
    "language_for",
    "owned",
    "place_problem",
    "refusal",
    "say",
    "shipped",
    "waiting_time",
]
