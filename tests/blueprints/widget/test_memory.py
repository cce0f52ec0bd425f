"""Memory and context by the widget's API: the customer's own, to be agreed to, seen and removed."""

import pytest
from sqlalchemy import select

from core import remembering
from core.clock import utc_now
from core.replies import Wanted
from models import db
from models.conversations import Conversation
from models.customers import FactKind, FactSource, WidgetSession
from tests.blueprints.widget.test_own_data import Chat


@pytest.fixture
def chat(vera, agent):
    return Chat(vera, agent)


def talk():
    return db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()


def send(chat, text, **body):
    return chat.call("POST", "/messages", json={"clientId": text.replace(" ", "-")[:40], "text": text, **body})


def replies(chat):
    return [message for message in chat.call("GET", "/messages").json["messages"] if message["from"] == "agent"]


def test_what_somebody_asks_to_have_remembered_is_shown_with_the_reply(chat):
    send(chat, "Remember that I wear size 42")
    reply = replies(chat)[-1]
    assert reply["text"] == "I will keep that in mind for this chat."
    (kept,) = reply["extras"]["remembered"]
    assert (kept["text"], kept["lasts"]) == ("I wear size 42", False)
    assert chat.call("PUT", "/memory", json={"keep": True}).status_code == 204
    shown = chat.call("GET", "/customer").json["memory"]
    assert [(fact["text"], fact["lasts"]) for fact in shown] == [("I wear size 42", True)]
    assert chat.call("DELETE", f"/memory/{kept['id']}").status_code == 204
    assert chat.call("GET", "/customer").json["memory"] == []


def test_a_no_leaves_it_to_this_visit(chat):
    send(chat, "Remember that I wear size 42")
    chat.call("PUT", "/memory", json={"keep": True})
    assert chat.call("PUT", "/memory", json={"keep": False}).status_code == 204
    db.session.expire_all()
    assert not remembering.is_lasting(talk().customer)


@pytest.mark.parametrize("body", [{}, {"keep": "yes"}, {"keep": 1}])
def test_a_decision_is_a_yes_or_a_no(chat, body):
    assert chat.call("PUT", "/memory", json=body).status_code == 422


def test_without_a_session_nobody_decides(vera, agent):
    for method, path in (("PUT", "/memory"), ("DELETE", "/context")):
        assert vera.open(f"/api/v1/widget{path}", method=method, json={"keep": True}).status_code == 401


def test_the_page_is_known_with_each_message_and_the_customer_can_delete_it(chat):
    send(chat, "hello", context={"page": "/lamps", "page_title": "Lamps", "cartValue": 120, "currency": "EUR"})
    send(chat, "hello again", context={"page": "/cart?token=secret", "page_title": "Your cart", "cartValue": 99})
    told = {one["kind"]: one["content"] for one in chat.call("GET", "/customer").json["told"]}
    assert told["title"] == "Your cart"
    assert told["address"].endswith("/cart")
    assert told["cart"] == "99.00"
    assert "secret" not in str(told)
    assert chat.call("DELETE", "/context").status_code == 204
    assert chat.call("GET", "/customer").json["told"] == []


def test_no_context_leaves_the_earlier_one(chat):
    send(chat, "hello", context={"plan": "Gold"})
    send(chat, "and again")
    assert db.session.scalars(select(WidgetSession)).one().context == {"plan": "Gold"}


def test_one_browsers_memory_is_not_anothers(app, chat, agent):
    send(chat, "Remember that I wear size 42")
    other = Chat(app.test_client(), agent)
    other.say("hello")
    assert other.call("GET", "/customer").json["memory"] == []
    assert remembering.told_to_models(talk(), now=utc_now()) == []
    theirs = remembering.keep(talk(), [Wanted(FactKind.NOTE, "hello", FactSource.AGENT)], now=utc_now())
    assert chat.call("DELETE", f"/memory/{theirs[0]['id']}").status_code == 404
