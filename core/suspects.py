"""Who is behind what a limit counted or a mark is about; always within one workspace."""

import uuid

from sqlalchemy import select

from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, WidgetSession
from models.teammates import Workspace


def agent(workspace: Workspace, agent_id: uuid.UUID) -> Agent | None:
    """An agent of this workspace, archived or not."""
    return db.session.scalar(select(Agent).where(Agent.id == agent_id, Agent.workspace_id == workspace.id))


def customer(workspace: Workspace, customer_id: uuid.UUID) -> Customer | None:
    """A customer of this workspace; None when they were erased since."""
    return db.session.scalar(select(Customer).where(Customer.id == customer_id, Customer.workspace_id == workspace.id))


def visitor(workspace: Workspace, session_id: uuid.UUID) -> Customer | None:
    """The customer of one session; None when it is gone."""
    return db.session.scalar(
        select(Customer)
        .join(WidgetSession, WidgetSession.customer_id == Customer.id)
        .where(WidgetSession.id == session_id, WidgetSession.workspace_id == workspace.id)
    )


def latest_conversation(workspace: Workspace, customer_id: uuid.UUID) -> uuid.UUID | None:
    """Where a customer has said something last."""
    return db.session.scalar(
        select(Conversation.id)
        .where(
            Conversation.customer_id == customer_id,
            Conversation.workspace_id == workspace.id,
            Conversation.last_message_at.is_not(None),
        )
        .order_by(Conversation.last_message_at.desc())
        .limit(1)
    )
