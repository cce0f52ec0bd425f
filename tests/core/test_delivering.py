"""How an answer that was worked out is stored: what it cost counts, whether or not anybody reads it."""

import pytest
from sqlalchemy import select

from core import answers, conversations, delivering, tool_calls
from core.clock import utc_now
from core.growing import Growing
from core.replies import Reply
from core.traces import Attempt, Trace
from models import db, new_id, transaction
from models.answering import ModelUse
from models.conversations import Answer, Outcome, Sender

REPLY = Reply("In the post.", Outcome.ANSWERED, {"name": "Lumi"})


@pytest.fixture
def question(conversation):
    return conversations.ask(conversation, client_id="one", text="Where is my lamp?", now=utc_now())


def deliver(question, conversation):
    trace = Trace(attempts=[Attempt("Small", input_tokens=100, output_tokens=20, cost=300)])
    growing = Growing(conversation.id, new_id())
    delivering.deliver(REPLY, question.id, conversation, growing=growing, trace=trace, now=utc_now())
    db.session.expire_all()
    said = [one.text for one in conversations.messages_after(conversation.id, 0) if one.sender is Sender.AGENT]
    used = db.session.scalars(select(ModelUse)).one_or_none()
    return said, used and (used.answers, used.input_tokens, used.output_tokens, used.cost)


def fetch_a_person(conversation, _question):
    conversations.request_person(conversation, reason="asked for a person", now=utc_now())


def let_others_answer(_conversation, question):
    with transaction():
        db.session.get_one(Answer, question.id).finished_at = utc_now()


@pytest.mark.parametrize("meanwhile", [fetch_a_person, let_others_answer])
def test_an_answer_that_comes_too_late_has_its_price_all_the_same(conversation, question, meanwhile):
    meanwhile(conversation, question)
    assert deliver(question, conversation) == ([], (1, 100, 20, 300))


def test_an_answer_that_is_delivered_is_counted_once(conversation, question):
    assert deliver(question, conversation) == (["In the post."], (1, 100, 20, 300))
    answered = db.session.get_one(Answer, question.id)
    assert answered.finished_at is not None
    assert answered.reply_id is not None
    assert deliver(question, conversation)[0] == ["In the post."]


@pytest.fixture
def waits(monkeypatch):
    """Whether each answer waited for the disk."""
    found = []

    def noted(*, is_made_again=False):
        found.append(not is_made_again)
        return transaction(is_made_again=is_made_again)

    monkeypatch.setattr(delivering, "transaction", noted)
    return found


def test_an_answer_that_would_be_made_again_waits_for_no_disk(question, waits):
    answers.produce(question.id)
    assert waits == [False]


def test_an_answer_with_which_people_are_called_waits_for_the_disk(conversation, waits):
    asked = conversations.ask(conversation, client_id="one", text="I want to talk to a person", now=utc_now())
    answers.produce(asked.id)
    assert waits == [True]


def test_what_became_of_a_confirmed_call_is_on_the_disk_as_the_call_is(conversation, waits, monkeypatch):
    """Worked out again, it would say that the question is closed, and to ask once more."""
    monkeypatch.setattr(tool_calls, "confirm", lambda *_arguments, **_named: REPLY)
    offer = {"confirm": {"id": str(new_id())}}
    conversations.reply(conversation, text="Shall I cancel it?", details=offer, now=utc_now())
    asked = conversations.ask(conversation, client_id="one", text="yes", now=utc_now())
    answers.produce(asked.id)
    assert waits == [True]
