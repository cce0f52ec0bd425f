"""Memory: bounded, masked, and the customer's own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import conversations, memory
from core.errors import Conflict, Invalid, NotFound
from core.privacy import Kind
from core.privacy_settings import Handling, Refused, decide
from models import db
from models.customers import Customer, Fact, FactSource
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_customer, make_teammate

LATER = NOW + timedelta(days=1)


@pytest.fixture
def customer(workspace) -> Customer:
    return make_customer(workspace.id, "Marta")


@pytest.fixture
def sue_herself(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def remember(customer, text, **changes):
    return memory.remember(customer, text, **({"source": FactSource.CUSTOMER, "now": NOW} | changes))


def test_a_fact_is_kept_with_where_it_is_from(customer, agent, sue_herself):
    said_in = make_conversation(agent, customer)
    fact = remember(
        customer, "  Prefers\n brass ", source=FactSource.TEAMMATE, conversation=said_in, by=sue_herself, now=LATER
    )
    db.session.expire_all()
    assert (fact.text, fact.source, fact.teammate.name) == ("Prefers brass", FactSource.TEAMMATE, "Sue")
    assert (fact.conversation_id, fact.created_at, fact.updated_at) == (said_in.id, LATER, LATER)


def test_the_newest_comes_first_and_what_ran_out_does_not_come(customer):
    remember(customer, "Lives in Oslo")
    remember(customer, "Has a dog", now=LATER)
    remember(customer, "On holiday", expires_at=LATER)
    assert [fact.text for fact in memory.facts_of(customer, now=LATER)] == ["Has a dog", "Lives in Oslo"]
    memory.clear_expired(now=LATER)
    assert len(db.session.scalars(select(Fact)).all()) == 2


def test_the_same_twice_is_one(customer):
    first = remember(customer, "Prefers BRASS", expires_at=LATER + timedelta(days=1))
    second = remember(customer, "prefers brass", now=LATER)
    assert first.id == second.id
    assert (second.text, second.updated_at, second.created_at, second.expires_at) == ("prefers brass", LATER, NOW, None)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 301, None, 7, ["x"]])
def test_what_is_no_short_text_is_not_kept(customer, text):
    with pytest.raises(Invalid):
        remember(customer, text)
    assert memory.facts_of(customer, now=NOW) == []


def test_there_is_room_for_fifty_that_are_not_over(customer):
    remember(customer, "Over", expires_at=NOW)
    for number in range(memory.MOST):
        remember(customer, f"Fact {number}")
    with pytest.raises(Conflict, match="50 facts"):
        remember(customer, "One too many")
    remember(customer, "FACT 7")
    memory.forget(memory.facts_of(customer, now=NOW)[0])
    remember(customer, "One that fits")


def test_personal_data_is_masked_as_in_messages(customer):
    fact = remember(customer, "Paid with card 4111 1111 1111 1111")
    assert "4111" not in fact.text
    memory.correct(fact, "Call them: +44 20 7946 0958", source=FactSource.CUSTOMER, now=LATER)
    assert "7946" not in fact.text


def test_what_the_workspace_refuses_is_not_kept(customer, workspace):
    decide(workspace, handling={Kind.CARD: Handling.REFUSE}, revealed_to=Role.OWNER, by=None, now=NOW)
    with pytest.raises(Refused, match="not kept here"):
        remember(customer, "Paid with card 4111 1111 1111 1111")
    assert memory.facts_of(customer, now=NOW) == []


def test_who_corrects_is_whom_it_comes_from(customer, sue_herself):
    fact = remember(customer, "Prefers brass", source=FactSource.SITE)
    memory.correct(fact, "Prefers copper", source=FactSource.TEAMMATE, by=sue_herself, now=LATER)
    assert (fact.text, fact.source, fact.teammate_id, fact.updated_at) == (
        "Prefers copper",
        FactSource.TEAMMATE,
        sue_herself.id,
        LATER,
    )
    with pytest.raises(Invalid):
        memory.correct(fact, "", source=FactSource.CUSTOMER, now=LATER)


def test_a_fact_about_somebody_else_is_not_found(customer, workspace):
    fact = remember(make_customer(workspace.id, "Jonas"), "Prefers brass")
    with pytest.raises(NotFound):
        memory.find(customer, fact.id)


def test_it_follows_the_conversation_that_turns_out_to_be_somebodys(workspace, agent):
    visitor, signed = make_customer(workspace.id), make_customer(workspace.id, "Marta")
    said_in = make_conversation(agent, visitor)
    remember(visitor, "Prefers brass", conversation=said_in)
    remember(visitor, "Was here before")
    conversations.join(said_in, signed, now=LATER)
    assert [fact.text for fact in memory.facts_of(signed, now=LATER)] == ["Prefers brass"]
    assert [fact.text for fact in memory.facts_of(visitor, now=LATER)] == ["Was here before"]
