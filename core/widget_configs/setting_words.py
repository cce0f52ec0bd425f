"""A single setting in words: what it is called, and what it says, in full."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.widget_configs.changes import name_of
from core.widget_configs.parts import Trigger
from core.widget_configs.trigger_words import described

_NAMES: Mapping[str, str] = {
    "suggested_questions": "First questions",
    "greetings": "Special greetings",
    "triggers": "Opens by itself",
    "custom_css_is_on": "Custom CSS switched on",
    "hours.is_on": "Business hours",
    "hours.time_zone": "Time zone of the business hours",
    "hours.holidays": "Days off",
    "hours.away": "What is said outside business hours",
    "pre_chat.is_on": "Form before the chat",
    "pre_chat.intro": "Introduction of the form before the chat",
    "pre_chat.fields": "Questions of the form before the chat",
    "consent.is_on": "Consent line",
    "consent.text": "Words of the consent line",
    "consent.link": "Address of the privacy policy",
    "consent.must_agree": "Whether customers have to agree",
}
_DAYS: Mapping[str, str] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_PICTURES = ("brand.avatar", "brand.logo", "launcher.image")


def named(key: str) -> str:
    """What a setting is called, by its path such as `theme.accent`."""
    first, *rest = key.split(".")
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("hours.days."):
        return f"Business hours on {_DAYS[rest[-1]]}"
    if first == "words":
        return f"Words in {rest[0]}: {rest[-1].replace('_', ' ')}"
    return name_of(rest[-1] if rest else first)


def in_words(key: str, value: Any) -> str:
    """What a setting says; of a style sheet how long it is, of a picture that there is one."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if key == "custom_css" and value:
        return f"{len(value.splitlines()):,} lines, {len(value):,} characters"
    if key in _PICTURES and value:
        return "a picture"
    if key.startswith("words.") and not value:
        return "the usual ones"
    if isinstance(value, list | tuple):
        return _rows(key, value) or ("never" if key == "triggers" else "nothing")
    return str(value if value is not None else "") or "nothing"


def _rows(key: str, rows: Sequence[Any]) -> str:
    if key == "triggers":
        return " · ".join(described(Trigger(**row)) for row in rows)
    if key.startswith("hours.days."):
        return ", ".join("–".join(span) for span in rows) or "closed"
    said = {"greetings": "text", "pre_chat.fields": "label"}.get(key)
    return " · ".join(row[said] if said else row for row in rows)
