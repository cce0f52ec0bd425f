"""Filters, and the views that are made of them."""

import uuid

import pytest

from core import conversations, tags, teams
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.inboxes import Filters, View, saved_views
from models import db
from models.audits import AuditEntry
from models.conversations import Priority
from models.teammates import Role
from tests.conftest import NOW, make_agent, make_teammate
from tests.core.inboxes.pieces import ids, page, said


def test_each_filter_leaves_what_is_like_it(workspace, agent, reader, other):
    team = teams.add(workspace, name="Sales", languages=[], members=[other.id], by=other, now=NOW)
    tag = tags.create(workspace, name="refund", by=other, now=NOW)
    wanted = said(make_agent(workspace, "Second"), language="de", channel="link", mood="upset", minutes=9)
    conversations.assign(wanted, teammate=other, team=team, by=other, now=NOW)
    conversations.set_priority(wanted, Priority.URGENT, by=other, now=NOW)
    tags.put(wanted, tag, by=other, now=NOW)
    said(agent)
    for filters in (
        Filters(agent=wanted.agent_id),
        Filters(team=team.id),
        Filters(teammate=other.id),
        Filters(tag=tag.id),
        Filters(priority=Priority.URGENT),
        Filters(language="de"),
        Filters(channel="link"),
        Filters(mood="upset"),
        Filters(agent=wanted.agent_id, tag=tag.id, search="hello"),
    ):
        assert ids(page(workspace, reader, filters=filters)) == [wanted.id], filters
        assert Filters.read(filters.written()) == filters
    assert ids(page(workspace, reader, filters=Filters(agent=agent.id, tag=tag.id))) == []
    [row] = page(workspace, reader, filters=Filters(tag=tag.id)).rows
    assert [one.name for one in row.tags] == ["refund"]


def test_a_period_ends_now(workspace, agent, reader):
    said(agent)
    later = said(agent, minutes=60 * 24 * 3)
    assert ids(page(workspace, reader, filters=Filters(days=1), days=3)) == [later.id]
    assert len(ids(page(workspace, reader, filters=Filters(days=7), days=3))) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"agent": "x", "priority": "huge", "language": "xx", "channel": "preview", "mood": "odd", "days": "12"},
        {"days": "²", "unread": "yes", "team": "1", "tag": "%", "search": "   "},
        {"days": "-7", "agent": None, "search": None},
    ],
)
def test_what_cannot_be_meant_is_left_out(asked):
    assert Filters.read(asked) == Filters()


def test_a_view_is_saved_used_changed_and_removed(workspace, reader):
    filters = Filters(language="de", unread=True)
    view = saved_views.add(workspace, "German", View.MINE, filters, is_shared=False, by=reader, now=NOW)
    assert saved_views.read(saved_views.find(workspace, view.id, reader)) == (View.MINE, filters)
    saved_views.change(view, name="Deutsch", is_shared=True, by=reader, now=NOW)
    assert [(one.name, one.is_shared) for one in saved_views.listed(workspace, reader)] == [("Deutsch", True)]
    saved_views.remove(view, by=reader, now=NOW)
    assert saved_views.listed(workspace, reader) == []
    actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["saved_view.add", "saved_view.change", "saved_view.remove"]


def test_one_s_own_view_is_nobody_else_s(workspace, other_workspace, reader, other):
    mine = saved_views.add(workspace, "Mine", View.ALL, Filters(), is_shared=False, by=reader, now=NOW)
    assert saved_views.listed(workspace, other) == []
    for where, who in ((workspace, other), (other_workspace, reader)):
        with pytest.raises(NotFound):
            saved_views.find(where, mine.id, who)


def test_a_shared_view_is_changed_by_whose_it_is_and_by_admins(workspace, reader, other):
    shared = saved_views.add(workspace, "All of ours", View.ALL, Filters(), is_shared=True, by=reader, now=NOW)
    assert saved_views.find(workspace, shared.id, other) is shared
    with pytest.raises(Forbidden):
        saved_views.change(shared, name="Taken", is_shared=True, by=other, now=NOW)
    with pytest.raises(Forbidden):
        saved_views.remove(shared, by=other, now=NOW)
    admin = make_teammate(workspace, "Ada", Role.ADMIN)
    saved_views.change(shared, name="Everything", is_shared=True, by=admin, now=NOW)
    assert shared.name == "Everything"


def test_who_only_reads_saves_for_themselves(workspace):
    viewer = make_teammate(workspace, "Vik", Role.VIEWER)
    own = saved_views.add(workspace, "Own", View.ALL, Filters(), is_shared=False, by=viewer, now=NOW)
    with pytest.raises(Forbidden):
        saved_views.add(workspace, "Ours", View.ALL, Filters(), is_shared=True, by=viewer, now=NOW)
    with pytest.raises(Forbidden):
        saved_views.change(own, name="Own", is_shared=True, by=viewer, now=NOW)


def test_a_name_is_needed_and_there_are_not_too_many(workspace, reader, monkeypatch):
    with pytest.raises(Invalid):
        saved_views.add(workspace, " \n ", View.ALL, Filters(), is_shared=False, by=reader, now=NOW)
    monkeypatch.setattr(saved_views, "MOST", 1)
    saved_views.add(workspace, "One", View.ALL, Filters(), is_shared=False, by=reader, now=NOW)
    with pytest.raises(Conflict):
        saved_views.add(workspace, "Two", View.ALL, Filters(), is_shared=False, by=reader, now=NOW)


def test_what_a_saved_view_says_is_not_trusted(workspace, reader):
    view = saved_views.add(workspace, "Odd", View.ALL, Filters(), is_shared=False, by=reader, now=NOW)
    view.filters = {"view": "gone", "days": [1], "agent": {"a": 1}, "search": 5}
    assert saved_views.read(view) == (View.ALL, Filters(search="5"))


def test_what_is_filtered_by_may_be_gone(workspace, agent, reader):
    said(agent)
    assert ids(page(workspace, reader, filters=Filters(tag=uuid.uuid4()))) == []
