"""Exports: complete, and no more than may be told."""

import json
from datetime import timedelta

from core import answers, conversations, customer_exports, memory, refresh_secrets, risks
from core.customers import tell, verified
from models.customers import FactSource, WidgetSession
from models.protection import Block, RiskMark, Signal
from models.teammates import Role
from tests.conftest import NOW, keep, make_conversation, make_customer, make_teammate
from tests.core.test_customers import identity


def talked(agent, customer):
    conversation = make_conversation(agent, customer)
    message = conversations.ask(conversation, client_id="a-1", text="My card is 4111 1111 1111 1111", now=NOW)
    answers.produce(message.id)
    conversations.write_as_person(conversation, make_teammate_of(agent), text="Do not tell us that.", now=NOW)
    family = refresh_secrets.begin(agent, customer, lifetime=timedelta(days=1), now=NOW).family
    keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            conversation_id=conversation.id,
            family_id=family.id,
            parent_origin="https://example.com",
            browser="Firefox on Linux",
            address="203.0.113.7",
            context={"page": "/lamps"},
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
    )
    return conversation


def make_teammate_of(agent):
    from models import db
    from models.teammates import Workspace

    return make_teammate(db.session.get_one(Workspace, agent.workspace_id), "Sue", Role.SUPPORT)


def test_everything_is_in_it(workspace, agent):
    marta = verified(workspace, identity("c-1", name="Marta", plan="Gold"), now=NOW)
    tell(marta, {"id": "c-1", "email": "m@example.com", "customAttributes": {"plan": "Free", "cart": 3}}, now=NOW)
    memory.remember(marta, "Prefers brass", source=FactSource.CUSTOMER, now=NOW)
    conversation = talked(agent, marta)
    export = json.loads(json.dumps(customer_exports.own(marta, now=NOW)))
    assert export["customer"]["profile"] == [
        {"name": "number", "value": "c-1", "verified": True},
        {"name": "name", "value": "Marta", "verified": True},
        {"name": "email", "value": "m@example.com", "verified": False},
    ]
    assert export["customer"]["attributes"] == [
        {"name": "plan", "value": "Gold", "verified": True},
        {"name": "cart", "value": 3, "verified": False},
    ]
    assert export["customer"]["alsoTold"]["attributes"]["plan"] == "Free"
    assert export["memory"][0]["text"] == "Prefers brass"
    [told] = export["conversations"]
    assert (told["id"], told["agent"], told["website"]) == (str(conversation.id), "Lumi", "https://example.com")
    assert [message["number"] for message in told["messages"]] == list(range(1, len(told["messages"]) + 1))
    assert {message["from"] for message in told["messages"]} == {"customer", "agent", "system", "person"}
    assert told["messages"][0]["outcome"] == "unanswered"
    assert told["messages"][-1]["name"] == "Sue"
    [session] = export["sessions"]
    assert (session["browser"], session["address"]) == ("Firefox on Linux", "203.0.113.7")
    assert session["toldByThePage"] == {"page": "/lamps"}


def test_what_is_masked_stays_masked(workspace, agent):
    marta = make_customer(workspace.id, "Marta")
    talked(agent, marta)
    assert "4111" not in json.dumps(customer_exports.whole(marta, now=NOW))


def test_only_the_workspace_gets_what_it_thinks_of_somebody(workspace):
    marta = make_customer(workspace.id, "Marta")
    keep(Block(workspace_id=workspace.id, customer_id=marta.id, reason="Rude", created_at=NOW))
    keep(
        RiskMark(
            workspace_id=workspace.id,
            subject=risks.of_customer(marta.id),
            signal=Signal.VELOCITY,
            points=30,
            detail="40 messages",
            created_at=NOW,
            expires_at=NOW,
        )
    )
    whole = customer_exports.whole(marta, now=NOW)
    assert (whole["blocks"][0]["reason"], whole["risk"][0]["signal"]) == ("Rude", "velocity")
    assert "Rude" not in json.dumps(customer_exports.own(marta, now=NOW))


def test_nothing_of_anybody_else_is_in_it(workspace, agent):
    marta, jonas = make_customer(workspace.id, "Marta"), make_customer(workspace.id, "Jonas")
    memory.remember(jonas, "Prefers brass", source=FactSource.CUSTOMER, now=NOW)
    talked(agent, jonas)
    export = customer_exports.whole(marta, now=NOW)
    assert (export["memory"], export["conversations"], export["sessions"]) == ([], [], [])
    assert "Jonas" not in json.dumps(export)
