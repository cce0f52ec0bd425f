"""The inbox: what a team sees of its conversations, and in which order."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from core import conversations, inboxes
from core.errors import Invalid, NotFound
from core.inboxes import View
from models import db
from models.conversations import State
from tests.conftest import NOW, make_conversation
from tests.core.inboxes.pieces import asked_for_a_person, ids, page, said


def test_the_latest_conversation_comes_first_with_the_last_thing_that_was_said(workspace, agent, reader):
    early, late = said(agent, "first", minutes=1), said(agent, "second", minutes=2)
    conversations.resolve(early, now=NOW)
    found = page(workspace, reader)
    assert ids(found) == [late.id, early.id]
    assert [row.last.text for row in found.rows] == ["second", "first"]


def test_each_view_holds_its_own_and_counts_them(workspace, agent, reader, other):
    waiting, mine, theirs = asked_for_a_person(agent), said(agent), said(agent)
    agents, snoozed, resolved = said(agent), asked_for_a_person(agent), said(agent)
    given = asked_for_a_person(agent)
    conversations.take_over(mine, reader, now=NOW)
    conversations.take_over(theirs, other, now=NOW)
    conversations.assign(given, teammate=reader, team=None, by=other, now=NOW)
    conversations.snooze(snoozed, until=NOW + timedelta(days=1), by=reader, now=NOW)
    conversations.resolve(resolved, now=NOW)
    expected = {
        View.WAITING: {waiting.id, given.id},
        View.MINE: {mine.id, given.id},
        View.UNASSIGNED: {waiting.id},
        View.AGENT: {agents.id},
        View.SNOOZED: {snoozed.id},
        View.RESOLVED: {resolved.id},
        View.ALL: {one.id for one in (waiting, mine, theirs, agents, snoozed, resolved, given)},
    }
    for view, wanted in expected.items():
        assert set(ids(page(workspace, reader, view))) == wanted, view
    assert inboxes.counts(workspace, reader) == {view: len(wanted) for view, wanted in expected.items()}
    assert inboxes.waiting_count(workspace) == 2


def test_many_are_counted_up_to_a_limit(workspace, agent, reader, monkeypatch):
    for minutes in range(4):
        asked_for_a_person(agent, minutes=minutes)
    monkeypatch.setattr(inboxes.views, "COUNTED", 3)
    assert inboxes.counts(workspace, reader)[View.ALL] == 3
    assert inboxes.waiting_count(workspace) == 3


def test_silent_chats_previews_and_other_workspaces_are_left_out(workspace, agent, other_agent, reader):
    make_conversation(agent)
    said(agent, channel=conversations.PREVIEW)
    said(other_agent)
    assert page(workspace, reader).rows == []
    assert inboxes.counts(workspace, reader)[View.ALL] == 0


def test_one_who_pressed_the_button_without_a_word_waits_too(workspace, agent, reader):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="pressed the button", now=NOW)
    found = page(workspace, reader, View.WAITING)
    assert ids(found) == [conversation.id]
    assert found.rows[0].last is None


def test_who_waits_longest_comes_first_whatever_they_write_meanwhile(workspace, agent, reader):
    first, second = asked_for_a_person(agent, minutes=1), asked_for_a_person(agent, minutes=2)
    conversations.ask(first, client_id="more", text="Hello?", now=NOW + timedelta(minutes=9))
    assert ids(page(workspace, reader, View.WAITING)) == [first.id, second.id]


def test_what_wakes_soonest_comes_first(workspace, agent, reader):
    late, soon = said(agent), said(agent)
    conversations.snooze(late, until=NOW + timedelta(days=2), by=reader, now=NOW)
    conversations.snooze(soon, until=NOW + timedelta(days=1), by=reader, now=NOW)
    assert ids(page(workspace, reader, View.SNOOZED)) == [soon.id, late.id]


@pytest.mark.parametrize("view", [View.ALL, View.WAITING, View.MINE, View.SNOOZED])
def test_pages_follow_one_another_without_a_gap(workspace, agent, reader, view):
    for minutes in (1, 1, 2, 3, 3, 3, 4):
        conversation = asked_for_a_person(agent, minutes=minutes)
        if view is View.MINE:
            conversations.take_over(conversation, reader, now=NOW)
        if view is View.SNOOZED:
            conversations.snooze(conversation, until=NOW + timedelta(hours=minutes), by=reader, now=NOW)
    whole, seen, before = ids(page(workspace, reader, view)), [], None
    for _ in range(4):
        found = page(workspace, reader, view, before=before, limit=2)
        seen += ids(found)
        before = found.before
    assert before is None
    assert seen == whole
    assert len(whole) == 7


def test_a_page_begins_where_the_last_one_ended_though_others_came(workspace, agent, reader):
    old = [said(agent, minutes=minutes) for minutes in range(3)]
    first = page(workspace, reader, limit=2)
    said(agent, minutes=9)
    assert ids(page(workspace, reader, before=first.before)) == [old[0].id]


@pytest.mark.parametrize("before", ["", "x", "AAAA", "%%%", "ä" * 40])
def test_a_place_that_is_not_ours_is_refused(workspace, reader, before):
    with pytest.raises(Invalid):
        page(workspace, reader, before=before)


def test_a_view_that_is_none_is_not_found():
    with pytest.raises(NotFound):
        inboxes.view_named("everything")


def test_a_page_is_few_questions_however_many_rows_it_has(workspace, agent, reader):
    for minutes in range(5):
        asked_for_a_person(agent, minutes=minutes, name=f"Customer {minutes}")
    db.session.expunge_all()
    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    found = page(workspace, reader, View.WAITING)
    names = [(row.conversation.customer.name, row.conversation.teammate, row.conversation.state) for row in found.rows]
    event.remove(db.engine, "before_cursor_execute", note)
    assert {state for _, _, state in names} == {State.WAITING}
    assert len(asked) <= 5
