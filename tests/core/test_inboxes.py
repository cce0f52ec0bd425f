"""The inbox: what a team sees of its conversations, in which order, and what a search finds."""

from datetime import timedelta

import pytest

from core import conversations, inboxes
from core.errors import Invalid, NotFound
from core.inboxes import View
from models import db
from models.conversations import State
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_customer, make_teammate


@pytest.fixture
def reader(workspace):
    return make_teammate(workspace, "Rhea", Role.SUPPORT)


def said(agent, text="Hello", *, minutes=0, name=None, **changes):
    """A conversation in which the customer has spoken some minutes after noon."""
    customer = make_customer(agent.workspace_id, name)
    conversation = make_conversation(agent, customer, **changes)
    conversations.ask(conversation, client_id="one", text=text, now=NOW + timedelta(minutes=minutes))
    return conversation


def names(page):
    return [row.conversation.id for row in page.rows]


def test_the_latest_conversation_comes_first_with_the_last_thing_that_was_said(workspace, agent, reader):
    early, late = said(agent, "first", minutes=1), said(agent, "second", minutes=2)
    conversations.resolve(early, now=NOW)
    page = inboxes.page(workspace, View.ALL, reader=reader)
    assert names(page) == [late.id, early.id]
    assert [row.last.text for row in page.rows] == ["second", "first"]


def test_each_state_has_its_view_and_its_count(workspace, agent, reader):
    states = {
        State.AGENT: said(agent),
        State.WAITING: said(agent),
        State.PERSON: said(agent),
        State.RESOLVED: said(agent),
    }
    conversations.request_person(states[State.WAITING], reason="asked", now=NOW)
    conversations.take_over(states[State.PERSON], reader, now=NOW)
    conversations.resolve(states[State.RESOLVED], now=NOW)
    for state, conversation in states.items():
        assert names(inboxes.page(workspace, View(state.value), reader=reader)) == [conversation.id]
    assert inboxes.counts(workspace) == {
        View.WAITING: 1,
        View.PERSON: 1,
        View.AGENT: 1,
        View.RESOLVED: 1,
        View.ALL: 4,
    }
    assert inboxes.waiting_count(workspace) == 1


def test_silent_chats_previews_and_other_workspaces_are_left_out(workspace, agent, other_agent, reader):
    make_conversation(agent)
    said(agent, channel=conversations.PREVIEW)
    said(other_agent)
    assert inboxes.page(workspace, View.ALL, reader=reader).rows == []
    assert inboxes.counts(workspace)[View.ALL] == 0


def test_one_who_pressed_the_button_without_a_word_waits_too(workspace, agent, reader):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="pressed the button", now=NOW)
    page = inboxes.page(workspace, View.WAITING, reader=reader)
    assert names(page) == [conversation.id]
    assert page.rows[0].last is None


def test_who_waits_longest_comes_first_whatever_they_write_meanwhile(workspace, agent, reader):
    first, second = said(agent, minutes=1), said(agent, minutes=2)
    for minute, conversation in enumerate((first, second), start=3):
        conversations.request_person(conversation, reason="asked", now=NOW + timedelta(minutes=minute))
    conversations.ask(first, client_id="two", text="Still there?", now=NOW + timedelta(minutes=9))
    assert names(inboxes.page(workspace, View.WAITING, reader=reader)) == [first.id, second.id]


def test_ones_own_conversations_stand_above_those_of_others(workspace, agent, reader):
    other = make_teammate(workspace, "Sam", Role.SUPPORT)
    mine, theirs = said(agent, minutes=1), said(agent, minutes=2)
    conversations.take_over(mine, reader, now=NOW)
    conversations.take_over(theirs, other, now=NOW)
    assert names(inboxes.page(workspace, View.PERSON, reader=reader)) == [mine.id, theirs.id]
    assert names(inboxes.page(workspace, View.PERSON, reader=other)) == [theirs.id, mine.id]


@pytest.mark.parametrize("view", [View.ALL, View.WAITING, View.PERSON])
def test_pages_follow_each_other_without_gap_or_double(workspace, agent, reader, view):
    # Some at the same moment, so that the order among them has to hold as well.
    all_of_them = [said(agent, minutes=number // 3) for number in range(7)]
    for number, conversation in enumerate(all_of_them):
        if view is View.WAITING:
            conversations.request_person(conversation, reason="asked", now=conversation.last_message_at)
        if view is View.PERSON:
            owner = reader if number % 2 else make_teammate(workspace, f"Sam{number}", Role.SUPPORT)
            conversations.take_over(conversation, owner, now=NOW)
    whole = names(inboxes.page(workspace, view, reader=reader))
    seen, before = [], None
    for _ in range(4):
        page = inboxes.page(workspace, view, reader=reader, before=before, limit=2)
        seen += names(page)
        before = page.before
    assert seen == whole
    assert len(set(seen)) == 7
    assert before is None


def test_a_new_conversation_does_not_shift_the_next_page(workspace, agent, reader):
    old = [said(agent, minutes=number) for number in range(3)]
    first = inboxes.page(workspace, View.ALL, reader=reader, limit=2)
    said(agent, minutes=9)
    assert names(inboxes.page(workspace, View.ALL, reader=reader, before=first.before)) == [old[0].id]


@pytest.mark.parametrize("before", ["", "x", "ä", "AAAA", "-" * 34, "_" * 34, "A" * 400])
def test_a_mark_that_is_not_ours_is_refused(workspace, reader, before):
    with pytest.raises(Invalid):
        inboxes.page(workspace, View.ALL, reader=reader, before=before)


def test_a_search_looks_into_messages_names_and_addresses(workspace, agent, reader):
    by_word = said(agent, "Where is my LAMP?", minutes=1)
    by_name = said(agent, "Hi", minutes=2, name="Lampert Ode")
    by_mail = said(agent, "Hi", minutes=3)
    by_mail.customer.email = "info@lamps.example"
    db.session.commit()
    said(agent, "Nothing of the kind", minutes=4)
    found = inboxes.page(workspace, View.ALL, reader=reader, search="  lamp ")
    assert names(found) == [by_mail.id, by_name.id, by_word.id]
    assert [row.last.text for row in found.rows] == ["Hi", "Hi", "Where is my LAMP?"]


def test_a_search_takes_every_character_for_itself(workspace, agent, reader):
    discount, slash = said(agent, "100% off", minutes=1), said(agent, "a/b_c", minutes=2)
    said(agent, "100 off, a-b-c", minutes=3)
    for words, found in {"100%": [discount.id], "a/b_c": [slash.id], "%": [discount.id], "\\": [], "\x00": 3}.items():
        page = inboxes.page(workspace, View.ALL, reader=reader, search=words)
        assert names(page) == found if isinstance(found, list) else len(page.rows) == found


def test_notices_are_not_searched(workspace, agent, reader):
    conversation = said(agent)
    conversations.take_over(conversation, reader, now=NOW)
    assert inboxes.page(workspace, View.ALL, reader=reader, search="joined").rows == []


def test_an_unknown_view_is_not_there():
    with pytest.raises(NotFound):
        inboxes.view_named("everything")
