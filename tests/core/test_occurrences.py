"""What happens with conversations is told, inside the transaction of it."""

from collections.abc import Iterator

import pytest

from core import conversations, occurrences
from core.occurrences import Kind, Occurrence
from models import db
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate


@pytest.fixture
def told() -> Iterator[list[Occurrence]]:
    heard: list[Occurrence] = []
    occurrences.listen("test", frozenset(Kind), heard.append)
    yield heard
    del occurrences._listeners["test"]


def test_a_conversation_tells_what_happens_with_it(conversation, workspace, told):
    sue = make_teammate(workspace, "Susan", Role.SUPPORT)
    asked = conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    conversations.request_person(conversation, reason="asks", now=NOW)
    said = conversations.write_as_person(conversation, sue, text="Here I am", now=NOW)
    conversations.hand_back(conversation, now=NOW)
    conversations.resolve(conversation, now=NOW)
    conversations.ask(conversation, client_id="2", text="Again", now=NOW)

    assert [one.kind for one in told] == [
        Kind.STARTED,
        Kind.RECEIVED,
        Kind.REQUESTED,
        Kind.ASSIGNED,
        Kind.SENT,
        Kind.RETURNED,
        Kind.RESOLVED,
        Kind.REOPENED,
        Kind.RECEIVED,
    ]
    assert [one.message for one in told[1:5]] == [asked, None, None, said]
    assert (told[3].by, told[4].by) == (sue, sue)


def test_nobody_is_told_of_the_preview(agent, told):
    conversation = make_conversation(agent, channel="preview")
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    assert told == []


def test_what_cannot_be_told_has_not_happened(conversation):
    def refuse(_occurrence: Occurrence) -> None:
        raise RuntimeError("full")

    occurrences.listen("test", frozenset({Kind.RECEIVED}), refuse)
    try:
        with pytest.raises(RuntimeError):
            conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    finally:
        del occurrences._listeners["test"]
    db.session.expire_all()
    assert conversation.last_seq == 0
