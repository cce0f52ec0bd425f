"""What the widget says."""

from typing import Any

from wtforms import FieldList, StringField, TextAreaField

from core.widget_configs import MOST_QUESTIONS, WidgetConfig

PROBLEMS = ("language", "own_language", "name", "greeting", "suggested_questions")


class Fields:
    language = StringField("Language of the chat")
    own_language = StringField("Your own texts are written in")
    name = StringField("Name")
    greeting = TextAreaField("Greeting")
    question = FieldList(StringField(), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)


def settings_of(form: Any) -> dict[str, Any]:
    return {
        "language": form.language.data,
        "own_language": form.own_language.data,
        "name": form.name.data,
        "greeting": form.greeting.data,
        "suggested_questions": [question or "" for question in form.question.data],
    }


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {
        "language": config.language,
        "own_language": config.own_language,
        "name": config.name,
        "greeting": config.greeting,
        "question": list(config.suggested_questions),
    }
