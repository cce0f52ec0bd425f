"""The customer's own data by the widget's API: theirs, all of it, and nobody else's."""

import json
import uuid
from datetime import timedelta

import pytest

from core import blocks, identity_keys, memory
from core.clock import utc_now
from models import db
from models.customers import Customer, Fact, FactSource, WidgetSession
from models.privacy import PrivacySettings
from models.teammates import Role, Workspace
from tests.blueprints.widget.test_api import open_chat, say
from tests.conftest import make_conversation, make_customer
from tests.core.customer_token_forge import HS256, hs256

pytestmark = pytest.mark.both_databases

API = "/api/v1/widget"
# Always the same: each process that shares the tests must name them alike.
NOBODYS = uuid.UUID(int=1)


class Chat:
    """One browser with the chat open."""

    def __init__(self, client, agent, **told):
        self._client = client
        self._token = open_chat(client, agent, **told).json["token"]

    def call(self, method, path, **body):
        return self._client.open(API + path, method=method, headers={"X-Widget-Token": self._token}, **body)

    def say(self, text):
        return say(self._client, self._token, text, client_id=uuid.uuid4().hex)

    def forget(self):
        return self.call("DELETE", "/sessions", json={"forget": True})

    @property
    def customer(self):
        return db.session.query(WidgetSession).order_by(WidgetSession.id.desc()).first().customer


@pytest.fixture
def chat(vera, agent):
    return Chat(vera, agent, customer={"id": "c-1", "name": "Vera", "customAttributes": {"plan": "Gold"}})


def remember(customer, text="Prefers brass", **changes):
    return memory.remember(customer, text, source=FactSource.TEAMMATE, now=utc_now(), **changes)


def signed(agent, **claims):
    identity_keys.configure(db.session.get_one(Workspace, agent.workspace_id), HS256, now=utc_now())
    return hs256({"sub": "c-1", "exp": (utc_now() + timedelta(minutes=10)).timestamp(), **claims})


def test_it_shows_what_is_stored(chat, agent):
    chat.say("hello")
    fact = remember(chat.customer)
    make_conversation(agent, chat.customer)
    answer = chat.call("GET", "/customer")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["customer"] == {
        "id": "c-1",
        "standing": "identified",
        "name": "Vera",
        "email": None,
        "attributes": {"plan": "Gold"},
    }
    [told] = answer.json["memory"]
    assert (told["id"], told["text"], told["source"]) == (str(fact.id), "Prefers brass", "teammate")
    [conversation] = answer.json["conversations"]
    assert set(conversation) == {"id", "startedAt", "lastAt", "messages"}
    assert conversation["messages"] == 2
    assert answer.json["conversationDays"] is None


def test_it_says_for_how_long_conversations_are_kept(chat, agent):
    db.session.add(
        PrivacySettings(
            workspace_id=agent.workspace_id,
            handling={},
            revealed_to=Role.OWNER,
            conversation_days=90,
            updated_at=utc_now(),
        )
    )
    db.session.commit()
    assert chat.call("GET", "/customer").json["conversationDays"] == 90


def test_a_visitor_of_whom_nothing_is_known_sees_that(vera, agent):
    answer = Chat(vera, agent).call("GET", "/customer").json
    assert answer["customer"]["standing"] == "anonymous"
    assert (answer["memory"], answer["conversations"]) == ([], [])


