"""What is news to whom."""

from datetime import timedelta

from core import conversations, inboxes
from core.inboxes import Filters, View
from gateways.bus import current_bus
from models import db
from models.inbox import ConversationReading
from tests.conftest import NOW
from tests.core.inboxes.pieces import asked_for_a_person, ids, page, said


def news(workspace, teammate):
    return {row.conversation.id: row.news for row in page(workspace, teammate).rows}


def unread(workspace, teammate):
    return ids(page(workspace, teammate, filters=Filters(unread=True)))


def test_what_came_since_is_news_until_it_is_read(workspace, agent, reader, other):
    conversation = asked_for_a_person(agent)
    assert news(workspace, reader) == {conversation.id: 2}
    inboxes.mark_read([conversation], reader, now=NOW)
    assert news(workspace, reader) == {conversation.id: 0}
    assert unread(workspace, reader) == []
    assert unread(workspace, other) == [conversation.id]
    conversations.ask(conversation, client_id="more", text="Hello?", now=NOW + timedelta(minutes=1))
    assert news(workspace, reader) == {conversation.id: 1}
    assert unread(workspace, reader) == [conversation.id]


def test_what_the_agent_or_somebody_else_answers_is_no_news(workspace, agent, reader, other):
    agents, theirs = said(agent), said(agent)
    conversations.take_over(theirs, other, now=NOW)
    assert set(news(workspace, reader).values()) == {0}
    assert unread(workspace, reader) == []
    assert unread(workspace, other) == [theirs.id]
    assert ids(page(workspace, reader, View.AGENT)) == [agents.id]


def test_reading_again_changes_nothing_and_never_goes_back(workspace, agent, reader):
    conversation = asked_for_a_person(agent)
    inboxes.mark_read([conversation], reader, now=NOW)
    inboxes.mark_read([conversation], reader, now=NOW + timedelta(hours=1))
    reading = db.session.get(ConversationReading, (conversation.id, reader.id))
    assert (reading.seen_seq, reading.updated_at) == (2, NOW)


def test_the_team_s_pages_hear_of_it_and_the_customer_does_not(workspace, agent, reader):
    conversation = asked_for_a_person(agent)
    bus = current_bus()
    with (
        bus.listener(conversations.workspace_topic(workspace.id)) as team,
        bus.listener(conversations.topic(conversation.id)) as customer,
    ):
        inboxes.mark_read([conversation], reader, now=NOW)
        inboxes.mark_read([conversation], reader, now=NOW)
        assert list(team.waiting()) == [{"kind": "reading", "id": str(conversation.id)}]
        assert list(customer.waiting()) == []
    assert conversation.read_seq == 0
