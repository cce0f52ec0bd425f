"""When an agent fetches a person by itself, why, and that loops come to an end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import answers, conversations, handoff_rules, knowledge, page_contexts
from core.clock import utc_now
from core.errors import Invalid
from core.handoff_causes import Cause
from core.handoff_rules import HandoffRules
from models import db
from models.conversations import Conversation, Sender, State


@pytest.fixture
def shop(app, agent, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    entry = {"id": "shipping", "question": "When do you ship?", "answer": "We ship on Mondays."}
    knowledge.import_entries(agent, [entry], by=None, now=utc_now())
    return agent


def rule(agent, **chosen):
    handoff_rules.change(agent, HandoffRules(**chosen), by=None, now=utc_now())


def say(conversation, text):
    """Say something, and return the conversation and what the agent and the system answered."""
    message = conversations.ask(conversation, client_id=f"n{conversation.last_seq}", text=text, now=utc_now())
    answers.produce(message.id)
    db.session.expire_all()
    after = conversations.messages_after(conversation.id, message.seq)
    return db.session.get(Conversation, conversation.id), [
        row.text for row in after if row.sender is not Sender.CUSTOMER
    ]


def test_who_is_upset_gets_a_person_with_an_apology(shop, conversation):
    told, said = say(conversation, "This is ridiculous, I have waited for three weeks!")
    assert (told.state, told.handoff_cause, told.handoff_reason) == (State.WAITING, "angry", "sounds upset")
    assert said[0] == "I am sorry about this. I am fetching a person for you."
    assert "I have waited for three weeks" in told.handoff_summary


def test_a_rule_that_is_off_fetches_nobody(shop, conversation):
    rule(shop, angry=False)
    told, _said = say(conversation, "This is ridiculous, when do you ship?")
    assert told.state is State.AGENT


def test_after_so_many_questions_without_an_answer_a_person_comes(shop, conversation):
    rule(shop, unanswered=2)
    assert say(conversation, "Quantum chromodynamics?")[0].state is State.AGENT
    told, said = say(conversation, "Zebra philosophy?")
    assert (told.state, told.handoff_cause) == (State.WAITING, "unanswered")
    assert said[0].startswith("I do not know the answer to that either")


def test_an_answer_in_between_begins_the_count_anew(shop, conversation):
    rule(shop, unanswered=2)
    for text in ("Quantum chromodynamics?", "When do you ship?", "Zebra philosophy?"):
        assert say(conversation, text)[0].state is State.AGENT


@pytest.mark.parametrize("text", ["I want a REFUND.", "How do refunds work?", "Can you send my money back?"])
def test_a_subject_is_a_persons_business(shop, conversation, text):
    rule(shop, topics=("refund", "money back"))
    told, _said = say(conversation, text)
    assert told.handoff_cause == "topic"
    assert "refund" in told.handoff_reason or "money back" in told.handoff_reason


def test_a_cart_from_some_worth_on_is_a_persons_business(shop, conversation, monkeypatch):
    rule(shop, value=500)
    monkeypatch.setattr(page_contexts, "_latest", lambda _conversation: {"cartValue": "499,99", "currency": "EUR"})
    assert say(conversation, "When do you ship?")[0].state is State.AGENT
    monkeypatch.setattr(page_contexts, "_latest", lambda _conversation: {"cart_total": 500, "currency": "EUR"})
    told, _said = say(conversation, "When do you ship?")
    assert (told.handoff_cause, told.handoff_reason) == ("value", "has 500.00 EUR in the cart")
    assert "In the cart: 500.00 EUR." in told.handoff_summary


def test_where_people_are_switched_off_no_rule_fetches_one(shop, conversation, switch_people_off):
    switch_people_off(shop)
    assert say(conversation, "This is ridiculous!!")[0].state is State.AGENT


def test_a_loop_of_handing_over_and_back_comes_to_an_end(shop, conversation):
    for _time in range(handoff_rules.MOST_BY_ITSELF):
        told, _said = say(conversation, "This is ridiculous, when do you ship?")
        assert told.state is State.WAITING
        conversations.hand_back(told, now=utc_now())
    told, said = say(conversation, "This is ridiculous, when do you ship?")
    assert told.state is State.AGENT
    assert len(said) == 1
    assert "Shall I fetch a person?" in said[0]
    # Whoever asks gets one, however often.
    told, _said = say(conversation, "I want to talk to a human")
    assert (told.state, told.handoff_cause) == (State.WAITING, "customer")


def test_a_failure_of_the_agent_is_a_handoff(shop, conversation, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("broken")

    monkeypatch.setattr(knowledge, "index_for", fail)
    monkeypatch.setattr(answers, "_ATTEMPTS", 1)
    told, said = say(conversation, "When do you ship?")
    assert (told.state, told.handoff_cause) == (State.WAITING, "failure")
    assert said[0].startswith("I could not work out an answer just now, so I am fetching a person")


def test_how_soon_somebody_comes_is_said_in_the_customers_language(shop, conversation):
    rule(shop, minutes=10)
    conversation.language = "de"
    conversations.request_person(conversation, reason="asked", now=utc_now())
    assert "innerhalb von 10 Minuten" in conversations.latest_messages(conversation)[-1].text


def test_while_nobody_is_there_a_message_is_left(shop, conversation):
    rule(shop, is_away=True, minutes=10)
    _told, said = say(conversation, "I want to talk to a human")
    assert said[0] == "I am passing this on to a person."
    assert said[1].startswith("Nobody of the team is here right now.")


def test_with_too_many_waiting_a_message_is_left(shop, conversation, make_waiting):
    rule(shop, most_waiting=1)
    make_waiting(shop)
    _told, said = say(conversation, "I want to talk to a human")
    assert said[1].startswith("Everybody of the team is busy right now.")


def test_a_yes_to_the_offer_is_the_customers_own_wish(shop, conversation):
    say(conversation, "Quantum chromodynamics?")
    told, _said = say(conversation, "yes please")
    assert told.handoff_cause == Cause.CUSTOMER


def test_the_summary_keeps_within_bounds_and_holds_no_personal_data(shop, conversation):
    for number in range(4):
        say(conversation, f"Question {number} " + "very long " * 100 + " mail me at someone@example.com")
    told, _said = say(conversation, "agent please")
    assert len(told.handoff_summary) <= 700
    assert "someone@example.com" not in told.handoff_summary


@pytest.mark.parametrize(
    "bad",
    [
        {"unanswered": 11},
        {"unanswered": -1},
        {"minutes": 7},
        {"value": 0},
        {"value": -3.0},
        {"value": float("nan")},
        {"most_waiting": -1},
        {"topics": ("x" * 61,)},
        {"topics": tuple(f"subject {number}" for number in range(31))},
    ],
)
def test_what_cannot_be_meant_is_refused(shop, bad):
    with pytest.raises(Invalid):
        rule(shop, **bad)


def test_rules_are_kept_and_noted(shop, conversation):
    chosen = HandoffRules(angry=False, unanswered=3, topics=("refund",), value=99.5, minutes=30, most_waiting=4)
    handoff_rules.change(shop, replace(chosen, topics=(" refund ", "refund", "")), by=None, now=utc_now())
    assert handoff_rules.of(shop) == chosen


def test_a_day_later_the_agent_may_fetch_again(shop, conversation):
    for _time in range(handoff_rules.MOST_BY_ITSELF):
        conversations.request_person(conversation, reason="sounds upset", cause=Cause.ANGRY, now=utc_now())
        conversations.hand_back(conversation, now=utc_now())
    assert not handoff_rules.may_fetch(conversation, now=utc_now())
    assert handoff_rules.may_fetch(conversation, now=utc_now() + timedelta(days=1, minutes=1))


@pytest.fixture
def switch_people_off():
    from core import widget_configs

    def switch(agent):
        config, draft = widget_configs.drafted(agent), widget_configs.draft(agent)
        quiet = replace(config, features={**config.features, "handoff": False})
        widget_configs.save_draft(agent, quiet, revision=draft.revision, by=None, now=utc_now())
        widget_configs.publish(agent, by=None, now=utc_now())

    return switch


@pytest.fixture
def make_waiting():
    from tests.conftest import make_conversation, make_customer

    def make(agent):
        other = make_conversation(agent, make_customer(agent.workspace_id, "Marta"))
        conversations.request_person(other, reason="asked", now=utc_now())

    return make
