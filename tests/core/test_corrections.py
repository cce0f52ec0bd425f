import pytest
from sqlalchemy import select

from core import audits, conversations, corrections, knowledge
from core.audits import Wanted
from core.errors import Conflict, Invalid, NotFound
from models import db
from models.conversations import Answer, Outcome
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate


@pytest.fixture
def eddy(workspace):
    return make_teammate(workspace, "Eddy", Role.EDITOR)


@pytest.fixture
def wrong(agent, eddy):
    return knowledge.add(
        agent,
        question="Where do you ship?",
        answer="Everywhere.",
        phrasings=["How long does it take?", "Which countries?"],
        by=eddy,
        now=NOW,
    )


@pytest.fixture
def reply(agent, conversation, wrong):
    message = conversations.ask(conversation, client_id="client-1", text="How long does it take?", now=NOW)
    said = conversations.reply(conversation, text="Everywhere.", details={}, now=NOW)
    answer = db.session.get_one(Answer, message.id)
    answer.reply_id, answer.outcome, answer.entry_id, answer.finished_at = said.id, Outcome.ANSWERED, wrong.id, NOW
    db.session.commit()
    return said


def phrasings(entry):
    db.session.expire_all()
    return [phrasing.text for phrasing in entry.phrasings]


def test_a_new_answer_is_taught_and_the_wrong_one_loses_the_question(agent, conversation, reply, wrong, eddy):
    answered = corrections.find(conversation, reply.id)
    entry = corrections.teach_answer(answered, question=answered.question, answer="Three days.", by=eddy, now=NOW)
    assert (entry.question, entry.answer) == ("How long does it take?", "Three days.")
    assert phrasings(wrong) == ["Which countries?"]
    assert db.session.scalar(select(Answer.settled_at)) == NOW
    [entry] = [one for one in audits.page(agent.workspace_id, Wanted()).entries if one.action == "answer.correct"]
    assert "How long" not in str(entry.after)


def test_another_entry_answers_it_the_next_time(agent, conversation, reply, wrong, eddy):
    right = knowledge.add(agent, question="Delivery time", answer="Three days.", by=eddy, now=NOW)
    corrections.point_to(corrections.find(conversation, reply.id), right, by=eddy, now=NOW)
    assert phrasings(right) == ["How long does it take?"]
    assert phrasings(wrong) == ["Which countries?"]


def test_what_may_fit_better_is_offered_without_what_was_wrong(agent, conversation, reply, wrong, eddy):
    right = knowledge.add(agent, question="How long is the delivery time?", answer="Three days.", by=eddy, now=NOW)
    knowledge.learn_now(agent)
    assert [entry.id for entry in corrections.better_entries(corrections.find(conversation, reply.id))] == [right.id]


def test_the_question_of_the_wrong_entry_itself_is_refused(conversation, reply, wrong, eddy):
    answered = corrections.find(conversation, reply.id)
    with pytest.raises(Conflict, match="Change its answer"):
        corrections.teach_answer(answered, question="where do you ship?", answer="To Norway.", by=eddy, now=NOW)


@pytest.mark.parametrize(("question", "answer"), [("", "Three days."), ("How long?", " ")])
def test_nothing_is_learned_from_half_a_correction(conversation, reply, wrong, eddy, question, answer):
    with pytest.raises(Invalid):
        corrections.teach_answer(
            corrections.find(conversation, reply.id), question=question, answer=answer, by=eddy, now=NOW
        )
    assert phrasings(wrong) == ["How long does it take?", "Which countries?"]


def test_only_answers_of_this_conversation_are_found(agent, conversation, reply):
    with pytest.raises(NotFound):
        corrections.find(make_conversation(agent), reply.id)
    question = conversations.messages_after(conversation.id, 0)[0]
    with pytest.raises(NotFound):
        corrections.find(conversation, question.id)
