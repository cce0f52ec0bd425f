"""What teammates type about customers."""

from typing import Any

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp

from blueprints.admin.customers.words import KEPT
from core import conversations, memory
from core.texts import required_text
from web.forms import PlainForm, told_at_the_field


class FactForm(PlainForm):
    """Something to remember."""

    text = TextAreaField("Something to remember")

    def validate_text(self, field: TextAreaField) -> None:
        with told_at_the_field():
            field.data = required_text(field.data, name="What to remember", limit=memory.LONGEST)


class NewFactForm(FactForm):
    """Something to remember, and for how long."""

    days = SelectField(
        "Keep it", coerce=int, choices=[SelectChoice(days, name) for days, name in KEPT.items()], default=0
    )

    @classmethod
    def empty(cls) -> Any:
        return cls(formdata=None)


class FirstMessageForm(PlainForm):
    """What somebody is told who has not asked just now."""

    text = TextAreaField("Your message")
    # Made where it is typed: the same message sent twice begins one conversation.
    client_id = HiddenField(validators=[Optional(), Regexp(r"[A-Za-z0-9-]{8,64}\Z", message="Reload the page.")])

    def validate_text(self, field: TextAreaField) -> None:
        with told_at_the_field():
            field.data = required_text(field.data, name="Your message", limit=conversations.MESSAGE_LIMIT)
