"""Form of when somebody takes conversations."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from core import availabilities
from core.widget_configs import DAYS, Hours
from core.widget_words import NAMES
from models.inbox import Availability
from web.forms import PlainForm

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CAPACITY = f"Write a whole number from 0 to {availabilities.MOST}."
_SPANS = ("", "again_")


class Day(Form):  # type: ignore[misc]
    """From when to when somebody works on one day, and once more after a break."""

    is_open = BooleanField()
    begins, ends = StringField(), StringField()
    again_begins, again_ends = StringField(), StringField()


class AvailabilityForm(PlainForm):
    capacity = IntegerField(
        "Conversations at once", validators=[InputRequired(_CAPACITY), NumberRange(0, availabilities.MOST, _CAPACITY)]
    )
    languages = SelectMultipleField("Languages", choices=[SelectChoice(code, name) for code, name in NAMES.items()])
    when = RadioField(
        "When",
        choices=[SelectChoice("always", "Whenever I am online"), SelectChoice("set", "Only in these hours")],
        validators=[InputRequired("Choose one of the two.")],
    )
    time_zone = StringField("Time zone", validators=[Length(max=60)])
    days = FieldList(FormField(Day), min_entries=len(DAYS), max_entries=len(DAYS))
    holidays = TextAreaField("Days off", validators=[Length(max=2_000)])

    hours: Hours
    """What was written, once it has been validated."""

    @classmethod
    def of(cls, availability: Availability) -> Any:
        """With what holds."""
        hours = availabilities.hours(availability)
        told = {
            "capacity": availability.capacity,
            "languages": list(availability.languages),
            "when": "set" if hours.is_on else "always",
            "time_zone": hours.time_zone,
            "days": [_values_of_day(hours.days[day]) for day in DAYS],
            "holidays": "\n".join(hours.holidays),
        }
        return cls(formdata=None, data=told)

    def validate(self, *arguments: Any, **options: Any) -> bool:
        is_valid = bool(super().validate(*arguments, **options))
        self.hours, problems = availabilities.check_hours(self._settings())
        if self.when.data == "set":
            self.time_zone.errors = [*self.time_zone.errors, *_told(problems, "hours.time_zone")]
            self.holidays.errors = [*self.holidays.errors, *_told(problems, "hours.holidays")]
            for name, entry in zip(DAYS, self.days.entries, strict=True):
                entry.form.form_errors.extend(_told(problems, f"hours.days.{name}"))
        return is_valid and (self.when.data != "set" or not problems)

    def _settings(self) -> dict[str, Any]:
        holidays = (self.holidays.data or "").replace(",", "\n").splitlines()
        return {
            "is_on": self.when.data == "set",
            "time_zone": (self.time_zone.data or "UTC").strip(),
            "days": {day: _spans(row) for day, row in zip(DAYS, self.days.data, strict=True)},
            "holidays": [line.strip() for line in holidays if line.strip()],
        }


def _spans(row: Mapping[str, Any]) -> list[list[str]]:
    if not row["is_open"]:
        return []
    found = [[(row[f"{prefix}begins"] or "").strip(), (row[f"{prefix}ends"] or "").strip()] for prefix in _SPANS]
    return [span for span in found if any(span)]


def _values_of_day(spans: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    # Who opens a closed day finds times to begin with.
    shown = spans or (("09:00", "17:00"),)
    values: dict[str, Any] = {"is_open": bool(spans)}
    for prefix, (begins, ends) in zip(_SPANS, shown, strict=False):
        values |= {f"{prefix}begins": begins, f"{prefix}ends": ends}
    return values


def _told(problems: Mapping[str, str], name: str) -> list[str]:
    return [problems[name]] if name in problems else []
