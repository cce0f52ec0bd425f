"""What customers have answered, for those who look at it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer
from models.inbox import Rating

_CONTENT = 4


@dataclass(frozen=True)
class Figures:
    """What the ratings of a time come to."""

    asked: int
    rated: int
    content: int
    """How many chose one of the two best faces."""
    average: float | None

    @property
    def share(self) -> int | None:
        """How many of a hundred were content; None where nobody has rated."""
        return round(100 * self.content / self.rated) if self.rated else None


def of_conversation(conversation: Conversation) -> Mapping[uuid.UUID, Rating]:
    """The questions that were asked in a conversation, by their id, which is that of the notice they stand beneath."""
    found = db.session.scalars(select(Rating).where(Rating.conversation_id == conversation.id))
    return {rating.id: rating for rating in found}


def of_customer(customer: Customer) -> Mapping[uuid.UUID, Rating]:
    """The latest rating of each of a customer's conversations that has one, by the conversation's id."""
    found = db.session.scalars(
        select(Rating)
        .join(Rating.conversation)
        .where(Conversation.customer_id == customer.id, Rating.rated_at.is_not(None))
        .order_by(Rating.rated_at)
    )
    return {rating.conversation_id: rating for rating in found}


def figures(agent: Agent, *, since: datetime) -> Figures:
    """How content the customers of an agent were who were asked since then."""
    asked, rated, content, average = db.session.execute(
        select(
            func.count(),
            func.count(Rating.score),
            func.coalesce(func.sum(case((Rating.score >= _CONTENT, 1), else_=0)), 0),
            func.avg(Rating.score),
        )
        .join(Rating.conversation)
        .where(Rating.workspace_id == agent.workspace_id, Conversation.agent_id == agent.id, Rating.asked_at >= since)
    ).one()
    return Figures(asked, rated, int(content), float(average) if average is not None else None)
