"""How many questions an agent may answer a day, so that what answers cost has an end.

A day is one of UTC, for every agent alike. Counted is what the agent had to look up: answers, suggestions, and that it
does not know. Small talk, handing over to a person and previews of the team cost nothing and do not count.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from core import audits
from core.conversations import PREVIEW
from core.errors import Invalid
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Outcome
from models.teammates import Teammate

MOST = 1_000_000
_COUNTED = (Outcome.ANSWERED, Outcome.SUGGESTED, Outcome.UNANSWERED)


def is_used_up(agent: Agent, *, now: datetime) -> bool:
    """Whether the agent has given today's answers; those being worked on at this moment may still come on top."""
    return agent.daily_answers is not None and used_today([agent], now=now)[agent.id] >= agent.daily_answers


def used_today(agents: Sequence[Agent], *, now: datetime) -> dict[uuid.UUID, int]:
    """How many answers each of these agents has given since midnight, UTC."""
    counted = db.session.execute(
        select(Answer.agent_id, func.count())
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Answer.agent_id.in_([agent.id for agent in agents]),
            Answer.finished_at >= _midnight(now),
            Answer.outcome.in_(_COUNTED),
            Conversation.channel != PREVIEW,
        )
        .group_by(Answer.agent_id)
    )
    return {agent.id: 0 for agent in agents} | {row[0]: row[1] for row in counted}


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


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
