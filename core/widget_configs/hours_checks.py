"""Reads when people of a business are there."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from core.widget_configs.parts import DAYS, Hours
from core.widget_configs.reading import Reader

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_MOST_SPANS = 4
_MOST_HOLIDAYS = 100


def hours_of(reader: Reader, base: Hours) -> Hours:
    """The business hours."""
    part = reader.part("hours")
    return Hours(
        is_on=part.switch("is_on", base.is_on),
        time_zone=_time_zone(part, base.time_zone),
        days=_days(part, base.days),
        holidays=_holidays(part, base.holidays),
        away=part.text("away", base.away, longest=300, what="sentence", lines=True),
    )


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; looked for once, as that reads every file of theirs."""
    return frozenset(available_timezones())


def _time_zone(part: Reader, base: str) -> str:
    value = part.raw("time_zone")
    if value is None:
        return base
    if not isinstance(value, str) or value not in time_zones():
        part.refuse("time_zone", "Choose a time zone, such as Europe/Berlin.")
        return base
    return value


def _days(part: Reader, base: Mapping[str, tuple[tuple[str, str], ...]]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    days = part.part("days")
    return {day: _spans(days, day, base[day]) for day in DAYS}


def _spans(days: Reader, day: str, base: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    value = days.raw(day)
    if value is None:
        return base
    if not isinstance(value, list | tuple) or len(value) > _MOST_SPANS or not all(map(_is_span, value)):
        days.refuse(day, "Write times like 09:00 and 17:30, the earlier one first.")
        return base
    spans = sorted((str(begins), str(ends)) for begins, ends in value)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        days.refuse(day, "Two of these times overlap.")
        return base
    return tuple(spans)


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(time, str) and _TIME.fullmatch(time) for time in value)
        and value[0] < value[1]
    )


def _holidays(part: Reader, base: tuple[str, ...]) -> tuple[str, ...]:
    holidays = part.texts("holidays", base, most=_MOST_HOLIDAYS, longest=10, what="days off")
    wrong = next((day for day in holidays if not _is_day(day)), None)
    if wrong is not None:
        part.refuse("holidays", f"Write days off like 2026-12-24, or 12-25 for every year; {wrong} is neither.")
        return base
    return tuple(sorted(holidays))


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"(\d{4}-)?\d\d-\d\d", text):
        return False
    try:
        date.fromisoformat(text if len(text) == 10 else f"2024-{text}")
    except ValueError:
        return False
    return True
