"""Who uses the widget, as far as they are known."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from core import conversations, networks, risks
from core.protection_settings import Scope
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import WidgetSession


@dataclass(frozen=True)
class Visitor:
    """Somebody who uses the widget, as far as they are known by now."""

    agent: Agent
    address: str
    origin: str = ""
    customer_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    is_preview: bool = False
    """Who tries the agent is never suspected, and stopped only by what all its previews together may do."""

    @property
    def subjects(self) -> dict[Scope, str]:
        """Whom they count as, in each scope."""
        found = {
            Scope.SESSION: self.session_id.hex if self.session_id else "",
            Scope.CUSTOMER: self.customer_id.hex if self.customer_id else "",
            Scope.ADDRESS: networks.counted(self.address),
            Scope.WEBSITE: self.origin,
            Scope.AGENT: self.agent.id.hex,
        }
        return {scope: subject for scope, subject in found.items() if subject}

    @property
    def scope(self) -> Scope:
        """The scope in which they are known best."""
        return Scope.CUSTOMER if self.customer_id else Scope.ADDRESS

    @property
    def suspects(self) -> tuple[str | None, str | None]:
        """The subjects of marks against them."""
        return (risks.of_customer(self.customer_id) if self.customer_id else None, risks.of_address(self.address))


def visitor_of(session: WidgetSession, address: str) -> Visitor:
    """The visitor of a session, at the address that they have now."""
    conversation = db.session.get_one(Conversation, session.conversation_id)
    return Visitor(
        db.session.get_one(Agent, session.agent_id),
        address,
        session.parent_origin,
        session.customer_id,
        session.id,
        is_preview=conversation.channel == conversations.PREVIEW,
    )


def visitor_behind(conversation: Conversation) -> Visitor:
    """The visitor of a conversation, at the address that they came from last."""
    address = db.session.scalar(
        select(WidgetSession.address)
        .where(WidgetSession.conversation_id == conversation.id)
        .order_by(WidgetSession.id.desc())
        .limit(1)
    )
    return Visitor(conversation.agent, address or "", conversation.origin, conversation.customer_id)
