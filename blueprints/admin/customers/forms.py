"""What teammates type about customers."""

from typing import Any

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from blueprints.admin.customers.words import KEPT
from core import memory
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
