"""When people of a business are there: in its own time zone, with days off, also where clocks are put forward."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.widget_configs.parts import DAYS, Hours

_FURTHEST = timedelta(days=400)
_FORTNIGHT = timedelta(days=14)
_DAY = timedelta(days=1)


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether people are there; always where no hours are set."""
    if not hours.is_on:
        return True
    return any(begins <= now < ends for begins, ends in _spans(hours, now, now))


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """When people are there next, in UTC.

    Returns:
        The first moment after `now` at which it opens; None where that is not within a year, or no hours are set.
    """
    if not hours.is_on:
        return None
    return next((begins for begins, _ends in _spans(hours, now, now + _FURTHEST) if begins > now), None)


def next_closing(hours: Hours, now: datetime) -> datetime | None:
    """When people go next, in UTC; None where that is not within a year, or no hours are set."""
    if not hours.is_on:
        return None
    return next((ends for _begins, ends in _spans(hours, now, now + _FURTHEST) if ends > now), None)


def turns(hours: Hours, begins: datetime, ends: datetime) -> list[datetime]:
    """Each moment between two at which it opens or closes, in their order."""
    if not hours.is_on:
        return []
    found = (moment for span in _spans(hours, begins, ends) for moment in span)
    return [moment for moment in found if begins < moment <= ends]


def after(hours: Hours, begins: datetime, span: timedelta) -> datetime:
    """When so much open time has passed since a moment, such as 30 minutes asked for just before it closes.

    Where it does not open for long enough within a year, time counts as it passes.
    """
    if not hours.is_on:
        return begins + span
    for furthest in (_FORTNIGHT, _FURTHEST):
        left = span
        for opens, closes in _spans(hours, begins, begins + furthest):
            counted = max(opens, begins)
            if closes - counted >= left:
                return counted + left
            left -= max(closes - counted, timedelta(0))
    return begins + span


def open_time(hours: Hours, begins: datetime, ends: datetime) -> timedelta:
    """For how long it is open between two moments."""
    if not hours.is_on:
        return ends - begins
    spans = ((max(opens, begins), min(closes, ends)) for opens, closes in _spans(hours, begins, ends))
    return sum((closes - opens for opens, closes in spans if closes > opens), timedelta(0))


def _spans(hours: Hours, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when it is open, around these two moments; spans that meet, over midnight too, are one."""
    zone = ZoneInfo(hours.time_zone)
    # A span that met yesterday's last one began then, and so on: two days are enough to know where this one ends.
    day, last = begins.astimezone(zone).date() - 2 * _DAY, ends.astimezone(zone).date() + 2 * _DAY
    found = list(_spans_of_days(hours, zone, day, last))
    merged: list[tuple[datetime, datetime]] = []
    for span in found:
        if merged and span[0] <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span[1]))
        else:
            merged.append(span)
    yield from merged


def _spans_of_days(hours: Hours, zone: ZoneInfo, day: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    while day <= last:
        if day.isoformat() not in hours.holidays and f"{day:%m-%d}" not in hours.holidays:
            for begins, ends in hours.days[DAYS[day.weekday()]]:
                span = _moment(day, begins, zone), _moment(day, ends, zone, is_end=True)
                # Within the hour that a spring night leaves out, nothing is left of a span.
                if span[0] < span[1]:
                    yield span
        day += _DAY


def _moment(day: date, clock: str, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """What a wall clock shows, in UTC.

    A time that comes twice in an autumn night begins with the first and ends with the second. One that a spring night
    leaves out is read by the clock before (RFC 5545, 3.3.5).
    """
    if clock == "24:00":
        return _moment(day + _DAY, "00:00", zone, is_end=is_end)
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    first = local.astimezone(UTC)
    return max(first, local.replace(fold=1).astimezone(UTC)) if is_end else first
