"""The customer's browser tells that they write, and how far they have got."""

import uuid

import pytest

from core import conversations
from core.clock import utc_now
from gateways.bus import current_bus
from models import db
from models.conversations import Conversation
from models.teammates import Role
from tests.blueprints.widget.test_api import open_chat
from tests.conftest import make_teammate

pytestmark = pytest.mark.both_databases

API = "/api/v1/widget"


@pytest.fixture
def chat(vera, agent):
    answer = open_chat(vera, agent).json
    vera.environ_base["HTTP_X_WIDGET_TOKEN"] = answer["token"]
    return db.session.get(Conversation, uuid.UUID(answer["conversation"]["id"]))


def test_receipts_are_kept_and_read_states_told(vera, chat, workspace):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    conversations.write_as_person(chat, sue, text="Hello", now=utc_now())
    assert vera.post(f"{API}/receipts", json={"delivered": 2, "seen": 1}).status_code == 204
    kept = db.session.get(Conversation, chat.id, populate_existing=True)
    assert (kept.delivered_seq, kept.seen_seq) == (2, 1)
    assert vera.get(f"{API}/messages").json["conversation"]["read"] == 0


@pytest.mark.parametrize(
    "body", [{"seen": -1}, {"seen": "1"}, {"delivered": True}, {"delivered": 1e99}, {"seen": None}]
)
def test_numbers_that_are_none_are_refused(vera, chat, body):
    assert vera.post(f"{API}/receipts", json=body).status_code == 422


def test_typing_is_told_while_a_person_is_waited_for(vera, chat):
    conversations.request_person(chat, reason="asks", now=utc_now())
    with current_bus().listener(conversations.workspace_topic(chat.workspace_id)) as listener:
        assert vera.post(f"{API}/typing", json={}).status_code == 204
        assert [note["kind"] for note in listener.waiting()] == ["presence"]
    del vera.environ_base["HTTP_X_WIDGET_TOKEN"]
    assert vera.post(f"{API}/typing", json={}).status_code == 401
