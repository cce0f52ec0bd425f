"""How far each side has read, and who hears of it."""

import pytest

from core import conversations, presences, readings
from core.presences import Doing
from gateways.bus import current_bus
from models.conversations import Conversation
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def asked(conversation) -> Conversation:
    for number in range(3):
        conversations.ask(conversation, client_id=f"number-{number}", text="Hello", now=NOW)
    return conversation


def heard(topic, act):
    with current_bus().listener(topic) as listener:
        act()
        return list(listener.waiting())


def test_a_teammate_reads_forward_only_and_the_customer_hears_once(asked, sue):
    topic = conversations.topic(asked.id)
    notes = heard(topic, lambda: readings.mark_read(asked, sue, seq=2, now=NOW))
    assert [(note["kind"], note["read"]) for note in notes] == [("state", 2)]
    assert heard(topic, lambda: readings.mark_read(asked, sue, seq=1, now=NOW)) == []
    readings.mark_read(asked, sue, seq=99, now=NOW)
    assert (asked.read_seq, readings.read_by(sue, [asked.id])) == (3, {asked.id: 3})


def test_what_a_second_teammate_reads_later_is_no_news_to_the_customer(asked, sue, workspace):
    readings.mark_read(asked, sue, seq=3, now=NOW)
    adam = make_teammate(workspace, "Adam", Role.ADMIN)
    assert heard(conversations.topic(asked.id), lambda: readings.mark_read(asked, adam, seq=2, now=NOW)) == []
    assert readings.read_by(adam, [asked.id]) == {asked.id: 2}


def test_a_customer_gets_and_sees_forward_only(asked, workspace):
    topic = conversations.workspace_topic(workspace.id)
    notes = heard(topic, lambda: readings.mark_received(asked, delivered=2, seen=1))
    assert notes == [{"kind": "receipt", "id": str(asked.id)}]
    assert heard(topic, lambda: readings.mark_received(asked, delivered=1, seen=0)) == []
    readings.mark_received(asked, delivered=0, seen=99)
    assert (asked.delivered_seq, asked.seen_seq) == (3, 3), "who has seen it has got it, and nothing beyond the end"


def test_the_customer_hears_only_who_answers_them_write(agent, sue, workspace):
    conversation = make_conversation(agent)
    topic = conversations.topic(conversation.id)

    def write(teammate, doing=Doing.WRITING):
        return [
            note["typing"]["name"]
            for note in heard(topic, lambda: presences.teammate_is(conversation, teammate, doing))
        ]

    assert write(sue) == [], "the agent answers"
    conversations.request_person(conversation, reason="asks", now=NOW)
    assert write(sue) == ["Sue"]
    assert write(sue, Doing.NOTING) == [], "notes are the team's own"
    conversations.take_over(conversation, sue, now=NOW)
    assert write(make_teammate(workspace, "Adam", Role.ADMIN)) == []
    assert write(sue) == ["Sue"]


def test_the_team_hears_a_customer_write_only_while_a_person_is_there(agent, sue, workspace):
    conversation = make_conversation(agent)
    topic = conversations.workspace_topic(workspace.id)
    assert heard(topic, lambda: presences.customer_writes(conversation)) == []
    conversations.take_over(conversation, sue, now=NOW)
    told = heard(topic, lambda: presences.customer_writes(conversation))
    assert [(note["kind"], note["presence"]["doing"]) for note in told] == [("presence", "writing")]
