"""The built-in answer in words."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from core import knowledge, replies, retrievals
from core.answering import Ranking
from core.replies import Reply, Said, Speaker
from core.replies.repeating import shortened
from core.retrievals import Found
from core.widget_words import say
from models import db, transaction
from models.conversations import Outcome
from models.knowledge import Entry
from tests.conftest import NOW


@pytest.fixture
def found(agent, monkeypatch):
    """Has the agent find these questions, none of them for sure."""

    def find(*questions):
        ids = [
            str(knowledge.add(agent, question=one, answer="So.", phrasings=(), by=None, now=NOW).id)
            for one in questions
        ]
        ranking = Ranking([(one, 0.3) for one in ids], "suggested", None, ids, 0.3, 1.0)
        monkeypatch.setattr(retrievals, "search", lambda *_further, **_named: Found(ranking, "what"))

    return find


def test_what_goes_by_the_same_words_is_offered_once(agent, found):
    found("Returns: How long", "Returns: How long", "Shipping")
    reply = replies.compose(agent, "how long may it be out there")
    assert reply.details["suggestions"] == ["Returns: How long", "Shipping"]
    assert "one of these" in reply.text


def test_one_question_is_offered_as_one(agent, found):
    found("Returns: How long", "Returns: How long")
    reply = replies.compose(agent, "how long may it be out there")
    assert (reply.details["suggestions"], "one of these" in reply.text) == (["Returns: How long"], False)


def test_an_answer_to_one_of_two_questions_asks_about_the_other_alone(agent, found, monkeypatch):
    found("Returns", "Shipping")
    told, whole = (
        retrievals.search(agent, "", language="en").ranking.suggestions,
        Ranking([], "unanswered", None, [], 0, 1),
    )
    answered = Ranking([(told[0], 0.9)], "answered", told[0], [], 0.9, 1.0)
    unsure = Ranking([(told[1], 0.3)], "suggested", None, [told[1]], 0.3, 1.0)
    each = [Found(answered, "one"), Found(unsure, "other")]
    monkeypatch.setattr(retrievals, "search", lambda *_further, **_named: Found(whole, "both"))
    monkeypatch.setattr(retrievals, "search_each", lambda *_further, **_named: each)
    reply = replies.compose(agent, "both")
    assert reply.text == f"So.\n\n{say('en', 'reply_unsure_other_of_one')}"
    assert reply.details["suggestions"] == ["Shipping"]


SUGGESTION = Reply(say("en", "reply_unsure_of_one"), Outcome.SUGGESTED, {"suggestions": ["Returns"]})


@pytest.mark.parametrize(
    ("reply", "times", "is_shorter"),
    [
        (Reply("Within 30 days.", Outcome.ANSWERED), 2, True),
        (Reply("Within 30 days.", Outcome.ANSWERED), 1, False),
        (Reply("Within 30 days.", Outcome.SMALL_TALK), 2, False),
        (Reply("Shall I?", Outcome.ANSWERED, {"confirm": {"id": "1"}}), 2, False),
        (SUGGESTION, 2, True),
        (replace(SUGGESTION, details={"suggestions": ["Shipping"]}), 2, False),
    ],
)
def test_what_was_said_twice_is_not_said_at_length_again(reply, times, is_shorter):
    speaker = Speaker("Nia", has_people=True, language="en", words={})
    before = Said(reply.text, SUGGESTION.details if reply.outcome is Outcome.SUGGESTED else {})
    again = shortened(reply, speaker, "How long?", lambda: [before] * times)
    assert again.text == (say("en", "reply_repeated_but_person") if is_shorter else reply.text)
    assert bool(again.details.get("offer_person")) is is_shorter


def put_away(question):
    with transaction():
        db.session.execute(update(Entry).where(Entry.question == question).values(archived_at=NOW))


def test_what_was_put_away_a_moment_ago_is_not_offered(agent, found):
    """The index of a large agent is a moment older than its knowledge."""
    found("Returns", "Shipping")
    put_away("Returns")
    assert replies.compose(agent, "how long may it be out there").details["suggestions"] == ["Shipping"]
    put_away("Shipping")
    reply = replies.compose(agent, "how long may it be out there")
    assert (reply.outcome, "suggestions" in reply.details) == (Outcome.UNANSWERED, False)


OFFERED = {"suggestions": ["Returns", "Shipping"], "offer_person": True}


@pytest.fixture
def taught(agent):
    for question in ("Returns", "Shipping", "Opening hours"):
        knowledge.add(agent, question=question, answer=f"All about {question}.", phrasings=(), by=None, now=NOW)
    return agent


def test_one_of_the_questions_offered_is_chosen_by_its_place(taught):
    assert replies.compose(taught, "the second one", offer=OFFERED).text == "All about Shipping."


@pytest.mark.parametrize(
    ("text", "offer", "key"),
    [
        ("yes", OFFERED, "talk_which"),
        ("none of these", OFFERED, "talk_sorry_but_person"),
        ("no thanks", {"offer_person": True}, "talk_no"),
        ("no", {}, "talk_no"),
        ("yes", {}, "talk_help"),
        ("that doesn't help", {}, "talk_sorry_but_person"),
        ("I have a question", {}, "talk_help"),
        ("?!", {}, "talk_unclear"),
        ("42", {}, "talk_unclear"),
    ],
)
def test_what_is_said_of_the_conversation_is_answered_as_such(taught, text, offer, key):
    assert replies.compose(taught, text, offer=offer).text == say("en", key)


def test_an_answer_of_ones_own_comes_before_what_we_say(agent):
    knowledge.add(agent, question="Support", answer="Ring the bell.", phrasings=("support",), by=None, now=NOW)
    assert replies.compose(agent, "support").text == "Ring the bell."


def test_a_model_hears_a_no_itself_unless_we_offered_something(taught):
    said = Reply("Then what else?", Outcome.ANSWERED)
    assert replies.compose(taught, "no", generate=lambda _found, _config: said) is said
