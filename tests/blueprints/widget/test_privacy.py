"""What a customer writes is stored, told and answered without personal data."""

import json
import re

import pytest
from sqlalchemy import select

from core import privacy_settings, tickets
from core.clock import utc_now
from core.privacy import Kind
from core.privacy_settings import Handling
from models import Base, db
from models.agents import Event
from models.conversations import Answer, Message
from models.customers import WidgetSession
from models.teammates import Role

SITE = "https://example.com"
FRAME = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
MAIL, CARD, PASSWORD = "ann.marker@shop.example", "4111 1111 1111 1111", "Tr0ub4dor&3marker"
TEXT = f"I am {MAIL}, card {CARD}, my password is {PASSWORD}"
MASKED = "I am [email], card [card], my password is [password]"
MARKERS = (MAIL, "ann%2Emarker", CARD, CARD.replace(" ", ""), PASSWORD)


@pytest.fixture
def token(vera, agent):
    return open_chat(vera, agent).json["token"]


def open_chat(client, agent, **body):
    ticket = tickets.issue(agent, origin=None, channel="web")
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket} | body
    return client.post("/api/v1/widget/sessions", json=body, headers=FRAME)


def say(client, token, text=TEXT, client_id="one"):
    body = {"clientId": client_id, "text": text}
    return client.post("/api/v1/widget/messages", json=body, headers={"X-Widget-Token": token})


def transcript(client, token):
    return client.get("/api/v1/widget/messages?after=0", headers={"X-Widget-Token": token}).json["messages"]


def refuse(workspace, *kinds):
    handling = dict.fromkeys(kinds, Handling.REFUSE)
    privacy_settings.decide(workspace, handling=handling, revealed_to=Role.SUPPORT, by=None, now=utc_now())


def everything_stored():
    """Each value of each row of each table, as text."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            for name, value in row._mapping.items():
                yield f"{table.name}.{name}", value.decode("latin-1") if isinstance(value, bytes) else str(value)


def test_the_customer_sees_the_masked_form_and_what_was_masked(vera, token):
    said = say(vera, token)
    assert said.status_code == 201
    assert set(said.json) == {"id", "seq"}
    message = transcript(vera, token)[0]
    assert message["text"] == MASKED
    assert message["masked"] == ["email", "card", "password"]
    assert MAIL not in json.dumps(transcript(vera, token))


def test_no_table_holds_what_was_masked(vera, agent, token):
    say(vera, token)
    open_chat(vera, agent, context={"page": f"{SITE}/me/{MAIL}?p={PASSWORD}", "title": f"Orders of {MAIL}"})
    report = {"kind": "load", "page": f"{SITE}/me/{MAIL}?card={CARD}#{PASSWORD}", "timings": {}}
    tracked = vera.post(
        "/api/v1/widget/track", json={"agentId": agent.public_id, "events": [report]}, headers={"Origin": SITE}
    )
    assert tracked.status_code == 204
    assert [where for where, value in everything_stored() if any(marker in value for marker in MARKERS)] == []
    assert db.session.scalars(select(Event.details)).all()


def test_what_a_page_tells_is_masked_and_addresses_lose_their_query(vera, agent):
    open_chat(vera, agent, context={"page": f"{SITE}/lamps/7?token=abc", "title": f"Hello {MAIL}", "items": 3})
    context = db.session.scalars(select(WidgetSession.context)).one()
    assert context == {"page": f"{SITE}/lamps/7", "title": "Hello [email]", "items": 3}


def test_a_refused_message_leaves_nothing_and_is_not_echoed(vera, workspace, token):
    refuse(workspace, Kind.CARD)
    refused = say(vera, token)
    assert refused.status_code == 422
    assert refused.json["error"]["code"] == "personal_data_refused"
    assert "card numbers" in refused.json["error"]["message"]
    assert not any(marker in refused.text for marker in MARKERS)
    assert transcript(vera, token) == []
    assert db.session.scalars(select(Message)).all() == []
    assert db.session.scalars(select(Answer)).all() == []


def test_the_same_message_again_is_answered_the_same_whatever_was_decided_meanwhile(vera, workspace, token):
    first = say(vera, token)
    refuse(workspace, Kind.EMAIL)
    assert say(vera, token).json == first.json
    assert say(vera, token, client_id="two").status_code == 422


def test_without_scripts_it_is_the_same(vera, workspace, agent):
    page = vera.get(f"/chat/{agent.public_id}", headers={"Sec-Fetch-Dest": "document"}).text
    form = {
        "ticket": re.search(r'data-ticket="([^"]+)"', page).group(1),
        "clientId": "one",
        "text": TEXT,
    }
    answer = vera.post(f"/widget/{agent.public_id}/messages", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert "my password is [password]" in answer.text
    assert not any(marker in answer.text for marker in MARKERS)
    refuse(workspace, Kind.PASSWORD)
    form = {"session": re.search(r'name="session" value="([^"]+)"', answer.text).group(1), "clientId": "two"}
    refused = vera.post(f"/widget/{agent.public_id}/messages", data=form | {"text": f"password: {PASSWORD}"})
    assert refused.status_code == 422
    assert "passwords" in refused.text
    assert [where for where, value in everything_stored() if any(marker in value for marker in MARKERS)] == []
