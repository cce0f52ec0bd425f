"""When people of the business are there, and what is said when they are not."""

from collections.abc import Mapping
from typing import Any

from wtforms import FieldList, Form, FormField, StringField, TextAreaField

from core.widget_configs import DAYS, WidgetConfig

_SPANS = range(4)
PROBLEMS = ("hours.time_zone", *(f"hours.days.{day}" for day in DAYS), "hours.holidays", "hours.away")
_WEEKDAYS = slice(1, 5)


class Day(Form):  # type: ignore[misc]
    is_open = StringField()
    begins_0, ends_0 = StringField(), StringField()
    begins_1, ends_1 = StringField(), StringField()
    begins_2, ends_2 = StringField(), StringField()
    begins_3, ends_3 = StringField(), StringField()


class Fields:
    hours = StringField()
    has_hours = StringField()
    time_zone = StringField("Time zone")
    days = FieldList(FormField(Day), min_entries=len(DAYS), max_entries=len(DAYS))
    holidays = TextAreaField("Days off")
    away = TextAreaField("What is said outside these hours")


def arrange(form: Any) -> None:
    """Make the other weekdays as Monday is, where that button was pressed."""
    if form.arrange.data != "hours:copy":
        return
    monday = form.days[0].data
    for day in form.days.entries[_WEEKDAYS]:
        for name, value in monday.items():
            day.form[name].data = value


def settings_of(form: Any) -> dict[str, Any]:
    if not form.has_hours.data:
        return {}
    return {
        "hours": {
            "is_on": form.hours.data == "set",
            "time_zone": (form.time_zone.data or "UTC").strip(),
            "days": {day: _spans(row) for day, row in zip(DAYS, form.days.data, strict=True)},
            "holidays": [line.strip() for line in (form.holidays.data or "").replace(",", "\n").splitlines()],
            "away": form.away.data or "",
        }
    }


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {
        "hours": "set" if config.hours.is_on else "always",
        "time_zone": config.hours.time_zone,
        "days": [_values_of_day(config.hours.days[day]) for day in DAYS],
        "holidays": "\n".join(config.hours.holidays),
        "away": config.hours.away,
    }


def _spans(row: Mapping[str, Any]) -> list[list[str]]:
    if not row["is_open"]:
        return []
    found = [[(row[f"begins_{place}"] or "").strip(), (row[f"ends_{place}"] or "").strip()] for place in _SPANS]
    return [span for span in found if any(span)]


def _values_of_day(spans: tuple[tuple[str, str], ...]) -> dict[str, str]:
    # Who opens a closed day finds times to begin with.
    shown = spans or (("09:00", "17:00"),)
    values = {"is_open": "1" if spans else ""}
    for place, (begins, ends) in enumerate(shown):
        values |= {f"begins_{place}": begins, f"ends_{place}": ends}
    return values
