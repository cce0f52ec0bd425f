"""What happened with an agent lately, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from core.conversations import PREVIEW
from models import db
from models.agents import Agent, Event, EventKind
from models.conversations import Answer, Conversation, Message, Outcome, Sender
from models.knowledge import Entry

DAYS = 7


@dataclass(frozen=True)
class Figure:
    """One number over the last week, with its days."""

    title: str
    value: str
    days: tuple[int, ...]
    """One number a day (UTC), the oldest first."""


@dataclass(frozen=True)
class Step:
    """One thing to do until an agent is at work."""

    name: str
    is_done: bool


def week(agent: Agent, now: datetime) -> tuple[Figure, ...]:
    """The four figures of the last seven days, today included."""
    opened = _per_day(Event.created_at, now, Event.agent_id == agent.id, Event.kind == EventKind.OPEN)
    begun = _per_day(Conversation.created_at, now, *_real(agent))
    alone = _per_day(Conversation.created_at, now, *_real(agent), *_WITHOUT_A_PERSON)
    tests = select(Conversation.id).where(Conversation.agent_id == agent.id, Conversation.channel == PREVIEW)
    unanswered = _per_day(
        Answer.created_at,
        now,
        Answer.agent_id == agent.id,
        Answer.outcome == Outcome.UNANSWERED,
        Answer.conversation_id.not_in(tests),
    )
    shares = tuple(round(100 * part / whole) if whole else 0 for part, whole in zip(alone, begun, strict=True))
    return (
        Figure("Chats opened", f"{sum(opened):,}", opened),
        Figure("Conversations", f"{sum(begun):,}", begun),
        Figure("Answered without a person", _share(sum(alone), sum(begun)), shares),
        Figure("Questions not answered", f"{sum(unanswered):,}", unanswered),
    )


def steps(agent: Agent, *, is_live: bool, version: int) -> tuple[Step, ...]:
    """The set-up check-list.

    Args:
        is_live: whether a website has loaded the widget.
        version: the number of the published look; the first one is made with the agent.
    """
    return (
        Step("teach", _exists(select(Entry.id).where(Entry.agent_id == agent.id, Entry.archived_at.is_(None)))),
        Step("customize", version > 1),
        Step("try", agent.tried_at is not None or _exists(select(Conversation.id).where(*_begun(agent)))),
        Step("deploy", is_live),
    )


def recent_conversations(agent: Agent, *, most: int = 5) -> Sequence[tuple[Conversation, Message | None]]:
    """The latest conversations, each with the last thing that somebody said in it; a notice is not one."""
    said = aliased(Message)
    last = (
        select(func.max(said.seq))
        .where(said.conversation_id == Conversation.id, said.sender != Sender.SYSTEM)
        .correlate(Conversation)
        .scalar_subquery()
    )
    newest = and_(Message.conversation_id == Conversation.id, Message.seq == last)
    rows = db.session.execute(
        select(Conversation, Message)
        .outerjoin(Message, newest)
        .where(*_real(agent))
        .options(joinedload(Conversation.customer))
        .order_by(Conversation.last_message_at.desc(), Conversation.id)
        .limit(most)
    )
    return [(conversation, message) for conversation, message in rows]


_WITHOUT_A_PERSON = (
    Conversation.handoff_reason.is_(None),
    Conversation.waiting_since.is_(None),
    Conversation.teammate_id.is_(None),
)


def _real(agent: Agent) -> tuple[ColumnElement[bool], ...]:
    """Those in which a customer has said something, without the team's own tests."""
    return (*_begun(agent), Conversation.channel != PREVIEW)


def _begun(agent: Agent) -> tuple[ColumnElement[bool], ...]:
    return (Conversation.agent_id == agent.id, Conversation.last_message_at.is_not(None))


def _per_day(
    moment: InstrumentedAttribute[datetime], now: datetime, *conditions: ColumnElement[bool]
) -> tuple[int, ...]:
    days = [now.date() - timedelta(days=back) for back in reversed(range(DAYS))]
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    day = _day_of(moment)
    counted = db.session.execute(select(day, func.count()).where(moment >= begin, *conditions).group_by(day))
    numbers: Mapping[str, int] = {str(name): number for name, number in counted}
    return tuple(numbers.get(date.isoformat(day), 0) for day in days)


def _day_of(moment: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    # PostgreSQL would take the day in the zone of its own session; SQLite keeps UTC without a zone.
    if db.session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("UTC", moment))
    return func.date(moment)


def _exists(rows: Select[Any]) -> bool:
    return db.session.scalar(rows.limit(1)) is not None


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"
