"""What a teammate is offered to answer: from a model or from what is known, and never from the team's notes."""

import pytest

from core import answer_settings, asking, assistance, conversations, generation, knowledge, notes, spending
from core.clock import utc_now
from gateways import llm
from gateways.llm import Model
from models.conversations import State
from models.teammates import Role
from tests.conftest import NOW, make_teammate
from tests.model_server import FAILURES, calling, saying, serving

SHIPPING = {"id": "shipping", "question": "When do you ship?", "answer": "We ship on Mondays."}


@pytest.fixture
def known(agent, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    knowledge.import_entries(agent, [SHIPPING], by=None, now=utc_now())


@pytest.fixture
def model(known, monkeypatch):
    monkeypatch.setattr(assistance, "_PATIENCE", 1)
    monkeypatch.setattr(asking, "_WHOLE", 2.0)
    llm.breaker.clear()
    with serving() as server:
        generation.use_model(Model(server.base_url, "small", may_be_private=True))
        yield server
        generation.use_model(None)
    llm.breaker.clear()


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def ask(conversation, text="When do you ship?", number="client-1"):
    conversations.ask(conversation, client_id=number, text=text, now=NOW)


def test_without_a_model_it_is_the_best_that_is_known(known, conversation):
    ask(conversation)
    suggestion = assistance.suggest(conversation, now=NOW)
    assert (suggestion.text, suggestion.sources) == ("We ship on Mondays.", ["When do you ship?"])
    assert suggestion.is_sure


@pytest.mark.parametrize("text", ["What is the meaning of life?", None])
def test_where_nothing_fits_nothing_is_suggested(known, conversation, text):
    if text:
        ask(conversation, text)
    assert assistance.suggest(conversation, now=NOW) is None


def test_a_model_words_it_and_nothing_is_sent(model, conversation, sue):
    model.behaviour = saying("We ship on Mondays [1]. See [us](https://evil.example/).")
    ask(conversation)
    conversations.take_over(conversation, sue, now=NOW)
    before = conversation.last_seq
    suggestion = assistance.suggest(conversation, now=NOW)
    assert suggestion.text == "We ship on Mondays. See us."
    assert suggestion.sources == ["When do you ship?"]
    assert (conversation.last_seq, conversation.state) == (before, State.PERSON)
    assert spending.today(conversation.agent_id, now=NOW).tokens > 0


def test_no_note_of_the_team_reaches_a_model(model, conversation, sue):
    model.behaviour = saying("On Mondays [1].")
    ask(conversation)
    notes.add(conversation, text="Beware: a liar.", by=sue, now=NOW)
    assistance.suggest(conversation, now=NOW)
    assert "liar" not in str(model.requests)


@pytest.mark.parametrize("behaviour", [*FAILURES.values(), calling("no_answer")])
def test_a_model_that_fails_leaves_it_to_what_is_known(model, conversation, behaviour):
    model.behaviour = behaviour
    ask(conversation)
    assert assistance.suggest(conversation, now=NOW).text == "We ship on Mondays."


def test_no_model_is_asked_when_enough_was_spent(model, agent, conversation):
    ask(conversation)
    answer_settings.change(agent, "limits", {"day_tokens": 0}, action="spending.change", by=None, now=NOW)
    assert assistance.suggest(conversation, now=NOW).text == "We ship on Mondays."
    assert not model.requests
