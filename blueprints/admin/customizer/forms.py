"""The look as the customizer's form sends it. What the values mean is checked by `core.widget_configs`."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from core.widget_configs import MOST_QUESTIONS, WidgetConfig
from web.fragments import is_partial

_COUNT = NumberRange(0, 2**31 - 1)


class LookForm(FlaskForm):  # type: ignore[misc]
    revision = IntegerField(validators=[InputRequired(), _COUNT])
    over = IntegerField(validators=[Optional(), _COUNT])
    name = StringField("Name")
    greeting = TextAreaField("Greeting")
    question = FieldList(StringField(), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)
    accent = StringField("Accent colour")
    proposed_accent = StringField()
    scheme = StringField("Light or dark")
    position = StringField("Corner")
    icon = StringField("Icon")
    text = StringField("Text beside the icon")

    def settings(self) -> dict[str, Any]:
        """What was sent, in the form of `WidgetConfig.as_settings`."""
        # With scripts the proposal is written into the field; htmx also sends a button that merely has the focus.
        proposed = None if is_partial() else self.proposed_accent.data
        return {
            "name": self.name.data,
            "greeting": self.greeting.data,
            "suggested_questions": [question or "" for question in self.question.data],
            "theme": {"accent": proposed or self.accent.data, "scheme": self.scheme.data},
            "position": self.position.data,
            "launcher": {"icon": self.icon.data, "text": self.text.data},
        }


def look_form(config: WidgetConfig, *, revision: int) -> LookForm:
    """The form with a look in it; what a post leaves out stays as it is there."""
    return LookForm(
        data={
            "revision": revision,
            "name": config.name,
            "greeting": config.greeting,
            "question": list(config.suggested_questions),
            "accent": config.theme.accent,
            "scheme": config.theme.scheme,
            "position": config.position,
            "icon": config.launcher.icon,
            "text": config.launcher.text,
        }
    )
