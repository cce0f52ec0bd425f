"""How conversations begin, and how those end in which nothing was said."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from core import memory, return_links, tool_calls
from core.conversations.finding import latest
from core.conversations.storing import lock, say_as_system
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation, State
from models.customers import Customer, Standing


def current(
    agent: Agent, customer: Customer, *, origin: str, channel: str, now: datetime, language: str = "en"
) -> Conversation:
    """The conversation that a customer comes back to, or a new one; two tabs that open at once share it."""
    with transaction():
        db.session.refresh(customer, with_for_update=True)
        conversation = latest(agent, customer, channel=channel) or begin(
            agent, customer, origin=origin, channel=channel, now=now
        )
        # As the customer's page speaks now; what was said before stays as it was.
        conversation.language = language
        return conversation


def begin(agent: Agent, customer: Customer, *, origin: str, channel: str, now: datetime) -> Conversation:
    """A new conversation, nobody's work until something is said in it."""
    conversation = Conversation(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        customer_id=customer.id,
        channel=channel,
        state=State.AGENT,
        origin=origin,
        last_seq=0,
        created_at=now,
    )
    with transaction():
        db.session.add(conversation)
    return conversation


def join(conversation: Conversation, customer: Customer, *, now: datetime) -> None:
    """Give an unproven visitor's conversation to the customer it turned out to be, visibly."""
    with transaction():
        lock(conversation)
        conversation.customer_id = customer.id
        # Mailed to an address that may be somebody else's.
        return_links.take_back(conversation)
        memory.follow(conversation, customer)
        tool_calls.follow(conversation, customer, now=now)
        say_as_system(conversation, "said_signed_in", now=now)


def clear_silent(*, now: datetime) -> None:
    """Forget chats that were opened and never used, and visitors who left nothing behind."""
    with transaction():
        db.session.execute(
            delete(Conversation).where(
                Conversation.last_message_at.is_(None), Conversation.created_at < now - timedelta(days=2)
            )
        )
        db.session.execute(
            delete(Customer).where(
                Customer.standing != Standing.VERIFIED,
                Customer.last_seen_at < now - timedelta(days=31),
                ~exists().where(Conversation.customer_id == Customer.id),
            )
        )
