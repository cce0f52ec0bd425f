"""When an agent fetches a person by itself: what an admin has chosen, and whether it holds for a message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from core import answer_settings, page_contexts
from core.answering import words
from core.answering.moods import sounds_angry
from core.errors import Invalid
from core.handoff_causes import Cause
from core.texts import clean_line
from models import db
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import folded
from models.teammates import Teammate

MOST_TOPICS = 30
LONGEST_TOPIC = 60
MOST_UNANSWERED = 10
MOST_VALUE = 100_000_000
MEASURED = -1
MINUTES = (MEASURED, 0, 2, 5, 10, 15, 30, 60, 120, 240)
"""How soon a person can be promised; 0: nothing is, `MEASURED`: as soon as it was lately."""

MOST_BY_ITSELF = 3
"""How often an agent fetches a person for one conversation in a day, unless the customer asks for one."""
_DAY = timedelta(days=1)

_LONGEST_TOPIC_SHOWN = 40


@dataclass(frozen=True)
class HandoffRules:
    """What an admin has chosen. A customer who asks for a person always gets one."""

    angry: bool = True
    unanswered: int = 0
    """After so many questions in a row without an answer; 0: never for that."""
    topics: tuple[str, ...] = ()
    value: float | None = None
    """From this worth of the cart on."""
    minutes: int = MEASURED
    """Within how many minutes people usually answer, as customers are told: one of `MINUTES`."""
    most_waiting: int = 0
    """With so many customers waiting already, further ones leave a message; 0: however many there are."""
    is_away: bool = False
    """Whether nobody is there for now, whatever the business hours say."""


@dataclass(frozen=True)
class Wish:
    """That a rule wants a person."""

    cause: Cause
    reason: str
    """For teammates, after "The customer"."""


def of(agent: Agent) -> HandoffRules:
    """The rules of an agent, those included that nobody has touched."""
    return read(answer_settings.of(agent.id).handoff)


_NAMES = tuple(field.name for field in fields(HandoffRules))


def read(stored: Mapping[str, Any]) -> HandoffRules:
    """Rules as they are stored."""
    known = {name: stored[name] for name in _NAMES if name in stored}
    return HandoffRules(**(known | {"topics": tuple(known.get("topics", ()))}))


def change(agent: Agent, rules: HandoffRules, *, by: Teammate | None, now: datetime) -> None:
    """Store the rules of an agent.

    Raises:
        Invalid: when a number is none that can be meant, or there are more or longer topics than there can be.
    """
    topics = checked_topics(rules.topics)
    check_value(rules.value)
    if not 0 <= rules.unanswered <= MOST_UNANSWERED or rules.minutes not in MINUTES:
        raise Invalid("Choose one of the numbers that are offered.")
    if not 0 <= rules.most_waiting <= 1000:
        raise Invalid("Write how many may wait at once, at most 1,000, or leave the field empty.")
    stored = {**asdict(rules), "topics": list(topics)}
    answer_settings.change(agent, "handoff", stored, action="handoff.change", by=by, now=now)


def checked_topics(topics: Sequence[str]) -> tuple[str, ...]:
    """Subjects as they are kept: each once, without empty ones.

    Raises:
        Invalid: when there are more or longer ones than there can be.
    """
    kept = tuple(dict.fromkeys(topic for one in topics if (topic := clean_line(one))))
    if len(kept) > MOST_TOPICS:
        raise Invalid(f"Write at most {MOST_TOPICS} subjects.")
    if any(len(topic) > LONGEST_TOPIC for topic in kept):
        raise Invalid(f"A subject is too long: at most {LONGEST_TOPIC} characters each.")
    return kept


def check_value(value: float | None) -> None:
    """Refuse a worth that no cart can have.

    Raises:
        Invalid: when it is none.
    """
    if value is not None and not 0 < value <= MOST_VALUE:
        raise Invalid("Write an amount greater than nothing, or leave the field empty.")


def before_answer(agent: Agent, conversation: Conversation, text: str) -> Wish | None:
    """Whether a rule wants a person for what a customer writes, before anybody looks for an answer."""
    rules = of(agent)
    if rules.angry and sounds_angry(text):
        return Wish(Cause.ANGRY, "sounds upset")
    topic = topic_in(text, rules.topics)
    if topic is not None:
        return Wish(Cause.TOPIC, f"writes about “{topic[:_LONGEST_TOPIC_SHOWN]}”")
    if rules.value is not None:
        context = page_contexts.of(conversation)
        if context.cart_value is not None and context.cart_value >= rules.value:
            return Wish(Cause.VALUE, f"has {context.cart} in the cart"[:60])
    return None


def after_answer(agent: Agent, message: Message, outcome: Outcome) -> Wish | None:
    """Whether a rule wants a person because of what became of a question."""
    needed = of(agent).unanswered
    if outcome is not Outcome.UNANSWERED or not needed:
        return None
    earlier = db.session.scalars(
        select(Answer.outcome)
        .join(Message, Message.id == Answer.message_id)
        .where(Answer.conversation_id == message.conversation_id, Message.seq < message.seq)
        .order_by(Message.seq.desc())
        .limit(needed - 1)
    ).all()
    if len(earlier) < needed - 1 or any(one is not Outcome.UNANSWERED for one in earlier):
        return None
    return Wish(Cause.UNANSWERED, f"got no answer to {needed} questions in a row" if needed > 1 else "got no answer")


def may_fetch(conversation: Conversation, *, now: datetime) -> bool:
    """Whether the agent may fetch a person once more by itself: a loop between it and a team comes to an end."""
    fetched = db.session.scalars(
        select(Message.details).where(
            Message.conversation_id == conversation.id,
            Message.sender == Sender.SYSTEM,
            Message.created_at > now - _DAY,
        )
    )
    by_itself = [details for details in fetched if details.get("handoff") in _BY_ITSELF]
    return len(by_itself) < MOST_BY_ITSELF


def are_people_there(agent: Agent, rules: HandoffRules) -> bool:
    """Whether somebody can come soon, as far as the rules say; the business hours are another matter."""
    if rules.is_away:
        return False
    if not rules.most_waiting:
        return True
    waiting = db.session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.workspace_id == agent.workspace_id, Conversation.state == State.WAITING)
    )
    return (waiting or 0) < rules.most_waiting


def topic_in(text: str, topics: Sequence[str]) -> str | None:
    """The first of some subjects that a message is about: all its words are in it, in any of their forms."""
    if not topics:
        return None
    said = _stems(text)
    plain = folded(text)
    return next((topic for topic in topics if _is_about(plain, said, topic)), None)


def _is_about(plain: str, said: set[str], topic: str) -> bool:
    if _UNSPACED.search(topic):
        return folded(topic) in plain
    stems = _stems(topic)
    return bool(stems) and stems <= said


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in words.tokens(folded(text[:2_000]))}


def _stem(word: str) -> str:
    # "refund", "refunds", "refunded" and "refunding" are one subject.
    return _ENDING.sub("", word) if len(word) > 4 else word


_ENDING = re.compile(r"(?:ings?|ed|es|s|en|e|n)$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_BY_ITSELF = frozenset(cause.value for cause in Cause if cause.is_agents_own)
