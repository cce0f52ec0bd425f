"""Originals of masked messages: kept encrypted, opened by few, and every look is noted."""

import json

import pytest
from sqlalchemy import select

from core import conversations, masked_messages, privacy_settings, signing
from core.errors import Conflict, Forbidden, NotFound
from core.privacy import Kind
from core.privacy_settings import Handling, Refused
from gateways.bus import current_bus
from models import db
from models.audits import AuditEntry
from models.conversations import Answer, Message
from models.privacy import MessageOriginal
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate

TEXT = "I am ann@shop.example, my card is 4111 1111 1111 1111"


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def rita(workspace):
    return make_teammate(workspace, "Rita", Role.VIEWER)


def ask(conversation, text=TEXT, client_id="one"):
    return conversations.ask(conversation, client_id=client_id, text=text, now=NOW)


def decide(workspace, handling=None, revealed_to=Role.SUPPORT):
    privacy_settings.decide(workspace, handling=handling or {}, revealed_to=revealed_to, by=None, now=NOW)


def looks():
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == "message.reveal")).all()


# What is stored


def test_a_message_is_stored_and_told_masked(conversation):
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        message = ask(conversation)
        told = json.dumps(list(listener.waiting()))
    assert message.text == "I am [email], my card is [card]"
    assert conversations.as_json(message)["masked"] == ["email", "card"]
    assert "ann@shop" not in told
    assert "[email]" in told


def test_the_original_is_encrypted_for_its_own_row_and_holds_no_card(conversation):
    message = ask(conversation)
    sealed = db.session.get(MessageOriginal, message.id).sealed_text
    assert b"ann@shop" not in sealed
    original = signing.unseal(sealed, bound_to=message.id.bytes).decode()
    assert original == "I am ann@shop.example, my card is [card]"


def test_nothing_is_kept_of_a_message_that_has_nothing_to_seal(conversation):
    for number, text in enumerate(["Hello", "my card is 4111 1111 1111 1111"]):
        ask(conversation, text, client_id=f"c{number}")
    assert db.session.scalars(select(MessageOriginal)).all() == []
    assert "masked" not in db.session.scalars(select(Message).order_by(Message.seq)).first().details


def test_the_same_message_again_is_answered_the_same_and_kept_once(conversation, workspace):
    first = ask(conversation)
    decide(workspace, {Kind.EMAIL: Handling.REFUSE})
    assert ask(conversation).id == first.id
    assert len(db.session.scalars(select(MessageOriginal)).all()) == 1


def test_a_refused_message_leaves_nothing(conversation, workspace):
    decide(workspace, {Kind.CARD: Handling.REFUSE})
    with pytest.raises(Refused):
        ask(conversation)
    assert db.session.scalars(select(Message)).all() == []
    assert db.session.scalars(select(Answer)).all() == []
    assert conversation.last_seq == 0
    assert conversation.last_message_at is None


def test_what_a_workspace_keeps_is_stored_as_it_was_written(conversation, workspace):
    decide(workspace, {Kind.EMAIL: Handling.KEEP})
    assert ask(conversation).text == "I am ann@shop.example, my card is [card]"
    assert db.session.scalars(select(MessageOriginal)).all() == []


def test_a_teammates_words_are_not_masked(conversation, sue):
    message = conversations.write_as_person(conversation, sue, text="Write to us at help@shop.example", now=NOW)
    assert message.text == "Write to us at help@shop.example"


def test_an_original_goes_with_its_message(conversation):
    ask(conversation)
    with db.engine.begin() as connection:
        connection.execute(Message.__table__.delete())
    db.session.expire_all()
    assert db.session.scalars(select(MessageOriginal)).all() == []


# Who sees it


def test_who_may_sees_the_original_and_the_look_is_noted_without_the_words(conversation, sue):
    message = ask(conversation)
    assert masked_messages.reveal(message, by=sue, now=NOW) == "I am ann@shop.example, my card is [card]"
    (entry,) = looks()
    assert (entry.who, entry.subject_kind, entry.subject_id) == ("Sue", "message", str(message.id))
    assert entry.after == {"conversation": str(conversation.id)}
    assert "ann" not in json.dumps([entry.subject_name, entry.before, entry.after])


def test_a_lower_role_sees_nothing_and_nothing_is_noted(conversation, workspace, sue, rita):
    message = ask(conversation)
    with pytest.raises(Forbidden):
        masked_messages.reveal(message, by=rita, now=NOW)
    decide(workspace, revealed_to=Role.ADMIN)
    with pytest.raises(Forbidden):
        masked_messages.reveal(message, by=sue, now=NOW)
    assert looks() == []
    assert not masked_messages.may_reveal(sue)


def test_an_original_that_no_key_opens_says_so(conversation, sue):
    message = ask(conversation)
    db.session.get(MessageOriginal, message.id).sealed_text = signing.seal(b"moved here", bound_to=b"elsewhere")
    with pytest.raises(Conflict):
        masked_messages.reveal(message, by=sue, now=NOW)
    assert looks() == []


def test_a_message_is_found_in_its_own_conversation_and_workspace_only(workspace, other_workspace, agent, conversation):
    message, plain = ask(conversation), ask(conversation, "Hello", client_id="two")
    assert masked_messages.find(workspace, conversation, message.id) == message
    assert masked_messages.with_originals([message, plain]) == {message.id}
    for arguments in (
        (workspace, conversation, plain.id),
        (workspace, make_conversation(agent), message.id),
        (other_workspace, conversation, message.id),
    ):
        with pytest.raises(NotFound):
            masked_messages.find(*arguments)
