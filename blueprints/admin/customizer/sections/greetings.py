"""What is said instead of the usual greeting: to whom, where and when."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from wtforms import FieldList, Form, FormField, StringField, TextAreaField

from blueprints.admin.customizer.sections import rows
from core.widget_configs import MOST_GREETINGS, WidgetConfig

PROBLEMS = ("greetings",)


class Row(Form):  # type: ignore[misc]
    text = TextAreaField()
    visitor = StringField()
    pages = StringField()
    begins = StringField()
    ends = StringField()


class Fields:
    greetings = FieldList(FormField(Row), max_entries=MOST_GREETINGS)
    has_greetings = StringField()


def arrange(form: Any) -> None:
    """Add, move or take away a greeting, where such a button was pressed."""
    blank = {"text": "Good to see you again. How can I help?", "visitor": "returning"}
    rows.arrange(form.greetings, form.arrange.data, name="greetings", blank=lambda: blank)


def settings_of(form: Any) -> dict[str, Any]:
    if not form.has_greetings.data:
        return {}
    return {"greetings": [_settings_of_row(row) for row in form.greetings.data if any(row.values())]}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"greetings": [asdict(greeting) for greeting in config.greetings]}


def _settings_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value or "" for name, value in row.items()} | {"visitor": row["visitor"] or "any"}
