"""What a transaction is, and what is stored in one."""

import pytest
from sqlalchemy import select

from core.clock import utc_now
from core.conversations.storing import add
from models import db, transaction, write_row
from models.agents import Event, EventKind
from models.answering import AnswerTrace
from models.conversations import Sender
from tests.conftest import make_conversation


def note(agent):
    write_row(
        Event,
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        kind=EventKind.MESSAGE,
        origin="https://example.com",
        details={"channel": "web"},
        created_at=utc_now(),
    )


def test_a_row_that_is_written_is_stored_with_its_own_id(agent):
    with transaction():
        note(agent)
        note(agent)
        assert not [row for row in db.session if isinstance(row, Event)]
    events = db.session.scalars(select(Event)).all()
    assert [(event.kind, event.details) for event in events] == [(EventKind.MESSAGE, {"channel": "web"})] * 2
    assert len({event.id for event in events}) == 2


def test_a_row_that_is_written_goes_with_its_transaction(agent):
    def fail():
        with transaction():
            note(agent)
            raise RuntimeError("afterwards")

    with pytest.raises(RuntimeError, match="afterwards"):
        fail()
    assert db.session.scalars(select(Event)).all() == []


def test_what_a_written_row_refers_to_may_have_been_added_just_now(agent):
    given = make_conversation(agent)
    with transaction():
        message = add(given, Sender.AGENT, "On Mondays.", now=utc_now())
        write_row(
            AnswerTrace,
            message_id=message.id,
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            conversation_id=given.id,
            content={},
            created_at=utc_now(),
        )
    kept = db.session.scalars(select(AnswerTrace)).one()
    assert (kept.message_id, kept.cost, kept.milliseconds) == (message.id, 0, 0.0)
