"""An open page tells that somebody is there; others see it, and the customer hears who writes."""

import json

import pytest

from blueprints.admin.conversations.events import stream_changes
from core import conversations
from core.clock import utc_now
from gateways.bus import current_bus
from models import db
from models.conversations import Conversation
from models.inbox import ConversationReading
from tests.conftest import make_conversation


@pytest.fixture
def chat(agent) -> Conversation:
    begun = make_conversation(agent)
    conversations.ask(begun, client_id="one", text="Hello", now=utc_now())
    return begun


def be_there(client, chat, **what):
    return client.post(f"/admin/conversations/{chat.id}/presence", data={"doing": "here", **what})


def test_being_there_marks_as_read_and_is_told_to_the_team(sue, chat):
    with current_bus().listener(conversations.workspace_topic(chat.workspace_id)) as listener:
        assert be_there(sue, chat, seen="1", asks="1").status_code == 204
        told = [note["presence"] for note in listener.waiting() if note["kind"] == "presence"]
    assert [(one["name"], one["doing"], one["asks"]) for one in told] == [("Sue", "here", True)]
    assert db.session.get(Conversation, chat.id, populate_existing=True).read_seq == 1


def test_who_only_looks_neither_writes_nor_reads_for_the_team(rita, chat):
    with current_bus().listener(conversations.workspace_topic(chat.workspace_id)) as listener:
        assert be_there(rita, chat, doing="writing", seen="1").status_code == 204
        assert [note["presence"]["doing"] for note in listener.waiting()] == ["here"]
    assert db.session.query(ConversationReading).count() == 0


def test_strangers_and_nonsense_are_refused(stan, vera, sue, chat):
    assert be_there(stan, chat).status_code == 404
    assert be_there(vera, chat).status_code in (302, 303, 401)
    assert be_there(sue, chat, doing="dancing").status_code == 422


def test_the_stream_tells_presence_as_it_is_and_receipts_to_the_thread_alone(app, chat):
    topic = conversations.workspace_topic(chat.workspace_id)
    stream = stream_changes(topic)
    assert "look" in next(stream)
    bus = current_bus()
    bus.publish(topic, {"kind": "presence", "id": "7", "presence": {"name": "Sue\n"}})
    bus.publish(topic, {"kind": "receipt", "id": "8"})
    told = next(stream)
    stream.close()
    assert "event: change-8\n" in told
    assert "event: change\n" not in told
    line = next(line for line in told.splitlines() if line.startswith("data: {"))
    assert json.loads(line.removeprefix("data: ")) == {"name": "Sue\n"}
