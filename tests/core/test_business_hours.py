"""When people are there: days, spans, days off, and nights in which clocks are changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.business_hours import after, is_open, next_closing, next_opening, open_time, turns
from core.widget_configs import DAYS, Hours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(is_on=True, time_zone="Europe/Berlin")


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours_of(**days):
    return Hours(is_on=True, time_zone="Europe/Berlin", days={day: days.get(day, ()) for day in DAYS})


def test_without_hours_people_are_always_there():
    assert is_open(Hours(), at("2026-11-22 03:00"))
    assert next_opening(Hours(), at("2026-11-22 03:00")) is None
    assert turns(Hours(), at("2026-11-22 03:00"), at("2026-12-22 03:00")) == []


@pytest.mark.parametrize(
    ("moment", "is_there", "opens"),
    [
        ("2026-11-20 08:59:59", False, "2026-11-20 09:00"),
        ("2026-11-20 09:00", True, "2026-11-23 09:00"),
        ("2026-11-20 16:59:59", True, "2026-11-23 09:00"),
        ("2026-11-20 17:00", False, "2026-11-23 09:00"),
        ("2026-11-22 12:00", False, "2026-11-23 09:00"),
    ],
)
def test_an_office_is_open_on_weekdays(moment, is_there, opens):
    assert is_open(OFFICE, at(moment)) is is_there
    assert next_opening(OFFICE, at(moment)) == at(opens)


def test_a_lunch_break_closes_for_an_hour():
    hours = hours_of(mon=(("09:00", "12:00"), ("13:00", "17:00")))
    assert not is_open(hours, at("2026-11-23 12:30"))
    assert next_opening(hours, at("2026-11-23 12:30")) == at("2026-11-23 13:00")
    assert next_closing(hours, at("2026-11-23 10:00")) == at("2026-11-23 12:00")


def test_hours_that_meet_at_midnight_are_one_evening():
    hours = hours_of(fri=(("18:00", "24:00"),), sat=(("00:00", "02:00"),))
    assert is_open(hours, at("2026-11-21 00:00"))
    assert next_closing(hours, at("2026-11-20 23:00")) == at("2026-11-21 02:00")


def test_always_open_never_closes():
    hours = hours_of(**dict.fromkeys(DAYS, (("00:00", "24:00"),)))
    assert is_open(hours, at("2026-11-21 00:00"))
    assert next_opening(hours, at("2026-11-21 00:00")) is None


def test_days_off_are_of_one_year_or_of_every_year():
    hours = Hours(is_on=True, time_zone="Europe/Berlin", holidays=("2026-12-24", "12-25"))
    assert not is_open(hours, at("2026-12-24 12:00"))
    assert next_opening(hours, at("2026-12-23 18:00")) == at("2026-12-28 09:00")
    assert is_open(hours, at("2027-12-24 12:00"))
    assert not is_open(hours, at("2028-12-25 12:00"))


def test_a_business_that_never_opens_says_so():
    assert next_opening(hours_of(), at("2026-11-21 00:00")) is None
    assert not is_open(hours_of(), at("2026-11-21 00:00"))


def test_a_night_without_an_hour_and_a_night_with_one_twice():
    every_night = hours_of(sun=(("01:00", "02:30"),))
    # 2026-03-29: from 02:00 to 03:00 there is no time; what is not there is read by the clock before.
    assert next_closing(every_night, at("2026-03-29 01:30")).astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    # 2026-10-25: 02:30 comes twice; the second one closes.
    assert next_closing(every_night, at("2026-10-25 01:30")).astimezone(UTC) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )
    assert turns(hours_of(sun=(("02:30", "03:00"),)), at("2026-03-28 12:00"), at("2026-03-29 12:00")) == []


times = st.sampled_from([f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)] + ["24:00"])
spans = st.lists(times, max_size=4, unique=True).map(
    lambda found: tuple(pairwise(sorted(found)))[::2] if len(found) % 2 == 0 else ()
)
weeks = st.builds(
    lambda zone, days, holidays: Hours(
        is_on=True, time_zone=zone, days=dict(zip(DAYS, days, strict=True)), holidays=tuple(holidays)
    ),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.lists(spans, min_size=7, max_size=7),
    st.lists(st.sampled_from(["2026-03-29", "10-25", "01-01"]), unique=True),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds


@given(weeks, moments)
def test_it_opens_when_it_says(hours, now):
    opens = next_opening(hours, now)
    if opens is not None:
        assert opens > now
        assert is_open(hours, opens)
        assert not is_open(hours, opens - timedelta(seconds=1))
    closes = next_closing(hours, now)
    if closes is not None:
        assert not is_open(hours, closes)
        assert is_open(hours, closes - timedelta(seconds=1))


@given(weeks, moments)
def test_its_turns_are_all_there_is_to_know(hours, now):
    found = turns(hours, now, now + timedelta(days=9))
    assert all(earlier < later for earlier, later in pairwise(found))
    for step in range(0, 9 * 24, 5):
        moment = now + timedelta(hours=step)
        has_turned = sum(turn <= moment for turn in found) % 2 == 1
        assert is_open(hours, moment) == (is_open(hours, now) != has_turned)


@given(weeks, moments)
def test_away_from_changed_clocks_it_goes_by_the_clock_on_the_wall(hours, now):
    zone = ZoneInfo(hours.time_zone)
    around = {(now + timedelta(days=days)).astimezone(zone).utcoffset() for days in (-1, 0, 1)}
    if len(around) > 1:
        return
    local = now.astimezone(zone)
    is_off = local.strftime("%m-%d") in hours.holidays or local.strftime("%Y-%m-%d") in hours.holidays
    expected = not is_off and any(
        begins <= local.strftime("%H:%M:%S") and (ends == "24:00" or local.strftime("%H:%M:%S") < f"{ends}:00")
        for begins, ends in hours.days[DAYS[local.weekday()]]
    )
    assert is_open(hours, now) == expected


@pytest.mark.parametrize(
    ("begins", "minutes", "expected"),
    [
        ("2026-11-20 10:00", 30, "2026-11-20 10:30"),
        ("2026-11-20 16:45", 15, "2026-11-20 17:00"),
        ("2026-11-20 16:45", 30, "2026-11-23 09:15"),
        ("2026-11-21 12:00", 0, "2026-11-23 09:00"),
        ("2026-11-20 03:00", 8 * 60 + 1, "2026-11-23 09:01"),
    ],
)
def test_only_open_time_counts_towards_a_moment(begins, minutes, expected):
    assert after(OFFICE, at(begins), timedelta(minutes=minutes)) == at(expected)


def test_without_hours_or_openings_time_counts_as_it_passes():
    begins, hour = at("2026-11-20 16:45"), timedelta(hours=1)
    assert after(Hours(), begins, hour) == begins + hour
    assert after(hours_of(), begins, hour) == begins + hour
    assert open_time(Hours(), begins, begins + hour) == hour
    assert open_time(hours_of(), begins, begins + hour) == timedelta(0)


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 60 * 40))
def test_as_much_open_time_lies_before_a_moment_as_was_asked_for(start, minutes):
    begins = at("2026-10-10 00:00") + timedelta(minutes=start)
    assert open_time(OFFICE, begins, after(OFFICE, begins, timedelta(minutes=minutes))) == timedelta(minutes=minutes)
