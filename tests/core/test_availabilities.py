"""When teammates take conversations: what they say, their hours, and whether they are there at all."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core import availabilities
from core.availabilities import GONE_AFTER, Whereabouts
from core.errors import Invalid
from core.widget_configs import Hours
from models import db
from models.audits import AuditEntry
from models.inbox import Availability, Presence
from models.teammates import Role
from tests.conftest import NOW, make_teammate


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    monkeypatch.setattr(availabilities, "_noted", {})


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def where(teammate, now=NOW):
    return availabilities.whereabouts(availabilities.of(teammate), now=now)


def test_who_has_never_been_seen_is_not_there(sue):
    assert where(sue) is Whereabouts.GONE
    assert availabilities.is_anybody_there(sue.workspace_id, now=NOW) is None


def test_an_open_page_makes_somebody_there_for_a_while(sue):
    assert availabilities.note_active(sue, now=NOW)
    assert where(sue, NOW + GONE_AFTER - timedelta(seconds=1)) is Whereabouts.THERE
    assert where(sue, NOW + GONE_AFTER) is Whereabouts.GONE
    assert availabilities.is_anybody_there(sue.workspace_id, now=NOW) is True
    assert availabilities.is_anybody_there(sue.workspace_id, now=NOW + GONE_AFTER) is False


def test_pages_that_call_in_often_are_noted_once_a_minute_and_come_once(sue, monkeypatch):
    assert availabilities.note_active(sue, now=NOW)
    assert not availabilities.note_active(sue, now=NOW + timedelta(seconds=10))
    assert availabilities.of(sue).last_active_at == NOW
    monkeypatch.setattr(availabilities, "_NOTED_EVERY", 0.0)
    assert not availabilities.note_active(sue, now=NOW + timedelta(seconds=60))
    assert availabilities.of(sue).last_active_at == NOW + timedelta(seconds=60)
    assert availabilities.note_active(sue, now=NOW + timedelta(hours=1))


def test_away_counts_more_than_an_open_page(sue):
    availabilities.set_presence(sue, Presence.AWAY, now=NOW)
    assert where(sue) is Whereabouts.AWAY
    availabilities.set_presence(sue, Presence.ONLINE, now=NOW)
    assert where(sue) is Whereabouts.THERE


def test_own_hours_are_those_of_ones_own_time_zone(sue):
    own = Hours(is_on=True, time_zone="Asia/Tokyo", days={**Hours().days, "mon": (("09:00", "17:00"),)})
    availabilities.change(sue, own_hours=own, languages=[], capacity=5, by=sue, now=NOW)
    availabilities.set_presence(sue, Presence.ONLINE, now=NOW)
    for hour, expected in (
        (8, Whereabouts.OFF),
        (9, Whereabouts.THERE),
        (16, Whereabouts.THERE),
        (17, Whereabouts.OFF),
    ):
        moment = datetime(2026, 11, 23, hour, 30 if hour == 16 else 0, tzinfo=ZoneInfo("Asia/Tokyo"))
        availabilities.of(sue).last_active_at = moment
        assert where(sue, moment) is expected, hour


def test_a_change_is_noted_and_an_unchanged_one_is_not(sue):
    for _ in range(2):
        availabilities.change(sue, own_hours=Hours(), languages=["fr", "de", "fr"], capacity=2, by=sue, now=NOW)
    row = db.session.get(Availability, sue.id)
    assert (row.languages, row.capacity, row.schedule) == (["de", "fr"], 2, None)
    noted = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.action, entry.after) for entry in noted] == [
        ("availability.change", {"hours": None, "languages": ["de", "fr"], "capacity": 2})
    ]


@pytest.mark.parametrize(("languages", "capacity"), [(["tlh"], 5), ([], -1), ([], 101)])
def test_what_cannot_be_meant_is_refused(sue, languages, capacity):
    with pytest.raises(Invalid):
        availabilities.change(sue, own_hours=Hours(), languages=languages, capacity=capacity, by=sue, now=NOW)
    assert db.session.get(Availability, sue.id) is None


def test_hours_that_cannot_be_used_are_told_by_their_part():
    hours, problems = availabilities.check_hours(
        {"is_on": True, "time_zone": "Mars/Olympus", "days": {"mon": [["17:00", "09:00"]]}, "holidays": ["31-12"]}
    )
    assert sorted(problems) == ["hours.days.mon", "hours.holidays", "hours.time_zone"]
    assert hours.days["mon"] == (("09:00", "17:00"),)


def test_only_those_who_may_answer_count(workspace, other_workspace, sue):
    rita = make_teammate(workspace, "Rita", Role.VIEWER)
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    for teammate in (rita, stan):
        availabilities.note_active(teammate, now=NOW)
    assert [one.teammate.name for one in availabilities.attendances(workspace.id)] == ["Sue"]
    assert availabilities.is_anybody_there(workspace.id, now=NOW) is None
