"""What the widget says."""

from typing import Any

from wtforms import FieldList, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from core.widget_configs import MOST_QUESTIONS, WidgetConfig
from core.widget_words import NAMES

PROBLEMS = ("language", "own_language", "name", "greeting", "suggested_questions")


_LANGUAGES = [SelectChoice(language, name) for language, name in NAMES.items()]
_CHOSEN = [
    SelectChoice("page", "As the page says, else as the browser prefers"),
    SelectChoice("browser", "As the visitor’s browser prefers"),
]


class Fields:
    language = SelectField("Language of the chat", choices=[*_CHOSEN, *_LANGUAGES], validate_choice=False)
    own_language = SelectField("Your own texts are written in", choices=_LANGUAGES, validate_choice=False)
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
