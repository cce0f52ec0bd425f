"""Settings → Teams."""

import pytest
from sqlalchemy import select

from core import teams
from core.clock import utc_now
from models import db
from models.inbox import Team
from models.teammates import Role
from tests.conftest import make_teammate

PAGE = "/admin/settings/teams/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def team(workspace):
    boss = make_teammate(workspace, "Bo", Role.OWNER)
    return teams.add(workspace, name="Repairs", languages=["de"], members=[boss.id], by=boss, now=utc_now())


def test_a_team_is_made_changed_and_removed(olga, workspace):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    assert "No teams yet" in olga.get(PAGE).text
    assert "Sue" in olga.get(f"{PAGE}new").text
    made = olga.post(PAGE, data={"name": "Repairs", "languages": ["de"], "members": [str(sue.id)]})
    assert (made.status_code, made.headers["Location"]) == (303, PAGE)
    page = olga.get(PAGE).text
    assert "Repairs" in page
    assert "Deutsch" in page
    assert "Sue" in page
    (listed,) = teams.listed(workspace)
    address = f"{PAGE}{listed.team.id}"
    assert 'value="Repairs"' in olga.get(address).text
    assert olga.post(address, data={"name": "Returns"}).status_code == 303
    assert [(one.team.name, one.team.languages, one.members) for one in teams.listed(workspace)] == [
        ("Returns", [], [])
    ]
    assert olga.post(f"{address}/removal", headers=HTMX).headers["HX-Redirect"] == PAGE
    assert db.session.scalars(select(Team)).all() == []


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"name": "repairs"}, {"languages": "tlh"}, {"members": "nobody"}]
)
def test_what_cannot_be_used_is_refused(olga, workspace, team, wrong):
    sent = olga.post(PAGE, data={"name": "Other", **wrong})
    assert sent.status_code == 422
    assert "field-problem" in sent.text or "invalid-feedback" in sent.text
    assert len(teams.listed(workspace)) == 1


def test_a_stranger_belongs_to_no_team(olga, workspace, other_workspace):
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    rita = make_teammate(workspace, "Rita", Role.VIEWER)
    for one in (stan, rita):
        assert olga.post(PAGE, data={"name": "Other", "members": [str(one.id)]}).status_code == 422


def test_others_see_teams_and_change_none(sue, rita, team):
    for client in (sue, rita):
        assert "Repairs" in client.get(PAGE).text
        for address in (PAGE, f"{PAGE}{team.id}", f"{PAGE}{team.id}/removal"):
            assert client.post(address, data={"name": "Mine"}).status_code == 403
        assert client.get(f"{PAGE}new").status_code == 403


def test_a_strangers_team_is_not_found(stan, vera, team):
    assert "Repairs" not in stan.get(PAGE).text
    assert stan.get(f"{PAGE}{team.id}").status_code == 404
    assert stan.post(f"{PAGE}{team.id}", data={"name": "Mine"}).status_code == 404
    assert stan.post(f"{PAGE}{team.id}/removal").status_code == 404
    assert vera.get(PAGE).status_code == 303
