"""Answers in a model's words: grounded and streamed while it works, the built-in ones whenever it does not."""

import time
from dataclasses import replace

import pytest

from core import answer_settings, answers, asking, conversations, generation, knowledge, language_models
from core.answer_settings import Limits, Manner, Unsupported
from core.clock import utc_now
from gateways import llm
from gateways.bus import current_bus
from gateways.llm import Model
from models import db
from models.answering import AnswerTrace
from models.conversations import Conversation, Sender, State
from tests.model_server import FAILURES, Asked, calling, saying, serving

SHIPPING = {
    "id": "shipping",
    "question": "When do you ship?",
    "answer": "We ship on Mondays. See https://shop.example/shipping for more.",
}


@pytest.fixture
def model(app, agent, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    monkeypatch.setattr(asking, "_USUAL_PATIENCE", 0.4)
    monkeypatch.setattr(asking, "_SILENCE", 0.4)
    monkeypatch.setattr(asking, "_WHOLE", 2.0)
    knowledge.import_entries(agent, [SHIPPING], by=None, now=utc_now())
    llm.breaker.clear()
    with serving() as server:
        generation.use_model(Model(server.base_url, "small", may_be_private=True))
        yield server
        generation.use_model(None)
    llm.breaker.clear()


def asked(conversation, text="When do you ship?", number="one"):
    """Ask, and return what the agent said, with everything that was announced meanwhile."""
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        conversations.ask(conversation, client_id=number, text=text, now=utc_now())
        if (owed := conversations.messages_after(conversation.id, 0)[-1]).sender is Sender.CUSTOMER:
            answers.produce(owed.id)
        notes = [*listener.waiting()]
    db.session.expire_all()
    said = [row for row in conversations.messages_after(conversation.id, 0) if row.sender is Sender.AGENT]
    return said[-1], notes


def deltas(notes):
    return [note["delta"] for note in notes if note["kind"] == "delta"]


def test_the_words_of_the_model_come_as_they_are_made_and_are_kept_with_their_source(model, conversation):
    model.behaviour = saying("We ship ", "on Mon", "days [", "1]", ".", pause=0.06)
    message, notes = asked(conversation)
    assert message.text == "We ship on Mondays."
    assert message.details["sources"] == [{"title": "When do you ship?", "html": ""}]
    assert not message.details["unsupported"]
    pieces = deltas(notes)
    assert len(pieces) >= 2
    assert {piece["id"] for piece in pieces} == {str(message.id)}
    assert message.text.startswith("".join(piece["text"] for piece in pieces))
    assert all("[" not in piece["html"] for piece in pieces)


def test_the_model_is_told_what_was_found_and_what_was_said(model, conversation):
    model.behaviour = saying("On Mondays [1].")
    asked(conversation)
    asked(conversation, "And on Fridays?", "two")
    messages = model.requests[-1]["body"]["messages"]
    assert "We ship on Mondays." in messages[0]["content"]
    assert [message["content"] for message in messages[1:]] == ["When do you ship?", "On Mondays.", "And on Fridays?"]


@pytest.mark.parametrize(
    "behaviour",
    [
        saying("On \x00Mondays \ud83d[1]."),
        calling(
            "fetch_person", r'{"reason": "a\u0000 refund\ud83d", "summary": "b\u0000\ud83d"}', before="\x00One moment"
        ),
        calling("remember", r'{"kind": "note\u0000", "words": "when\u0000 do you ship"}', before="On Mondays\x00 [1]."),
    ],
)
def test_what_no_database_can_keep_stops_no_answer(model, conversation, behaviour):
    model.behaviour = behaviour
    message, _notes = asked(conversation)
    assert message.text.startswith(("On Mondays", "One moment"))
    assert not {"\x00", "\ud83d"} & set(f"{message.text}{conversation.handoff_reason}{conversation.handoff_summary}")


def test_what_no_source_supports_is_marked(model, conversation):
    model.behaviour = saying("On the moon.")
    message, _notes = asked(conversation)
    assert message.details["unsupported"]


def test_links_of_the_model_lead_nowhere_new(model, conversation):
    model.behaviour = saying("See https://shop.example/shipping or [us](https://evil.example/) [1].")
    message, notes = asked(conversation)
    assert message.text == "See https://shop.example/shipping or us."
    assert "evil" not in str(notes)


def test_a_person_is_fetched_by_a_call_and_never_by_words(model, conversation):
    model.behaviour = saying("I call fetch_person now. A person is coming [1].")
    asked(conversation)
    assert db.session.get(Conversation, conversation.id).state is State.AGENT
    model.behaviour = calling("fetch_person", '{"reason": "wants a refund"}', before="One moment, please.")
    message, _notes = asked(conversation, "I want my money back", "two")
    waiting = db.session.get(Conversation, conversation.id)
    assert (waiting.state, waiting.handoff_reason) == (State.WAITING, "wants a refund")
    assert message.text == "One moment, please."


def test_where_people_are_switched_off_the_model_cannot_fetch_one(model, agent, conversation):
    from core import widget_configs

    config = widget_configs.drafted(agent)
    draft = widget_configs.draft(agent)
    quiet = replace(config, features={**config.features, "handoff": False})
    widget_configs.save_draft(agent, quiet, revision=draft.revision, by=None, now=utc_now())
    widget_configs.publish(agent, by=None, now=utc_now())
    model.behaviour = calling("fetch_person", '{"reason": "x"}')
    asked(conversation)
    assert db.session.get(Conversation, conversation.id).state is State.AGENT
    assert "fetch_person" not in str(model.requests[0]["body"].get("tools"))


def test_without_an_answer_of_the_model_the_built_in_one_counts(model, conversation):
    model.behaviour = calling("no_answer")
    message, _notes = asked(conversation)
    assert message.text == SHIPPING["answer"]


def test_a_call_that_it_was_not_offered_does_nothing(model, conversation):
    model.behaviour = calling("delete_everything", '{"sure": true}')
    message, _notes = asked(conversation)
    assert message.text == SHIPPING["answer"]


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_whatever_it_does_the_customer_gets_an_answer_soon(model, conversation, failure):
    model.behaviour = FAILURES[failure]
    started = time.monotonic()
    message, notes = asked(conversation)
    assert time.monotonic() - started < 3
    assert message.text == SHIPPING["answer"]
    assert all(piece["id"] == str(message.id) for piece in deltas(notes))
    assert "secret" not in str(notes)


def test_a_page_that_waits_for_its_answer_waits_for_no_model(model, conversation):
    question = conversations.ask(conversation, client_id="one", text="When do you ship?", now=utc_now())
    answers.produce(question.id, at_once=True)
    assert conversations.messages_after(conversation.id, 0)[-1].text == SHIPPING["answer"]
    assert model.requests == []


def test_small_talk_and_the_wish_for_a_person_ask_no_model(model, conversation):
    asked(conversation, "Hello")
    asked(conversation, "I want to talk to a person", "two")
    # How the customer sounds is asked once a person has them, and answers nothing.
    assert [asked_for for asked_for in model.requests if "How does the customer feel" not in str(asked_for)] == []


def test_when_a_person_takes_over_the_rest_is_dropped(model, conversation, monkeypatch):
    monkeypatch.setattr("core.growing._LOOK_AGAIN", 0.0)

    def behave(asked_for: Asked) -> None:
        asked_for.begin()
        for number in range(40):
            asked_for.say(f"word {number} ")
            asked_for.wait(0.06)
        asked_for.end()

    model.behaviour = behave
    monkeypatch.setattr("core.growing.rich_text.to_html", lambda text: taken_over(conversation) or text)
    conversations.ask(conversation, client_id="one", text="When do you ship?", now=utc_now())
    said = [row.sender for row in conversations.messages_after(conversation.id, 0)]
    assert Sender.AGENT not in said


def taken_over(conversation):
    db.session.execute(
        Conversation.__table__.update().where(Conversation.id == conversation.id).values(state=State.PERSON)
    )
    db.session.commit()


def test_a_number_that_no_source_has_is_marked_or_withheld(model, agent, conversation):
    model.behaviour = saying("We ship within 3 days [1].")
    message, _notes = asked(conversation)
    assert message.details["unsupported"]
    strict = Manner(unsupported=Unsupported.WITHHOLD)
    answer_settings.set_manner(agent, strict, by=None, now=utc_now())
    message, _notes = asked(conversation, "When do you ship then?", "two")
    assert message.text == SHIPPING["answer"]
    assert "It was withheld" in str(trace_of(message).content)


def test_where_nothing_unsupported_may_be_shown_words_wait_for_their_source(model, agent, conversation):
    answer_settings.set_manner(agent, Manner(unsupported=Unsupported.WITHHOLD), by=None, now=utc_now())
    model.behaviour = saying("On the ", "moon. ", "Or on ", "Mondays [", "1].", " Or", " not.", pause=0.06)
    _message, notes = asked(conversation)
    shown = "".join(piece["text"] for piece in deltas(notes))
    assert shown.removesuffix(".") == "On the moon. Or on Mondays"


def test_when_the_budget_is_used_up_no_model_is_asked(model, agent, conversation):
    model.behaviour = saying("On Mondays [1].")
    answer_settings.set_limits(agent, Limits(conversation_tokens=18), by=None, now=utc_now())
    asked(conversation)
    message, _notes = asked(conversation, "When do you ship then?", "two")
    assert len(model.requests) == 1
    assert message.text == SHIPPING["answer"]
    assert "is used up" in str(trace_of(message).content)


def test_why_an_answer_was_given_is_kept_with_it(model, conversation):
    model.behaviour = saying("On Mondays [1].")
    message, _notes = asked(conversation, "When do you ship? I am ann@shop.example")
    trace = trace_of(message)
    assert (trace.model, trace.input_tokens, trace.output_tokens) == (language_models.SERVERS_OWN, 9, 9)
    assert trace.content["found"][0]["score"] > 0
    assert "We ship on Mondays." in trace.content["prompt"][0]["content"]
    assert "ann@shop.example" not in str(trace.content)


def trace_of(message):
    return db.session.get(AnswerTrace, message.id)
