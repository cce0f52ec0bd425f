"""How many questions an agent may answer a day, so that what answers cost has an end.

A day is one of UTC, for every agent alike. Counted is what the agent had to look up: answers, suggestions, and that it
does not know, and a person that a language model has fetched. Small talk, handing over to a person who was asked for,
and previews of the team do not count. Previews have an end of their own, as whoever has a link to one can ask.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core import audits
from core.conversations import PREVIEW
from core.errors import Invalid
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Outcome
from models.teammates import Teammate

MOST = 1_000_000
MOST_IN_PREVIEWS = 500
"""Answers a day in words of a language model; what is found is said in its own words after that."""
_COUNTED = (Outcome.ANSWERED, Outcome.SUGGESTED, Outcome.UNANSWERED)


def is_used_up(agent: Agent, *, now: datetime) -> bool:
    """Whether the agent has given today's answers; those being worked on at this moment may still come on top."""
    return agent.daily_answers is not None and used_today([agent], now=now)[agent.id] >= agent.daily_answers


def are_previews_used_up(agent: Agent, *, now: datetime) -> bool:
    """Whether today's previews have had all the answers of a language model that they may have."""
    return _given([agent], Conversation.channel == PREVIEW, now=now)[agent.id] >= MOST_IN_PREVIEWS


def used_today(agents: Sequence[Agent], *, now: datetime) -> dict[uuid.UUID, int]:
    """How many answers each of these agents has given since midnight, UTC."""
    return _given(agents, Conversation.channel != PREVIEW, now=now)


def seconds_left(now: datetime) -> int:
    """Until the next day begins."""
    return int((_midnight(now) + timedelta(days=1) - now).total_seconds()) + 1


def set_daily(agent: Agent, answers: int | None, *, by: Teammate, now: datetime) -> None:
    """Change how many answers an agent may give a day; None is as many as are asked for.

    Raises:
        Invalid: when it is no number that can be meant.
    """
    if answers is not None and not 1 <= answers <= MOST:
        raise Invalid(f"Write a whole number from 1 to {MOST:,}, or leave the field empty for no limit.")
    if answers == agent.daily_answers:
        return
    with transaction():
        before, agent.daily_answers = agent.daily_answers, answers
        audits.record(
            agent.workspace_id,
            "budget.change",
            by=by,
            subject=("agent", agent.id, agent.name),
            before={"answers a day": before},
            after={"answers a day": answers},
            now=now,
        )


def _given(agents: Sequence[Agent], where: ColumnElement[bool], *, now: datetime) -> dict[uuid.UUID, int]:
    # Only what was looked up has a score: a person fetched for the asking has none.
    is_looked_up = Answer.outcome.in_(_COUNTED) | ((Answer.outcome == Outcome.HANDOFF) & Answer.score.is_not(None))
    counted = db.session.execute(
        select(Answer.agent_id, func.count())
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Answer.agent_id.in_([agent.id for agent in agents]),
            Answer.finished_at >= _midnight(now),
            is_looked_up,
            where,
        )
        .group_by(Answer.agent_id)
    )
    return {agent.id: 0 for agent in agents} | {row[0]: row[1] for row in counted}


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
