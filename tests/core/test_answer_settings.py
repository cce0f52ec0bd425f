"""What an agent's answers may be like and cost: kept, checked, noted."""

import pytest

from core import answer_settings, grounding, spending, traces
from core.answer_settings import Length, Limits, Manner, Tone, Unsupported
from core.errors import Invalid
from core.traces import Attempt, Trace
from models import db, transaction
from models.answering import AnswerTrace, ModelUse
from models.audits import AuditEntry
from models.conversations import Message, Sender
from tests.conftest import NOW, keep

STRICT = Manner(Tone.FORMAL, Length.LONG, ("de", "en"), ("Never promise a date.",), Unsupported.WITHHOLD)


def test_without_any_settings_the_defaults_hold(agent):
    assert answer_settings.of(agent.id) == answer_settings.Settings()


def test_what_was_set_holds_at_once_and_is_in_the_audit_log(agent):
    answer_settings.of(agent.id)
    answer_settings.set_manner(agent, STRICT, by=None, now=NOW)
    answer_settings.set_manner(agent, STRICT, by=None, now=NOW)
    answer_settings.set_limits(agent, Limits(day_money=2_500_000), by=None, now=NOW)
    settings = answer_settings.of(agent.id)
    assert (settings.manner, settings.limits.day_money) == (STRICT, 2_500_000)
    assert sorted(entry.action for entry in db.session.query(AuditEntry)) == ["manner.change", "spending.change"]


@pytest.mark.parametrize(
    "manner",
    [Manner(guardrails=("Be kind.",) * 13), Manner(guardrails=("x" * 301,)), Manner(languages=("de",) * 14)],
)
def test_too_many_rules_are_refused(agent, manner):
    with pytest.raises(Invalid):
        answer_settings.set_manner(agent, manner, by=None, now=NOW)


@pytest.mark.parametrize("limits", [Limits(day_tokens=0), Limits(conversation_money=-1), Limits(day_tokens=10**10)])
def test_limits_that_cannot_be_meant_are_refused(agent, limits):
    with pytest.raises(Invalid):
        answer_settings.set_limits(agent, limits, by=None, now=NOW)


def test_the_model_is_told_the_manner():
    asked = grounding.prompt(name="Lumi", business="Shop", sources=[], history=[], question="Hi", manner=STRICT)
    told = asked[0]["content"]
    assert "formally and politely" in told
    assert "in the customer's language if that is German or English, and else in German" in told
    assert "- Never promise a date." in told


def used(conversation, *, tokens=100, cost=10, failure=None):
    """Store a reply that has used so much."""
    reply = Message(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        sender=Sender.AGENT,
        text="Hello.",
        details={},
        created_at=NOW,
    )
    conversation.last_seq += 1
    keep(reply)
    trace = Trace()
    trace.tried(Attempt("Hosted", input_tokens=tokens, cost=cost, failure=failure))
    with transaction():
        traces.store(trace, reply, conversation, now=NOW)
    return reply


@pytest.mark.parametrize(
    ("limits", "is_over"),
    [
        (Limits(), False),
        (Limits(conversation_tokens=201), False),
        (Limits(conversation_tokens=200), True),
        (Limits(conversation_money=20), True),
        (Limits(day_tokens=200), True),
        (Limits(day_money=21), False),
        (Limits(day_money=20), True),
    ],
)
def test_what_is_used_up_is_told(agent, conversation, limits, is_over):
    used(conversation)
    used(conversation, failure="cut_off")
    answer_settings.set_limits(agent, limits, by=None, now=NOW)
    assert bool(spending.exceeded(agent.id, conversation, now=NOW)) is is_over


def test_another_day_and_another_agent_begin_anew(agent, other_agent, conversation):
    from datetime import timedelta

    used(conversation)
    assert spending.today(agent.id, now=NOW) == spending.Used(100, 10)
    assert spending.today(agent.id, now=NOW + timedelta(days=1)) == spending.Used()
    assert spending.today(other_agent.id, now=NOW) == spending.Used()


def test_each_model_is_counted_on_its_own(agent, workspace, other_workspace, conversation):
    used(conversation)
    used(conversation, failure="busy", tokens=0, cost=0)
    [share] = spending.shares(workspace, days=30, now=NOW)
    assert (share.model, share.answers, share.failures, share.tokens, share.money) == ("Hosted", 1, 1, 100, 10)
    assert spending.shares(other_workspace, days=30, now=NOW) == []


def test_a_trace_is_masked_bounded_and_goes_with_its_reply(conversation):
    trace = Trace()
    trace.found([(str(conversation.id), 0.91234)] * 20)
    trace.asked([{"role": "system", "content": "x" * 30_000}, {"role": "user", "content": "y" * 30_000}])
    trace.call("Find an order", {"email": "ann@shop.example"}, "ann@shop.example, " + "z" * 9_000, seconds=0.2)
    for _ in range(100):
        trace.note("Decided.")
    content = trace.content()
    assert len(content["found"]) == 8
    assert sum(len(said["content"]) for said in content["prompt"]) == 24_000
    assert len(content["steps"]) == 60
    assert "ann@shop.example" not in str(content)
    assert len(content["steps"][0]["result"]) <= 2_100
    reply = used(conversation)
    db.session.delete(reply)
    db.session.commit()
    assert db.session.query(AnswerTrace).count() == 0
    assert db.session.query(ModelUse).count() == 1
