"""What the widget says."""

from typing import Any

from wtforms import FieldList, StringField, TextAreaField

from core.widget_configs import MOST_QUESTIONS, WidgetConfig

PROBLEMS = ("name", "greeting", "suggested_questions")


class Fields:
    name = StringField("Name")
    greeting = TextAreaField("Greeting")
    question = FieldList(StringField(), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)


def settings_of(form: Any) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "greeting": form.greeting.data,
        "suggested_questions": [question or "" for question in form.question.data],
    }


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"name": config.name, "greeting": config.greeting, "question": list(config.suggested_questions)}
