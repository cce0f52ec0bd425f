"""How an agent answers, and why it answered as it did: what the pages show, and to whom."""

import pytest

from core import answer_settings, answers, conversations, knowledge
from core.answer_settings import Length, Manner, Tone, Unsupported
from core.clock import utc_now
from models import db
from models.answering import AnswerTrace
from models.conversations import Message, Sender
from tests.conftest import make_conversation

HTMX = {"HX-Request": "true"}
MANNER = {
    "tone": "formal",
    "length": "long",
    "languages": ["de", "en"],
    "guardrails": "Never promise a date.\n\n Be kind. ",
    "unsupported": "withhold",
}


def page(agent, rest=""):
    return f"/admin/agents/{agent.id}/answering/{rest}"


@pytest.fixture
def reply(agent, monkeypatch) -> Message:
    """What the agent said to a question that it can answer."""
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    shipping = {"id": "a", "question": "When do you ship?", "answer": "On Mondays."}
    knowledge.import_entries(agent, [shipping], by=None, now=utc_now())
    conversation = make_conversation(agent)
    asked = conversations.ask(conversation, client_id="one", text="When do you ship?", now=utc_now())
    answers.produce(asked.id)
    return next(row for row in conversations.messages_after(conversation.id, 0) if row.sender is Sender.AGENT)


def why(reply):
    return f"/admin/conversations/{reply.conversation_id}/messages/{reply.id}/why"


def test_a_manner_is_saved_and_shown(eddy, agent):
    assert "No language model is set up" in eddy.get(page(agent)).text
    saved = eddy.post(page(agent, "manner"), data=MANNER, headers=HTMX)
    assert "Saved" in saved.text
    assert "<h1" not in saved.text
    rules = ("Never promise a date.", "Be kind.")
    kept = Manner(Tone.FORMAL, Length.LONG, ("de", "en"), rules, Unsupported.WITHHOLD)
    assert answer_settings.of(agent.id).manner == kept
    assert eddy.post(page(agent, "manner"), data=MANNER).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"tone": "rude"}, {"languages": ["xx"]}, {"guardrails": "x" * 301}, {"guardrails": "x\n" * 13}, {"length": ""}],
)
def test_a_manner_that_cannot_be_meant_is_refused(eddy, agent, wrong):
    answer = eddy.post(page(agent, "manner"), data=MANNER | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert "field-problem" in answer.text
    assert answer_settings.of(agent.id).manner == Manner()


def test_limits_are_saved_by_those_who_pay(adam, agent):
    saved = adam.post(page(agent, "spending"), data={"day_money": "2,50", "day_tokens": "9000"}, headers=HTMX)
    assert "Saved" in saved.text
    limits = answer_settings.of(agent.id).limits
    assert (limits.day_money, limits.day_tokens, limits.conversation_money) == (2_500_000, 9_000, None)
    wrong = adam.post(page(agent, "spending"), data={"day_money": "-1", "conversation_tokens": "some"})
    assert wrong.status_code == 422
    assert "<h1" in wrong.text


def test_who_may_not_change_it_sees_it(eddy, rita, agent):
    assert "Only owners and admins" in eddy.get(page(agent)).text
    assert eddy.post(page(agent, "spending"), data={}).status_code == 403
    assert rita.get(page(agent)).status_code == 200
    assert "Save the manner" not in rita.get(page(agent)).text
    assert rita.post(page(agent, "manner"), data=MANNER).status_code == 403


def test_a_stranger_finds_neither(stan, agent, reply):
    assert stan.get(page(agent)).status_code == 404
    assert stan.post(page(agent, "manner"), data=MANNER).status_code == 404
    assert stan.post(page(agent, "spending"), data={}).status_code == 404
    assert stan.get(why(reply)).status_code == 404


def test_beside_a_reply_stands_why_it_was_given(rita, reply):
    assert why(reply) in rita.get(f"/admin/conversations/{reply.conversation_id}").text
    told = rita.get(why(reply), headers=HTMX).text
    assert "<dialog" in told
    assert "The built-in answering" in told
    assert "When do you ship?" in told
    assert "<h1" in rita.get(why(reply)).text


def test_what_is_not_explained_has_no_page(rita, reply):
    db.session.query(AnswerTrace).delete()
    db.session.commit()
    assert rita.get(why(reply)).status_code == 404
    assert "Why this answer" not in rita.get(f"/admin/conversations/{reply.conversation_id}").text


def test_a_reply_is_not_explained_under_another_conversation(rita, agent, reply):
    other = make_conversation(agent)
    assert rita.get(f"/admin/conversations/{other.id}/messages/{reply.id}/why").status_code == 404
