"""What an answer is made from: handed over while it is fresh, read anew otherwise, and in one pair of hands."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core import conversations, owed_answers
from core.clock import utc_now
from core.owed_answers import Owed
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer
from models.teammates import Workspace


@pytest.fixture
def owed(conversation):
    """What was stored just now, as whoever stores it has it."""
    asked = conversations.ask_once(
        conversation, client_id="one", text="Where is my lamp?", answers_itself=True, now=utc_now()
    )
    of = db.session.get_one(Agent, conversation.agent_id), db.session.get_one(Workspace, conversation.workspace_id)
    yield Owed(asked.answer, asked.message, conversation, *of, conversation.customer)
    owed_answers._handed_over.clear()


def change_elsewhere(owed, **values):
    with transaction():
        table = Answer.__table__
        db.session.execute(update(table).where(table.c.message_id == owed.message.id).values(**values))


def taken_by_another_session(owed, **how):
    number, told = owed.message.id, {"is_claimed": True, "now": utc_now()} | how
    db.session.remove()
    return owed_answers.take(number, **told)


def test_what_was_handed_over_is_not_read_again(owed):
    owed_answers.hand_over(owed)
    change_elsewhere(owed, attempts=7)
    taken = taken_by_another_session(owed)
    assert taken.answer.attempts == 1
    assert taken.message.text == "Where is my lamp?"
    # Of its own session: who has stored them goes on with theirs.
    assert not {id(row) for row in taken} & {id(row) for row in owed}
    assert all(row in db.session for row in taken)


def test_what_has_waited_for_a_thread_is_read_anew(owed, monkeypatch):
    monkeypatch.setattr(owed_answers, "_FRESH", -1.0)
    owed_answers.hand_over(owed)
    change_elsewhere(owed, attempts=7)
    assert taken_by_another_session(owed).answer.attempts == 7


def test_what_was_handed_over_is_taken_once(owed):
    owed_answers.hand_over(owed)
    change_elsewhere(owed, finished_at=utc_now())
    assert taken_by_another_session(owed).answer.finished_at is None
    assert taken_by_another_session(owed) is None


def test_whose_time_has_run_out_has_lost_it_to_who_was_faster(owed):
    later = utc_now() + conversations.LEASE + timedelta(seconds=1)
    owed_answers.hand_over(owed)
    change_elsewhere(owed, claimed_until=later + conversations.LEASE, attempts=2)
    assert taken_by_another_session(owed, now=later) is None


def test_whose_time_has_run_out_may_take_it_again_where_nobody_has(owed):
    owed_answers.hand_over(owed)
    later = utc_now() + conversations.LEASE + timedelta(seconds=1)
    assert taken_by_another_session(owed, now=later).answer.attempts == 2


def test_nobody_takes_what_is_in_other_hands_or_was_erased(owed):
    assert owed_answers.take(owed.message.id, is_claimed=False, now=utc_now()) is None
    number = owed.message.id
    with transaction():
        db.session.delete(db.session.get_one(Answer, number))
    assert owed_answers.take(number, is_claimed=True, now=utc_now()) is None


def test_what_nobody_comes_for_is_forgotten(owed, monkeypatch):
    monkeypatch.setattr(owed_answers, "_MOST", 2)
    for number in range(5):
        owed_answers.hand_over(owed._replace(message=type("Message", (), {"id": number})()))
    assert list(owed_answers._handed_over) == [3, 4]
