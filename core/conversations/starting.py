"""A teammate writes first, to a customer who is known."""

from datetime import datetime

from sqlalchemy import select

from core import changes, occurrences
from core.changes import Change
from core.conversations.finding import latest
from core.conversations.merging import end_sessions_of
from core.conversations.opening import begin
from core.conversations.replying import write_as_person
from core.conversations.storing import said_before
from core.errors import Conflict, NotFound
from core.occurrences import Kind, Occurrence
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation, State
from models.customers import Customer
from models.teammates import Teammate

CHANNEL = "web"


def start_with(
    customer: Customer, agent: Agent, *, text: str, by: Teammate, now: datetime, client_id: str | None = None
) -> Conversation:
    """Begin a conversation with somebody who is not asking for one just now.

    They find it when they are on the website again; a browser that shows an older one comes to it at once.

    Args:
        agent: whose chat they will see it in.
        client_id: made where it is typed; the same again is the same conversation.

    Raises:
        Conflict: when there is one under way with them.
        NotFound: when the agent is another workspace's.
    """
    if agent.workspace_id != customer.workspace_id:
        raise NotFound("There is no such agent.")
    with transaction():
        db.session.refresh(customer, with_for_update=True)
        before = latest(agent, customer, channel=CHANNEL)
        if before is not None and said_before(before, client_id) is not None:
            return before
        if before is not None and before.last_message_at is not None and before.state is not State.RESOLVED:
            raise Conflict("There is a conversation under way with this customer. Write to them there.")
        conversation = begin(agent, customer, origin=before.origin if before else "", channel=CHANNEL, now=now)
        conversation.language = before.language if before else "en"
        changes.record(conversation, Change.STARTED, by=by, now=now)
        write_as_person(conversation, by, text=text, client_id=client_id, now=now)
        occurrences.tell(Occurrence(Kind.STARTED, conversation, now, by=by))
        for older in _shown(agent, customer, conversation):
            end_sessions_of(older, now=now)
    return conversation


def _shown(agent: Agent, customer: Customer, newest: Conversation) -> list[Conversation]:
    """The customer's older conversations, one of which their browsers may show."""
    return list(
        db.session.scalars(
            select(Conversation)
            .where(
                Conversation.agent_id == agent.id,
                Conversation.customer_id == customer.id,
                Conversation.channel == CHANNEL,
                Conversation.id != newest.id,
            )
            .order_by(Conversation.id.desc())
            .limit(20)
        )
    )
