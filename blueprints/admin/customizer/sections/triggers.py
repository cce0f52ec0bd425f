"""When the chat greets or opens by itself, as sentences."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from wtforms import FieldList, Form, FormField, StringField

from blueprints.admin.customizer.sections import rows
from core.widget_configs import MOST_TRIGGERS, Trigger, WidgetConfig

PROBLEMS = ("triggers",)
KINDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "time": ("after a while on the page", {"after_seconds": "20"}),
    "scroll": ("after scrolling down", {"scrolled": "50"}),
    "leaving": ("when somebody is about to leave", {"on_exit": "1"}),
    "idle": ("when nothing moves", {"idle_seconds": "60"}),
    "event": ("at an event of your website", {"event": "added-to-cart"}),
    "value": ("when a number is reached, like the cart’s value", {"value": "cartValue", "at_least": "100"}),
    "page": ("on the second or a later page", {"nth_page": "3"}),
}
"""What a sentence can begin with: in words, and what stands in a new one."""
_FIELDS_OF: Mapping[str, str] = {
    "leaving": "on_exit",
    "event": "event",
    "value": "value",
    "scroll": "scrolled",
    "idle": "idle_seconds",
    "page": "nth_page",
    "time": "after_seconds",
}
"""By which a trigger with several conditions is named, the most telling one first."""
_SWITCHES = ("on_exit", "in_hours", "after_dismissal")
_CHOICES = {"does": "greet", "visitor": "any", "cap": "visit"}
_TEXTS = ("after_seconds", "scrolled", "idle_seconds", "event", "value", "at_least", "nth_page", "pages", "text")


class Row(Form):  # type: ignore[misc]
    kind = StringField()
    after_seconds = StringField()
    scrolled = StringField()
    on_exit = StringField()
    idle_seconds = StringField()
    event = StringField()
    value = StringField()
    at_least = StringField()
    nth_page = StringField()
    pages = StringField()
    visitor = StringField()
    in_hours = StringField()
    does = StringField()
    text = StringField()
    cap = StringField()
    after_dismissal = StringField()


class Fields:
    triggers = FieldList(FormField(Row), max_entries=MOST_TRIGGERS)
    has_triggers = StringField()
    new_trigger = StringField()


def arrange(form: Any) -> None:
    """Add, move or take away a trigger, where such a button was pressed."""
    kind = form.new_trigger.data if form.new_trigger.data in KINDS else "time"
    rows.arrange(form.triggers, form.arrange.data, name="triggers", blank=lambda: {"kind": kind, **KINDS[kind][1]})


def settings_of(form: Any) -> dict[str, Any]:
    if not form.has_triggers.data:
        return {}
    return {"triggers": [_settings_of_row(row) for row in form.triggers.data if any(map(row.get, _TEXTS + _SWITCHES))]}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"triggers": [_values_of_row(trigger) for trigger in config.triggers]}


def _settings_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return (
        {name: row[name] or "" for name in _TEXTS}
        | {name: bool(row[name]) for name in _SWITCHES}
        | {name: row[name] or usual for name, usual in _CHOICES.items()}
    )


def _values_of_row(trigger: Trigger) -> dict[str, Any]:
    values = asdict(trigger)
    shown = {name: "" if values[name] is None else str(values[name]) for name in (*_TEXTS, *_CHOICES)}
    shown["at_least"] = f"{trigger.at_least:g}" if trigger.value else ""
    switches = {name: "1" if values[name] else "" for name in _SWITCHES}
    kind = next((kind for kind, name in _FIELDS_OF.items() if values[name] not in (None, False, "")), "time")
    return shown | switches | {"kind": kind}
