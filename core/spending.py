"""What agents have used of language models, and whether it is as much as they may."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from core import answer_settings
from models import db
from models.agents import Agent
from models.answering import AnswerTrace, ModelUse
from models.conversations import Conversation
from models.teammates import Workspace


@dataclass(frozen=True)
class Used:
    """Tokens, and money in millionths."""

    tokens: int = 0
    money: int = 0


@dataclass(frozen=True)
class Share:
    """What one model has done and cost in some days."""

    model: str
    answers: int
    failures: int
    tokens: int
    money: int


def exceeded(agent_id: uuid.UUID, conversation: Conversation, *, now: datetime) -> str | None:
    """Why no model may be asked for this conversation now, in a sentence for admins; None when one may."""
    limits = answer_settings.of(agent_id).limits
    if limits.day_tokens is not None or limits.day_money is not None:
        used = today(agent_id, now=now)
        if _is_over(used, limits.day_tokens, limits.day_money):
            return "What this agent may spend on language models in a day is used up."
    if limits.conversation_tokens is not None or limits.conversation_money is not None:
        used = of_conversation(conversation.id)
        if _is_over(used, limits.conversation_tokens, limits.conversation_money):
            return "What this agent may spend on language models in one conversation is used up."
    return None


def today(agent_id: uuid.UUID, *, now: datetime) -> Used:
    """What an agent has used since midnight, UTC."""
    tokens = func.sum(ModelUse.input_tokens + ModelUse.output_tokens)
    where = (ModelUse.agent_id == agent_id, ModelUse.day == now.date())
    row = db.session.execute(select(tokens, func.sum(ModelUse.cost)).where(*where)).one()
    return Used(int(row[0] or 0), int(row[1] or 0))


def of_conversation(conversation_id: uuid.UUID) -> Used:
    """What the answers of one conversation have used."""
    tokens = func.sum(AnswerTrace.input_tokens + AnswerTrace.output_tokens)
    where = AnswerTrace.conversation_id == conversation_id
    row = db.session.execute(select(tokens, func.sum(AnswerTrace.cost)).where(where)).one()
    return Used(int(row[0] or 0), int(row[1] or 0))


def shares(workspace: Workspace, *, days: int, now: datetime, agent: Agent | None = None) -> Sequence[Share]:
    """What each model has done and cost in the last days, today included; the dearest first."""
    since: date = now.date() - timedelta(days=days - 1)
    where = [ModelUse.workspace_id == workspace.id, ModelUse.day >= since]
    if agent is not None:
        where.append(ModelUse.agent_id == agent.id)
    rows = db.session.execute(
        select(
            ModelUse.model,
            func.sum(ModelUse.answers),
            func.sum(ModelUse.failures),
            func.sum(ModelUse.input_tokens + ModelUse.output_tokens).label("tokens"),
            func.sum(ModelUse.cost).label("money"),
        )
        .where(*where)
        .group_by(ModelUse.model)
    )
    found = [Share(row[0], *(int(value) for value in row[1:])) for row in rows]
    return sorted(found, key=lambda share: (-share.money, -share.tokens, share.model))


def _is_over(used: Used, tokens: int | None, money: int | None) -> bool:
    return (tokens is not None and used.tokens >= tokens) or (money is not None and used.money >= money)
