"""Teams: their names, languages and members."""

import pytest
from sqlalchemy import select

from core import teams
from core.errors import Conflict, Invalid, NotFound
from models import db
from models.audits import AuditEntry
from models.inbox import Team, TeamMember
from models.teammates import Role
from tests.conftest import NOW, keep, make_conversation, make_teammate


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def add(workspace, olga, name="Repairs", languages=(), members=()):
    return teams.add(workspace, name=name, languages=languages, members=members, by=olga, now=NOW)


def test_a_team_has_a_name_languages_and_members(workspace, olga):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    team = add(workspace, olga, "  Repairs  ", ["fr", "de"], [sue.id, olga.id, sue.id])
    (found,) = teams.listed(workspace)
    assert (found.team.name, found.team.languages) == ("Repairs", ["de", "fr"])
    assert [one.name for one in found.members] == ["Olga", "Sue"]
    assert teams.member_ids(workspace.id) == {team.id: {olga.id, sue.id}}


def test_who_was_removed_is_in_no_team(workspace, olga):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    team = add(workspace, olga, members=[sue.id])
    sue.removed_at = NOW
    db.session.commit()
    assert teams.members_of(team) == []


def test_a_name_is_taken_once_however_it_is_written(workspace, other_workspace, olga):
    team = add(workspace, olga, "Repairs")
    with pytest.raises(Conflict):
        add(workspace, olga, "REPAIRS")
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    add(other_workspace, stan, "Repairs")
    teams.change(team, name="repairs", languages=[], members=[], by=olga, now=NOW)
    assert [one.team.name for one in teams.listed(workspace)] == ["repairs"]


def test_what_cannot_be_used_is_refused_and_changes_nothing(workspace, other_workspace, olga):
    rita = make_teammate(workspace, "Rita", Role.VIEWER)
    stan = make_teammate(other_workspace, "Stan", Role.OWNER)
    for wrong in (
        {"name": "  "},
        {"name": "x" * 61},
        {"languages": ["tlh"]},
        {"members": [rita.id]},
        {"members": [stan.id]},
    ):
        with pytest.raises(Invalid):
            add(workspace, olga, **wrong)
    assert teams.listed(workspace) == []
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_another_workspaces_team_is_not_found(other_workspace, workspace, olga):
    team = add(workspace, olga)
    with pytest.raises(NotFound):
        teams.find(other_workspace, team.id)


def test_a_removed_team_leaves_its_conversations(workspace, agent, olga):
    team = add(workspace, olga, members=[olga.id])
    conversation = make_conversation(agent)
    conversation.team_id = team.id
    keep(conversation)
    teams.remove(team, by=olga, now=NOW)
    db.session.refresh(conversation)
    assert conversation.team_id is None
    assert db.session.scalars(select(TeamMember)).all() == []
    assert db.session.scalars(select(Team)).all() == []


def test_each_change_is_noted(workspace, olga):
    team = add(workspace, olga)
    teams.change(team, name="Repairs", languages=[], members=[], by=olga, now=NOW)
    teams.change(team, name="Repairs", languages=["de"], members=[olga.id], by=olga, now=NOW)
    teams.remove(team, by=olga, now=NOW)
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in noted] == ["team.add", "team.change", "team.remove"]
    assert noted[1].after == {"name": "Repairs", "languages": ["de"], "members": ["Olga"]}
