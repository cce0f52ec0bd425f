import uuid
from datetime import timedelta

import pytest

from core import knowledge, unanswered
from core.errors import Invalid, NotFound
from models import db
from models.conversations import Answer, Conversation, Message, Outcome, Sender
from models.customers import Customer, Standing
from tests.conftest import NOW, keep, make_agent

LATER = NOW + timedelta(hours=1)


def ask(agent, text, *, outcome=Outcome.UNANSWERED, minutes=0, channel="web"):
    """A customer has asked this, and it came out like that."""
    asked_at = NOW + timedelta(minutes=minutes)
    customer = keep(make_customer(agent, asked_at))
    conversation = keep(
        Conversation(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            channel=channel,
            created_at=asked_at,
            last_message_at=asked_at,
        )
    )
    message = keep(
        Message(
            workspace_id=agent.workspace_id,
            conversation_id=conversation.id,
            seq=1,
            sender=Sender.CUSTOMER,
            text=text,
            details={},
            created_at=asked_at,
        )
    )
    keep(
        Answer(
            message_id=message.id,
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            conversation_id=conversation.id,
            outcome=outcome,
            finished_at=asked_at,
            created_at=asked_at,
        )
    )
    return message


def make_customer(agent, asked_at):
    return Customer(
        workspace_id=agent.workspace_id,
        standing=Standing.ANONYMOUS,
        attributes={},
        created_at=asked_at,
        last_seen_at=asked_at,
    )


def open_texts(agent):
    return [question.text for question in unanswered.listed(agent)]


def test_open_questions_are_listed_the_latest_first(agent, other_agent):
    ask(agent, "Do you repair lamps?")
    ask(agent, "Is it loud?", outcome=Outcome.SUGGESTED, minutes=1)
    ask(agent, "Hello", outcome=Outcome.SMALL_TALK, minutes=2)
    ask(agent, "Where?", outcome=Outcome.ANSWERED, minutes=3)
    ask(agent, "Trying it out", minutes=4, channel="preview")
    ask(other_agent, "Somebody else's?", minutes=5)
    assert open_texts(agent) == ["Is it loud?", "Do you repair lamps?"]
    assert [question.was_offered_others for question in unanswered.listed(agent)] == [True, False]


def test_a_question_in_several_spellings_is_one(agent):
    ask(agent, "Do you repair lamps?")
    ask(agent, "do you  REPAIR lamps", minutes=1)
    [question] = unanswered.listed(agent)
    assert (question.text, question.times) == ("do you  REPAIR lamps", 2)
    assert question.asked_at == NOW + timedelta(minutes=1)


def test_an_answer_settles_all_that_asked_for_it(agent):
    ask(agent, "Do you repair lamps?")
    ask(agent, "do you repair lamps")
    ask(agent, "Lamp broken")
    ask(agent, "Is it loud?")
    entry = unanswered.answer(
        agent,
        asked="do you repair lamps",
        question="Which repairs do you do?",
        answer="Lamps.",
        phrasings=["Lamp broken"],
        by=None,
        now=LATER,
    )
    assert open_texts(agent) == ["Is it loud?"]
    assert knowledge.listed(agent).entries == [entry]


def test_an_answer_that_is_refused_settles_nothing(agent):
    message = ask(agent, "Do you repair lamps?")
    with pytest.raises(Invalid):
        unanswered.answer(agent, asked=message.text, question="Repairs?", answer="", phrasings=[], by=None, now=LATER)
    assert open_texts(agent) == ["Do you repair lamps?"]
    assert knowledge.count_live(agent) == 0


def test_the_beginning_of_a_long_question_means_it(agent):
    ask(agent, "My lamp is broken. " * 60)
    [question] = unanswered.listed(agent)
    assert len(question.short) == 300
    unanswered.answer(
        agent, asked=question.short, question="Broken?", answer="Sorry.", phrasings=[], by=None, now=LATER
    )
    assert open_texts(agent) == []


def test_a_question_becomes_another_way_to_ask(agent):
    entry = knowledge.add(agent, question="Repairs?", answer="Yes.", phrasings=["Fix it"], by=None, now=NOW)
    question = unanswered.find(agent, ask(agent, "Do you mend\nthings?").id)
    unanswered.add_as_phrasing(agent, question, entry, by=None, now=LATER)
    assert [phrasing.text for phrasing in entry.phrasings] == ["Fix it", "Do you mend things?"]
    assert open_texts(agent) == []


