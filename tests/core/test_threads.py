"""One conversation as a teammate reads it."""

from datetime import timedelta

import pytest

from core import conversations, sessions, threads, tickets
from core.sessions import Visit
from models import db
from models.conversations import Answer, Outcome
from tests.conftest import NOW, make_conversation


def speak(conversation, number):
    return conversations.ask(conversation, client_id=f"c{number}", text=f"Message {number}", now=NOW)


def test_an_answer_stands_beside_the_reply_it_became(conversation):
    question = speak(conversation, 1)
    reply = conversations.reply(conversation, text="In May.", details={}, now=NOW)
    answer = db.session.get(Answer, question.id)
    answer.reply_id, answer.outcome = reply.id, Outcome.ANSWERED
    db.session.commit()
    lines = threads.of(conversation).lines
    assert [(line.message.text, line.answer) for line in lines] == [("Message 1", None), ("In May.", answer)]


@pytest.mark.parametrize(
    ("since", "first", "earlier"), [(None, 31, 1), (5, 5, 1), (0, 31, 1), (-7, 1, None), (1, 1, None), (999, 31, 1)]
)
def test_the_last_hundred_are_shown_and_more_on_demand(conversation, since, first, earlier):
    for number in range(1, 131):
        speak(conversation, number)
    thread = threads.of(conversation, since=since)
    assert [line.message.seq for line in thread.lines] == list(range(first, 131))
    assert (thread.since, thread.earlier) == (first, earlier)


def test_a_silent_conversation_has_no_lines(conversation):
    assert threads.of(conversation).lines == []


def test_the_other_conversations_of_the_same_customer(agent, conversation):
    early = make_conversation(agent, conversation.customer, last_message_at=NOW)
    late = make_conversation(agent, conversation.customer, last_message_at=NOW + timedelta(hours=1))
    make_conversation(agent, conversation.customer)
    make_conversation(agent, conversation.customer, last_message_at=NOW, channel=conversations.PREVIEW)
    make_conversation(agent, last_message_at=NOW)
    assert list(threads.others_of(conversation)) == [late, early]


def test_the_latest_word_of_the_page_is_kept(agent, conversation):
    assert threads.context_of(conversation) == {}
    visit = Visit("https://example.com", "http://localhost", context={"page": "/lamps"})
    ticket = tickets.issue(agent, origin=None, channel="web")
    started = sessions.start(agent, ticket, visit, now=NOW)
    chat = db.session.get(type(conversation), started.session.conversation_id)
    assert threads.context_of(chat) == {"page": "/lamps"}
