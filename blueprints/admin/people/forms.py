"""Forms of the page about people."""

import math
from typing import Any

from wtforms import BooleanField, FloatField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from core import handoff_rules, remembering
from core.handoff_rules import HandoffRules
from core.remembering import MemorySettings
from web.forms import PlainForm, WholeOrEmpty, told_at_the_field

_AMOUNT = "Write an amount greater than nothing, or leave the field empty."
_WAITING = "Write a whole number from 1 to 1,000, or leave the field empty."
_DAYS = {30: "a month", 90: "three months", 180: "half a year", 365: "a year", 730: "two years"}


def _minutes(count: int) -> str:
    if count == handoff_rules.MEASURED:
        return "as fast as they did lately"
    if not count:
        return "Say nothing of the time"
    return f"within {count} minutes" if count < 60 else f"within {count // 60} hour{'s' if count > 60 else ''}"


class HandoffForm(PlainForm):
    """When a person is fetched, and what is said then."""

    angry = BooleanField("Somebody sounds upset")
    unanswered = SelectField(
        "Questions in a row without an answer",
        coerce=int,
        choices=[SelectChoice(0, "never for that"), *(SelectChoice(n, str(n)) for n in range(1, 11))],
    )
    topics = TextAreaField("Subjects, one a line", validators=[Length(max=3_000)])
    value = FloatField("Worth of the cart", validators=[Optional()])
    minutes = SelectField(
        "People usually answer", coerce=int, choices=[SelectChoice(n, _minutes(n)) for n in handoff_rules.MINUTES]
    )
    most_waiting = IntegerField(
        "Most customers waiting at once", validators=[WholeOrEmpty(_WAITING), NumberRange(1, 1_000, message=_WAITING)]
    )
    is_away = BooleanField("Nobody is there for now")

    @classmethod
    def of(cls, rules: HandoffRules) -> Any:
        """With what holds."""
        told = {
            "angry": rules.angry,
            "unanswered": rules.unanswered,
            "topics": "\n".join(rules.topics),
            "value": rules.value,
            "minutes": rules.minutes,
            "most_waiting": rules.most_waiting or None,
            "is_away": rules.is_away,
        }
        return cls(formdata=None, data=told)

    def validate_topics(self, field: TextAreaField) -> None:
        with told_at_the_field():
            handoff_rules.checked_topics((field.data or "").splitlines())

    def validate_value(self, field: FloatField) -> None:
        if field.process_errors:
            # In our words alone.
            field.errors = []
            raise ValidationError(_AMOUNT)
        with told_at_the_field():
            handoff_rules.check_value(field.data)

    @property
    def rules(self) -> HandoffRules:
        return HandoffRules(
            angry=self.angry.data,
            unanswered=self.unanswered.data,
            topics=tuple((self.topics.data or "").splitlines()),
            value=self.value.data,
            minutes=self.minutes.data,
            most_waiting=self.most_waiting.data or 0,
            is_away=self.is_away.data,
        )

    @property
    def amount(self) -> str:
        """The worth as one would type it."""
        typed = self.value.raw_data[0] if self.value.raw_data else ""
        if typed or self.value.data is None or not math.isfinite(self.value.data):
            return str(typed)
        return f"{self.value.data:g}" if self.value.data < 1e6 else f"{self.value.data:.2f}"


class MemoryForm(PlainForm):
    """What is remembered, and for how long."""

    is_on = BooleanField("Remember what customers ask to have remembered, and use it next time")
    by_model = BooleanField("A language model may also note what customers say of themselves")
    days = SelectField(
        "Keep it for", coerce=int, choices=[SelectChoice(days, _DAYS[days]) for days in remembering.DAYS]
    )

    @classmethod
    def of(cls, settings: MemorySettings) -> Any:
        """With what holds."""
        return cls(formdata=None, obj=settings)

    @property
    def settings(self) -> MemorySettings:
        return MemorySettings(self.is_on.data, self.by_model.data, self.days.data)
