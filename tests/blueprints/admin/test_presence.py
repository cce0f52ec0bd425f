"""Whether one takes conversations: the menu of each page, and the page about when."""

import pytest
from sqlalchemy import select

from core import availabilities, jobs, routing
from core.availabilities import Whereabouts
from core.clock import utc_now
from core.routing import Mode, Rules
from models import db
from models.inbox import Availability, Presence
from models.jobs import Job
from models.teammates import Teammate

PAGE = "/admin/account/availability/"
PRESENCE = f"{PAGE}presence"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    monkeypatch.setattr(availabilities, "_noted", {})
    monkeypatch.setitem(jobs._handlers, routing.JOB, lambda _job: None)


def form(**changes):
    days = {f"days-{number}-{name}": "" for number in range(7) for name in ("begins", "ends")}
    return {"capacity": "5", "when": "always", "time_zone": "Europe/Berlin", **days, **changes}


def row():
    return db.session.scalars(select(Availability)).one()


def test_an_open_page_says_that_somebody_is_there(sue):
    answer = sue.post(PRESENCE, headers=HTMX)
    assert answer.status_code == 200
    assert "You take conversations." in answer.text
    assert availabilities.whereabouts(row(), now=utc_now()) is Whereabouts.THERE


def test_away_holds_until_one_is_back(sue):
    assert "You are away." in sue.post(PRESENCE, data={"presence": "away"}, headers=HTMX).text
    assert "You are away." in sue.post(PRESENCE, headers=HTMX).text
    assert row().presence is Presence.AWAY
    assert "Take conversations again" in sue.get("/admin/conversations/").text
    assert "You take conversations." in sue.post(PRESENCE, data={"presence": "online"}, headers=HTMX).text


def test_without_script_it_leads_to_the_page(sue):
    answer = sue.post(PRESENCE, data={"presence": "away"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def test_a_presence_that_there_is_not_changes_nothing(sue):
    sue.post(PRESENCE, data={"presence": "invisible"}, headers=HTMX)
    assert row().presence is Presence.ONLINE


def test_who_comes_back_may_be_given_what_waits(sue, workspace):
    boss = db.session.scalars(select(Teammate)).first()
    routing.change(workspace, Rules(Mode.TURNS), by=boss, now=utc_now())
    before = len(db.session.scalars(select(Job).where(Job.kind == routing.JOB)).all())
    sue.post(PRESENCE, data={"presence": "online"})
    assert len(db.session.scalars(select(Job).where(Job.kind == routing.JOB)).all()) == before + 1


def test_own_hours_capacity_and_languages_are_kept(sue):
    hours = {"when": "set", "days-0-is_open": "y", "days-0-begins": "08:00", "days-0-ends": "12:00"}
    again = {"days-0-again_begins": "13:00", "days-0-again_ends": "17:30"}
    sent = sue.post(
        PAGE, data=form(**hours, **again, capacity="3", languages=["de", "fr"], holidays="12-25\n2026-12-24")
    )
    assert sent.status_code == 303
    kept = availabilities.hours(row())
    assert (row().capacity, row().languages) == (3, ["de", "fr"])
    assert (kept.time_zone, kept.days["mon"]) == ("Europe/Berlin", (("08:00", "12:00"), ("13:00", "17:30")))
    assert (kept.days["tue"], kept.holidays) == ((), ("12-25", "2026-12-24"))
    page = sue.get(PAGE).text
    assert 'value="17:30"' in page
    assert sue.get(PAGE, headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"capacity": "many"}, "Write a whole number from 0 to 100."),
        ({"capacity": "101"}, "Write a whole number from 0 to 100."),
        ({"languages": ["tlh"]}, "tlh"),
        ({"when": "never"}, "choice"),
        ({"when": "set", "time_zone": "Mars"}, "Choose a time zone"),
        ({"when": "set", "holidays": "Christmas"}, "Christmas is neither"),
        (
            {"when": "set", "days-0-is_open": "y", "days-0-begins": "17:00", "days-0-ends": "09:00"},
            "the earlier one first",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_place(sue, wrong, told):
    sent = sue.post(PAGE, data=form(**wrong))
    assert sent.status_code == 422
    assert told in sent.text
    assert db.session.scalars(select(Availability)).all() == []


def test_who_may_not_answer_has_no_presence(rita, vera):
    assert rita.get(PAGE).status_code == 403
    assert rita.post(PRESENCE).status_code == 403
    assert "my-presence" not in rita.get("/admin/conversations/").text
    assert vera.get(PAGE).status_code == 303
