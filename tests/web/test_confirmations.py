from datetime import timedelta

import pytest
from sqlalchemy import select

from models import db
from models.teammates import Role, Teammate, TeammateSession
from tests.conftest import make_teammate, sign_in
from tests.factors import hashed
from web.confirmations import GOOD_FOR

PASSWORD = "a warm lamp"


@pytest.fixture
def una(workspace) -> Teammate:
    return make_teammate(workspace, "Una", Role.OWNER, hashed(PASSWORD))


@pytest.fixture
def ned(workspace) -> Teammate:
    return make_teammate(workspace, "Ned", Role.VIEWER)


@pytest.fixture
def stale(app, una):
    """A browser in which Una last proved half an hour ago that it is her."""
    browser = sign_in(app, una)
    grow_stale(una)
    return browser


def grow_stale(teammate: Teammate) -> None:
    for session in db.session.scalars(select(TeammateSession).where(TeammateSession.teammate_id == teammate.id)):
        session.confirmed_at -= GOOD_FOR + timedelta(seconds=1)
    db.session.commit()


def is_removed(teammate: Teammate) -> bool:
    return db.session.get(Teammate, teammate.id, populate_existing=True).removed_at is not None


def test_a_change_waits_until_the_person_has_confirmed(stale, ned):
    came_from = {"Referer": "http://localhost/admin/team/?page=2"}
    asked = stale.post(f"/admin/team/{ned.id}/removal", headers=came_from)
    assert asked.status_code == 303
    assert asked.location == "/admin/confirmation?next=/admin/team/?page%3D2"
    assert not is_removed(ned)
    page = stale.get(asked.location)
    assert "Nothing was changed" in page.text
    confirmed = stale.post(asked.location, data={"password": PASSWORD})
    assert (confirmed.status_code, confirmed.location) == (303, "/admin/team/?page=2")
    stale.post(f"/admin/team/{ned.id}/removal", headers=came_from)
    assert is_removed(ned)


def test_htmx_is_sent_to_the_page_that_asks(stale, ned):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/admin/team/"}
    answer = stale.post(f"/admin/team/{ned.id}/removal", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/admin/confirmation?next=/admin/team/"
    assert not is_removed(ned)


@pytest.mark.parametrize("came_from", ["https://evil.example//evil.example/x", "//evil.example", ""])
def test_nobody_is_led_elsewhere(stale, ned, came_from):
    answer = stale.post(f"/admin/team/{ned.id}/removal", headers={"Referer": came_from})
    assert answer.location == "/admin/confirmation?next=/admin/"
    sent = stale.post(f"/admin/confirmation?next={came_from}", data={"password": PASSWORD})
    assert sent.location == "/admin/"


def test_a_wrong_password_confirms_nothing(stale, una, ned):
    wrong = stale.post("/admin/confirmation", data={"password": "a cold lamp"})
    assert wrong.status_code == 422
    assert "not your current password" in wrong.text
    assert stale.post("/admin/confirmation", data={}).status_code == 422
    assert stale.post(f"/admin/team/{ned.id}/removal").location.startswith("/admin/confirmation")


def test_a_browser_left_open_is_no_place_to_guess(stale):
    answers = [stale.post("/admin/confirmation", data={"password": "a guess"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_confirming_here_confirms_nowhere_else(app, una, ned):
    here, there = sign_in(app, una), sign_in(app, una)
    grow_stale(una)
    here.post("/admin/confirmation", data={"password": PASSWORD})
    assert there.post(f"/admin/team/{ned.id}/removal").location.startswith("/admin/confirmation")
    assert here.post(f"/admin/team/{ned.id}/removal").location == "/admin/team/"
