"""What a workspace decides about its inbox: each part by itself, noted, and the same for everybody at once."""

from sqlalchemy import select

from core import inbox_settings
from models import db
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate


def set_routing(workspace, by, **values):
    inbox_settings.change(workspace, "routing", values, action="routing.change", by=by, now=NOW)


def test_without_a_decision_a_part_is_empty(workspace):
    assert inbox_settings.of(workspace.id, "routing") == {}


def test_a_part_is_changed_by_itself_and_holds_at_once(workspace):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    assert inbox_settings.of(workspace.id, "routing") == {}
    set_routing(workspace, olga, mode="turns")
    inbox_settings.change(workspace, "targets", {"is_on": True}, action="targets.change", by=olga, now=NOW)
    assert inbox_settings.of(workspace.id, "routing") == {"mode": "turns"}
    assert inbox_settings.of(workspace.id, "targets") == {"is_on": True}


def test_only_a_change_is_noted(workspace, other_workspace):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    set_routing(workspace, olga, mode="turns")
    set_routing(workspace, olga, mode="turns")
    noted = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.action, entry.before, entry.after) for entry in noted] == [("routing.change", {}, {"mode": "turns"})]
    assert inbox_settings.of(other_workspace.id, "routing") == {}
