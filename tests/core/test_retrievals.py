"""A question is understood from the conversation it stands in, and answered with what fits it of a long text."""

import pytest

from core import answers, conversations, knowledge, replies
from core.clock import utc_now
from models import db
from models.conversations import Message, Outcome, Sender
from tests.core.answering.test_excerpts import ARTICLE

ENTRIES = {
    "How long does delivery take?": "Parcels arrive within 3 to 5 working days.",
    "What does delivery cost?": "Delivery costs 4 euros, and nothing from 50 euros on.",
    "How long does delivery to Switzerland take?": "Parcels to Switzerland arrive within 8 working days.",
    "Which payment methods do you accept?": "Visa, Mastercard and PayPal.",
}


@pytest.fixture
def taught(agent):
    for question, answer in ENTRIES.items():
        knowledge.add(agent, question=question, answer=answer, by=None, now=utc_now())
    knowledge.learn_now(agent)
    return agent


@pytest.fixture
def said(taught, conversation):
    def say(text: str) -> Message:
        number = f"message-{conversation.last_seq}"
        asked = conversations.ask(conversation, client_id=number, text=text, now=utc_now())
        answers.produce(asked.id)
        db.session.expire_all()
        replied = conversations.messages_after(conversation.id, asked.seq)
        return next(message for message in replied if message.sender is Sender.AGENT)

    return say


def test_half_a_question_is_understood_from_the_one_before(said):
    assert said("How long does delivery take?").text.startswith("Parcels arrive within 3")
    assert said("and to Switzerland?").text.startswith("Parcels to Switzerland")
    assert said("and how much does it cost?").text.startswith("Delivery costs 4 euros")


def test_thanks_between_two_questions_is_not_what_the_second_leans_on(said):
    said("How long does delivery take?")
    said("ok thanks")
    assert said("and to Switzerland?").text.startswith("Parcels to Switzerland")


def test_the_same_words_once_more_are_no_answer(said):
    said("Which payment methods do you accept?")
    assert "Visa" not in said("and for kids?").text


def test_a_conversation_knows_nothing_of_another(taught, said):
    said("How long does delivery take?")
    assert replies.compose(taught, "and for kids?").outcome is not Outcome.ANSWERED


def test_of_a_long_answer_the_best_comes_first_and_all_of_it_can_be_read(agent, said):
    knowledge.add(agent, question="Returns and refunds", answer=ARTICLE, by=None, now=utc_now())
    reply = said("When is my refund in my account after returns?")
    assert "five working days" in reply.text
    assert "Earrings" not in reply.text
    shown = conversations.as_json(reply)["html"]
    assert shown.count("five working days") == 2
    assert '<details class="whole"><summary>Read the whole answer</summary>' in shown
    assert "Earrings" in shown


def test_who_asks_in_another_language_is_told_why_the_answer_is_foreign(agent, said):
    knowledge.add(
        agent,
        question="Gutschein einlösen",
        answer="Den Gutschein gibst du an der Kasse ein, und das ist alles.",
        by=None,
        now=utc_now(),
    )
    assert said("Gutschein einlösen").text.startswith("Den Gutschein")
    assert said("How do I use a Gutschein einlösen for my order?").text.startswith(
        "I have this in another language only:"
    )


def test_who_writes_in_a_language_that_nothing_is_known_in_is_told_so_in_it(said):
    assert said("Wie kann ich meinen Vertrag bei euch kündigen?").text.startswith(
        "Was ich weiß, steht in einer anderen"
    )
    assert "another language" not in said("Can I bring my elephant to the shop?").text


def test_two_questions_in_one_message_are_both_answered(said):
    reply = said("How long does delivery take, and which payment methods do you accept?")
    assert "3 to 5 working days" in reply.text
    assert "Visa, Mastercard" in reply.text
    assert len(reply.details["sources"]) == 2
