from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import invitations
from core.clock import utc_now
from models import db
from models.teammates import Invitation, Role, Teammate
from tests.conftest import make_teammate

NINA = {"name": "Nina", "password": "a warm lamp"}


@pytest.fixture
def owner(workspace) -> Teammate:
    return make_teammate(workspace, "Olga", Role.OWNER)


@pytest.fixture
def link(owner) -> str:
    _, secret = invitations.invite(email="Nina@example.com", role=Role.EDITOR, by=owner, now=utc_now())
    return f"/invitations/{secret}"


def test_the_page_says_who_invites_and_as_what(vera, link):
    page = vera.get(link)
    assert page.status_code == 200
    assert "Join Lantern &amp; Loom" in page.text
    assert "Olga invites you as <strong>editor</strong>" in page.text
    assert 'value="nina@example.com"' in page.text


def test_whoever_accepts_joins_with_the_role_and_is_signed_in(vera, owner, link):
    assert vera.post(link, data=NINA | {"role": "owner", "email": "else@example.com"}).location == "/admin/"
    nina = db.session.scalars(select(Teammate).where(Teammate.name == "Nina")).one()
    assert (nina.email, nina.role, nina.workspace_id) == ("nina@example.com", Role.EDITOR, owner.workspace_id)
    assert vera.get("/admin/").status_code == 200


def test_a_link_lets_one_person_in(app, vera, link):
    vera.post(link, data=NINA)
    assert app.test_client().get(link).status_code == 404
    assert app.test_client().post(link, data=NINA).status_code == 404


@pytest.mark.parametrize("field", ["withdrawn_at", "expires_at"])
def test_a_link_that_is_over_is_refused_in_words(vera, link, field):
    db.session.execute(update(Invitation).values({field: utc_now() - timedelta(seconds=1)}))
    db.session.commit()
    assert "This link no longer works" in vera.get(link).text
    assert vera.post(link, data=NINA).status_code == 404


def test_bad_input_does_not_use_the_link_up(vera, link):
    for bad in ({"name": ""}, {"name": "\x00"}, {"password": "short"}, {"password": "nina@example.com"}):
        answer = vera.post(link, data=NINA | bad)
        assert answer.status_code == 422
        assert "Join Lantern" in answer.text
    assert vera.post(link, data=NINA).status_code == 303


def test_an_e_mail_that_signs_in_elsewhere_cannot_join_and_the_link_stays(vera, link, other_workspace):
    there = make_teammate(other_workspace, "Nina", Role.OWNER)
    answer = vera.post(link, data=NINA)
    assert answer.status_code == 422
    assert "Somebody Else" not in answer.text
    assert db.session.get(Teammate, there.id, populate_existing=True).workspace_id == other_workspace.id
    assert vera.get(link).status_code == 200


def test_somebody_who_was_removed_comes_back_as_who_they_were(vera, workspace, link):
    before = make_teammate(workspace, "Nina", Role.ADMIN)
    before.removed_at = before.created_at
    db.session.commit()
    vera.post(link, data=NINA | {"name": "Nina Berg"})
    again = db.session.scalars(select(Teammate).where(Teammate.email == "nina@example.com")).one()
    assert (again.id, again.name, again.role, again.is_active) == (before.id, "Nina Berg", Role.EDITOR, True)