def test_it_is_taken_along_as_a_file(chat):
    chat.say("My card is 4111 1111 1111 1111")
    remember(chat.customer)
    answer = chat.call("GET", "/customer/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-chat-data.json"
    assert answer.mimetype == "application/json"
    export = json.loads(answer.get_data(as_text=True))
    assert [message["from"] for message in export["conversations"][0]["messages"]] == ["customer", "agent"]
    assert export["memory"][0]["text"] == "Prefers brass"
    assert not {"blocks", "risk"} & set(export)
    assert "4111" not in answer.get_data(as_text=True)


def test_a_fact_is_put_right(chat):
    fact = remember(chat.customer)
    answer = chat.call("PATCH", f"/memory/{fact.id}", json={"text": " Prefers copper "})
    assert answer.status_code == 200
    assert (answer.json["text"], answer.json["source"]) == ("Prefers copper", "customer")
    assert db.session.get(Fact, fact.id, populate_existing=True).text == "Prefers copper"


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": None}, {"text": ["x"]}, {"text": "x" * 301}])
def test_a_fact_that_cannot_be_is_refused(chat, body):
    fact = remember(chat.customer)
    answer = chat.call("PATCH", f"/memory/{fact.id}", json=body)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid")
    assert db.session.get(Fact, fact.id, populate_existing=True).text == "Prefers brass"


def test_a_fact_is_forgotten(chat):
    fact = remember(chat.customer)
    assert chat.call("DELETE", f"/memory/{fact.id}").status_code == 204
    assert chat.call("DELETE", f"/memory/{fact.id}").status_code == 404
    assert chat.call("GET", "/customer").json["memory"] == []


def test_nobody_reaches_what_is_remembered_of_somebody_else(chat, workspace, other_workspace):
    for customer in (make_customer(workspace.id, "Jonas"), make_customer(other_workspace.id, "Jonas")):
        fact = remember(customer)
        assert chat.call("PATCH", f"/memory/{fact.id}", json={"text": "Mine"}).status_code == 404
        assert chat.call("DELETE", f"/memory/{fact.id}").status_code == 404
        assert db.session.get(Fact, fact.id, populate_existing=True).text == "Prefers brass"


def test_who_is_only_told_to_be_the_same_sees_nothing_of_the_other(app, agent):
    first = Chat(app.test_client(), agent, customer={"id": "c-1", "email": "vera@example.com"})
    first.say("my secret question")
    remember(first.customer)
    second = Chat(app.test_client(), agent, customer={"id": "c-1", "email": "vera@example.com"})
    shown = second.call("GET", "/customer").json
    assert (shown["memory"], shown["conversations"]) == ([], [])


def test_a_verified_customer_sees_all_of_theirs_in_any_browser(app, agent):
    token = signed(agent, name="Vera")
    first = Chat(app.test_client(), agent, customerToken=token)
    first.say("hello")
    remember(first.customer)
    second = Chat(app.test_client(), agent, customerToken=token)
    shown = second.call("GET", "/customer").json
    assert (shown["customer"]["standing"], len(shown["memory"]), len(shown["conversations"])) == ("verified", 1, 1)
    assert second.forget().status_code == 204
    assert first.call("GET", "/customer").json["error"]["code"] == "token_revoked"
    assert db.session.query(Customer).count() == 0


def test_a_blocked_customer_cannot_erase_the_block_with_the_rest(chat):
    fact = remember(chat.customer)
    blocks.block_customer(chat.customer, reason="Spam", until=None, by=None, now=utc_now())
    assert chat.forget().status_code == 403
    assert chat.call("DELETE", f"/memory/{fact.id}").json["error"]["code"] == "blocked"
    assert db.session.query(Customer).count() == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/customer"),
        ("GET", "/customer/export"),
        ("PATCH", f"/memory/{NOBODYS}"),
        ("DELETE", f"/memory/{NOBODYS}"),
    ],
)
def test_without_a_session_there_is_nothing(vera, agent, method, path):
    for headers, code in (({}, "token_required"), ({"X-Widget-Token": "x.y.z"}, "token_invalid")):
        answer = vera.open(API + path, method=method, headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (401, code)


def test_it_is_asked_for_now_and_then_only(chat):
    answers = [chat.call("GET", "/customer/export") for _ in range(8)]
    assert answers[0].status_code == 200
    assert (answers[-1].status_code, answers[-1].json["error"]["code"]) == (429, "rate_limited")
    assert int(answers[-1].headers["Retry-After"]) > 0
