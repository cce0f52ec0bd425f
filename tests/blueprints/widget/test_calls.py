"""`POST /calls/<id>`: the customer's yes or no."""

import json
import uuid

import pytest

from core import connections, tool_calls
from core.clock import utc_now
from models import db
from models.connections import Audience, CallStatus, ToolCall
from models.conversations import Conversation
from tests.architecture.test_races import together
from tests.blueprints.widget.test_pre_chat import token_of
from tests.conftest import NOW
from tests.mcp_server import Shop, serving

API = "/api/v1/widget"


@pytest.fixture
def shop(app):
    made = Shop()
    connections.reach(allow_private=True)
    with serving(made.server) as url:
        made.url = url
        yield made
    connections.reach(allow_private=False)


@pytest.fixture
def asked(vera, agent, shop):
    """A visitor's headers, and the id of what they were asked."""
    headers = {"X-Widget-Token": token_of(vera, agent)}
    row = connections.add(agent, title="Our orders", url=shop.url, by=None, now=NOW)
    cancel = next(tool for tool in connections.discover(row, now=NOW) if tool.name == "cancel_order")
    filled = {"customer_id": {"value": "nobody"}}
    connections.permit(
        cancel, is_on=True, audience=Audience.ANYONE, needs_confirmation=True, filled=filled, by=None, now=NOW
    )
    conversation = db.session.query(Conversation).one()
    called = tool_calls.call(conversation, None, "cancel_order", {"order_number": "1042"}, now=utc_now())
    return headers, called.confirm["id"]


def test_a_yes_has_it_done_and_says_so(vera, asked, shop):
    headers, call_id = asked
    answer = vera.post(f"{API}/calls/{call_id}", json={"confirm": True}, headers=headers)
    assert (answer.status_code, answer.json["state"]) == (200, "done")
    assert shop.calls == [("cancel_order", {"customer_id": "nobody", "order_number": "1042"})]
    said = vera.get(f"{API}/messages", headers=headers).json["messages"][-1]
    assert said["id"] == answer.json["message"]
    assert said["text"].startswith("Done: Cancel an order.")


def test_two_at_once_are_one_yes(app, asked, shop):
    headers, call_id = asked

    def press():
        return app.test_client().post(f"{API}/calls/{call_id}", json={"confirm": True}, headers=headers).status_code

    assert sorted(together(app, press, press)) == [200, 409]
    assert len(shop.calls) == 1


@pytest.mark.parametrize("body", [{"confirm": False}, {}, {"confirm": "true"}, {"confirm": 1}])
def test_whatever_is_no_yes_is_a_no(vera, asked, shop, body):
    headers, call_id = asked
    assert vera.post(f"{API}/calls/{call_id}", json=body, headers=headers).json["state"] == "declined"
    again = vera.post(f"{API}/calls/{call_id}", json={"confirm": True}, headers=headers)
    assert (again.status_code, again.json["error"]["code"]) == (409, "call_closed")
    assert shop.calls == []


def test_what_fails_is_said_and_offers_a_person(vera, asked, shop):
    headers, call_id = asked
    shop.server.remove_tool("cancel_order")
    answer = vera.post(f"{API}/calls/{call_id}", json={"confirm": True}, headers=headers)
    assert answer.json["state"] == "failed"
    said = vera.get(f"{API}/messages", headers=headers).json["messages"][-1]
    assert said["offerPerson"]
    assert shop.calls == []


def test_nobody_else_can_say_yes(app, asked, agent, shop):
    _headers, call_id = asked
    other = app.test_client()
    headers = {"X-Widget-Token": token_of(other, agent)}
    for number in (call_id, uuid.uuid4()):
        assert other.post(f"{API}/calls/{number}", json={"confirm": True}, headers=headers).status_code == 404
    assert other.post(f"{API}/calls/{call_id}", json={"confirm": True}).status_code == 401
    assert db.session.query(ToolCall).one().status is CallStatus.ASKED
    assert shop.calls == []


def test_what_is_to_be_sent_is_nowhere_in_the_clear(asked):
    row = db.session.query(ToolCall).one()
    assert b"1042" not in row.sealed_arguments
    assert "nobody" not in json.dumps(row.arguments)
