"""Form of Settings → Targets: for each priority a number and its unit, of the first answer and of the resolution."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from core import targets
from core.targets import ANSWER, RESOLUTION, Targets
from models.conversations import Priority
from web.forms import PlainForm, WholeOrEmpty

_PROBLEM = "Write a whole number, or leave it empty."
_UNITS = {1: "minutes", 60: "hours", 1_440: "days"}


class TargetsForm(PlainForm):
    """An empty number is no target."""

    is_on = BooleanField("Show how soon each customer should be answered, and say when it is late")
    counted = RadioField(
        "What counts",
        choices=[
            SelectChoice("hours", "Only your business hours: what comes in at night is due the next morning"),
            SelectChoice("always", "All the time, nights and holidays too"),
        ],
        validators=[InputRequired("Choose one of the two.")],
    )

    @classmethod
    def of(cls, kept: Targets) -> Any:
        """With what holds."""
        told: dict[str, Any] = {"is_on": kept.is_on, "counted": "hours" if kept.in_business_hours else "always"}
        for what, minutes_by in ((ANSWER, kept.answer), (RESOLUTION, kept.resolution)):
            for priority, minutes in minutes_by.items():
                number, unit = _in_words(minutes)
                told |= {_name(what, priority): number, f"{_name(what, priority)}_unit": unit}
        return cls(formdata=None, data=told)

    def number_of(self, what: str, priority: Priority) -> Any:
        return self[_name(what, priority)]

    def unit_of(self, what: str, priority: Priority) -> Any:
        return self[f"{_name(what, priority)}_unit"]

    @property
    def targets(self) -> Targets:
        """What was written."""
        return Targets(
            is_on=bool(self.is_on.data),
            in_business_hours=self.counted.data == "hours",
            answer=self._minutes(ANSWER),
            resolution=self._minutes(RESOLUTION),
        )

    def _minutes(self, what: str) -> Mapping[Priority, int | None]:
        return {
            priority: number * self.unit_of(what, priority).data
            if (number := self.number_of(what, priority).data) is not None
            else None
            for priority in Priority
        }


def _name(what: str, priority: Priority) -> str:
    return f"{what}_{priority.value}"


def _in_words(minutes: int | None) -> tuple[int | None, int]:
    """The largest unit of which it is a whole number."""
    unit = next((unit for unit in sorted(_UNITS, reverse=True) if minutes and minutes % unit == 0), 1)
    return (minutes // unit if minutes else None), unit


for _what in (ANSWER, RESOLUTION):
    for _priority in Priority:
        _validators = [WholeOrEmpty(_PROBLEM), NumberRange(1, targets.MOST_MINUTES, message=_PROBLEM)]
        setattr(TargetsForm, _name(_what, _priority), IntegerField("", validators=_validators))
        _units = [SelectChoice(unit, words) for unit, words in _UNITS.items()]
        setattr(TargetsForm, f"{_name(_what, _priority)}_unit", SelectField("", coerce=int, choices=_units))