def test_a_way_to_ask_that_is_known_is_not_added_twice(agent):
    entry = knowledge.add(agent, question="Repairs?", answer="Yes.", phrasings=["Fix it"], by=None, now=NOW)
    for text in ("fix it", "REPAIRS?"):
        unanswered.add_as_phrasing(agent, unanswered.find(agent, ask(agent, text).id), entry, by=None, now=LATER)
    assert len(entry.phrasings) == 1
    assert open_texts(agent) == []


def test_a_full_entry_takes_no_more_and_the_question_stays(agent):
    ways = [f"Way {number}" for number in range(50)]
    entry = knowledge.add(agent, question="Repairs?", answer="Yes.", phrasings=ways, by=None, now=NOW)
    question = unanswered.find(agent, ask(agent, "Do you mend things?").id)
    with pytest.raises(Invalid, match="has 50 other ways"):
        unanswered.add_as_phrasing(agent, question, entry, by=None, now=LATER)
    assert open_texts(agent) == ["Do you mend things?"]


def test_a_question_that_is_not_for_us_goes_with_its_repetitions(agent):
    message = ask(agent, "Who won the match?")
    ask(agent, "who won the match")
    unanswered.dismiss(agent, unanswered.find(agent, message.id), now=LATER)
    assert open_texts(agent) == []
    assert db.session.get(Answer, message.id, populate_existing=True).settled_at == LATER


def test_what_is_settled_or_a_strangers_is_not_found(workspace, agent, other_agent):
    message = ask(agent, "Who won the match?")
    for stranger in (other_agent, make_agent(workspace, name="Sibling")):
        with pytest.raises(NotFound):
            unanswered.find(stranger, message.id)
    with pytest.raises(NotFound):
        unanswered.find(agent, uuid.uuid4())
    unanswered.dismiss(agent, unanswered.find(agent, message.id), now=LATER)
    with pytest.raises(NotFound, match="dealt with already"):
        unanswered.find(agent, message.id)


def test_the_closest_entries_are_offered(agent):
    knowledge.add(agent, question="Which cards do you take?", answer="All.", phrasings=[], by=None, now=NOW)
    repairs = knowledge.add(agent, question="Do you repair lamps?", answer="Yes.", phrasings=[], by=None, now=NOW)
    question = unanswered.find(agent, ask(agent, "repair my lamp").id)
    assert unanswered.suggested_entries(agent, question)[0] == repairs


def test_what_means_the_same_is_one_question_with_its_other_words(agent):
    ask(agent, "Do you repair broken lamps?")
    ask(agent, "Can you repair a broken lamp?", minutes=1)
    ask(agent, "Which cards do you take?", minutes=2)
    cards, repairs = unanswered.listed(agent)
    assert (cards.text, cards.others) == ("Which cards do you take?", ())
    assert (repairs.text, repairs.others, repairs.times) == (
        "Can you repair a broken lamp?",
        ("Do you repair broken lamps?",),
        2,
    )
    assert unanswered.ways_to_ask(agent, repairs.text) == ["Do you repair broken lamps?"]


def test_one_answer_settles_all_that_meant_it_and_its_words_become_phrasings(agent):
    ask(agent, "Do you repair broken lamps?")
    message = ask(agent, "Can you repair a broken lamp?", minutes=1)
    entry = knowledge.add(agent, question="Workshop?", answer="Yes.", by=None, now=NOW)
    unanswered.add_as_phrasing(agent, unanswered.find(agent, message.id), entry, by=None, now=LATER)
    assert open_texts(agent) == []
    assert {phrasing.text for phrasing in entry.phrasings} == {
        "Do you repair broken lamps?",
        "Can you repair a broken lamp?",
    }


def test_without_a_model_of_meaning_spelling_alone_counts(agent, monkeypatch):
    monkeypatch.setattr(unanswered.embeddings, "load", lambda: None)
    ask(agent, "Do you repair broken lamps?")
    ask(agent, "Can you repair a broken lamp?", minutes=1)
    assert len(unanswered.listed(agent)) == 2
