"""Forms of Settings → Privacy."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from blueprints.admin.privacy.words import CHOICES, ROLES, name
from core import conversations
from core.privacy import Kind
from core.privacy_settings import BOUNDS, Decisions, Handling, Retention
from core.texts import required_text
from models.teammates import Role
from web.forms import PlainForm, WholeOrEmpty, told_at_the_field


class HandlingForm(PlainForm):
    """One choice for each kind, and who may see what was kept encrypted."""

    revealed_to = SelectField(
        "Who may look at what was kept encrypted",
        choices=[SelectChoice(role.value, words) for role, words in ROLES.items()],
    )

    @classmethod
    def of(cls, decisions: Decisions) -> "HandlingForm":
        """With what holds."""
        chosen = {kind.value: decisions.handling[kind].value for kind in Kind}
        return cls(formdata=None, data=chosen | {"revealed_to": decisions.revealed_to.value})

    @property
    def handling(self) -> Mapping[Kind, Handling]:
        return {kind: Handling(self[kind.value].data) for kind in Kind}

    @property
    def role(self) -> Role:
        return Role(self.revealed_to.data)


for _kind in Kind:
    setattr(
        HandlingForm,
        _kind.value,
        SelectField(name(_kind), choices=[SelectChoice(choice.value, words) for choice, (words, _) in CHOICES.items()]),
    )


class TrialForm(PlainForm):
    text = TextAreaField("Write something a customer might write", validators=[InputRequired("Write something.")])

    def validate_text(self, field: TextAreaField) -> None:
        with told_at_the_field():
            field.data = required_text(field.data, name="The text", limit=conversations.MESSAGE_LIMIT)


def _days(name: str) -> Any:
    least, most = BOUNDS[name]
    problem = f"Write a whole number from {least} to {most:,}, or leave the field empty."
    return IntegerField("", validators=[WholeOrEmpty(problem), NumberRange(least, most, message=problem)])


class RetentionForm(PlainForm):
    """Numbers of days; an empty one is for ever."""

    conversation_days = _days("conversation_days")
    customer_days = _days("customer_days")
    event_days = _days("event_days")
    audit_days = _days("audit_days")
    note_days = _days("note_days")
    rating_days = _days("rating_days")
    delivery_days = _days("delivery_days")
    is_understood = BooleanField("Yes, delete them for ever")
    # The numbers that the question was asked about: with others, it is asked anew.
    asked_about = HiddenField()

    @classmethod
    def of(cls, retention: Retention) -> "RetentionForm":
        return cls(formdata=None, data=retention.as_json())

    @property
    def retention(self) -> Retention:
        return Retention(**{name: self[name].data for name in Retention().as_json()})

    @property
    def is_agreed(self) -> bool:
        # nosemgrep: secret-compared-in-parts - no secret: the days that the person has agreed to
        return bool(self.is_understood.data) and self.asked_about.data == self.signature

    @property
    def signature(self) -> str:
        return ",".join(str(days or "") for days in self.retention.as_json().values())
