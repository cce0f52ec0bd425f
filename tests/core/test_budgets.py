"""How many answers an agent gives a day, and what it says when they are given."""

from datetime import UTC, datetime, timedelta

import pytest

from core import answers, budgets, conversations, generation, replies, widget_configs
from core.clock import utc_now
from core.errors import Invalid
from core.replies import Reply
from core.widget_words import say
from models import db
from models.conversations import Answer, Outcome, Sender, State
from models.teammates import Role
from tests.conftest import keep, make_conversation, make_teammate

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def composer(monkeypatch):
    monkeypatch.setattr(
        replies, "compose", lambda agent, _text, **_how: Reply("In the post.", Outcome.ANSWERED, {"name": agent.name})
    )


def ask(conversation, text, now=None):
    message = conversations.ask(
        conversation, client_id=f"{text}{conversation.last_seq}", text=text, now=now or utc_now()
    )
    answers.produce(message.id)
    db.session.expire_all()
    return said(conversation)[-1]


def said(conversation):
    return [
        message.text for message in conversations.messages_after(conversation.id, 0) if message.sender is Sender.AGENT
    ]


def used(agent, now=NOON):
    return budgets.used_today([agent], now=now)[agent.id]


def give(conversation, outcome, at, number=1, score=None):
    for _ in range(number):
        message = conversations.ask(conversation, client_id=f"c{conversation.last_seq}", text="Hm?", now=at)
        answer = db.session.get(Answer, message.id)
        answer.outcome, answer.finished_at, answer.score = outcome, at, score
        db.session.commit()


def test_what_had_to_be_looked_up_counts(agent, conversation):
    for outcome in (Outcome.ANSWERED, Outcome.SUGGESTED, Outcome.UNANSWERED, Outcome.SMALL_TALK, Outcome.HANDOFF):
        give(conversation, outcome, NOON)
    assert used(agent) == 3


def test_a_day_begins_at_midnight_utc(agent, conversation):
    midnight = NOON.replace(hour=0)
    give(conversation, Outcome.ANSWERED, midnight - timedelta(seconds=1))
    give(conversation, Outcome.ANSWERED, midnight)
    assert used(agent) == 1
    assert budgets.seconds_left(NOON) == 12 * 3600 + 1


def test_previews_and_other_agents_do_not_count(agent, other_agent):
    give(make_conversation(agent, channel=conversations.PREVIEW), Outcome.ANSWERED, NOON)
    give(make_conversation(other_agent), Outcome.ANSWERED, NOON)
    assert used(agent) == 0


def test_when_todays_answers_are_given_a_message_is_left(agent, conversation):
    agent.daily_answers = 2
    db.session.commit()
    assert ask(conversation, "Where is my lamp?") == "In the post."
    assert ask(conversation, "Where is my rug?") == "In the post."
    assert ask(conversation, "Where is my cup?") == say("en", "reply_leave_a_message")
    assert conversation.state is State.WAITING
    assert conversation.handoff_reason == "wrote after today's answers were used up"
    assert used(agent, utc_now()) == 2
    message = conversations.ask(conversation, client_id="x", text="Hello?", now=utc_now())
    assert db.session.get(Answer, message.id) is None, "The agent is silent from here on: no loop."


def test_without_people_it_says_when_it_is_back(agent, conversation, monkeypatch):
    switch_handoff_off(agent)
    keep_budget(agent, 1)
    ask(conversation, "Where is my lamp?")
    for _ in range(3):
        told = ask(conversation, "Where is my rug?")
        assert told.startswith("I have answered as many questions as I may today. I am back in ")
    assert conversation.state is State.AGENT
    assert ask(conversation, "I want to talk to a person").startswith("I have answered as many")


def test_small_talk_and_a_wish_for_a_person_go_on(agent, conversation):
    keep_budget(agent, 1)
    ask(conversation, "Where is my lamp?")
    assert "Hello" in ask(conversation, "Hello")
    assert ask(conversation, "I want to talk to a person") == say("en", "reply_fetching")
    assert conversation.handoff_reason == "asked for a person"


def test_a_preview_is_answered_all_the_same(agent):
    keep_budget(agent, 1)
    give(make_conversation(agent), Outcome.ANSWERED, utc_now())
    assert ask(make_conversation(agent, channel=conversations.PREVIEW), "Where is my lamp?") == "In the post."


def test_a_person_whom_a_model_has_fetched_counts(agent, conversation):
    give(conversation, Outcome.HANDOFF, NOON)
    give(conversation, Outcome.HANDOFF, NOON, score=0.4)
    assert used(agent) == 1


def test_previews_have_an_end_of_their_own(agent, monkeypatch):
    monkeypatch.setattr(budgets, "MOST_IN_PREVIEWS", 2)
    asked = []
    monkeypatch.setattr(generation, "compose", lambda *_what, **_how: asked.append(1))

    def compose(agent, _text, *, generate, **_how):
        generate(None, None)
        return Reply("In the post.", Outcome.ANSWERED, {"name": agent.name})

    monkeypatch.setattr(replies, "compose", compose)
    preview = make_conversation(agent, channel=conversations.PREVIEW)
    assert [ask(preview, f"Where is lamp {number}?") for number in range(4)] == ["In the post."] * 4
    assert len(asked) == 2
    ask(make_conversation(agent), "Where is my lamp?")
    assert len(asked) == 3


def test_handing_back_does_not_begin_a_loop(agent, conversation, workspace):
    keep_budget(agent, 1)
    ask(conversation, "Where is my lamp?")
    ask(conversation, "Where is my rug?")
    conversations.hand_back(conversation, now=utc_now())
    before = len(said(conversation))
    assert ask(conversation, "Where is my cup?") == say("en", "reply_leave_a_message")
    assert len(said(conversation)) == before + 1


@pytest.mark.parametrize("number", [0, -1, 10**7])
def test_a_number_that_cannot_be_meant_is_refused(agent, workspace, number):
    with pytest.raises(Invalid):
        budgets.set_daily(agent, number, by=make_teammate(workspace, "Adam", Role.ADMIN), now=NOON)


def keep_budget(agent, number):
    agent.daily_answers = number
    db.session.commit()


def switch_handoff_off(agent):
    from models.agents import WidgetVersion

    config, _ = widget_configs.published(agent)
    settings = config.as_settings() | {"features": {**config.features, "handoff": False}}
    keep(WidgetVersion(agent_id=agent.id, number=9, settings=settings, published_at=utc_now()))
