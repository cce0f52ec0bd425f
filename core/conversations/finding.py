"""Finding conversations, and what was said in them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from core.errors import NotFound
from models import Prepared, db
from models.agents import Agent
from models.conversations import Conversation, Message, Sender
from models.customers import Customer
from models.teammates import Workspace

PREVIEW = "preview"
"""The channel of teammates who try their agent; nobody's work and in no figure."""


def find(workspace: Workspace, conversation_id: uuid.UUID) -> Conversation:
    """A conversation of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    conversation = db.session.get(Conversation, conversation_id)
    # Its customer is read at once: they may be erased while the page is made.
    if conversation is None or conversation.workspace_id != workspace.id or conversation.customer is None:
        raise NotFound("There is no such conversation.")
    return conversation


def continued(conversation: Conversation) -> Conversation:
    """The conversation that this one goes on in, by whatever it was merged into; mostly itself."""
    while conversation.merged_into_id is not None:
        conversation = db.session.get_one(Conversation, conversation.merged_into_id)
    return conversation


def latest(agent: Agent, customer: Customer, *, channel: str) -> Conversation | None:
    """The conversation that a customer comes back to."""
    return db.session.scalar(
        select(Conversation)
        .where(
            Conversation.agent_id == agent.id,
            Conversation.customer_id == customer.id,
            Conversation.channel == channel,
            Conversation.merged_into_id.is_(None),
        )
        .order_by(func.coalesce(Conversation.last_message_at, Conversation.created_at).desc(), Conversation.id.desc())
        .limit(1)
    )


def messages_after(conversation_id: uuid.UUID, seq: int, *, limit: int = 500) -> Sequence[Message]:
    """What came after a sequence number, oldest first."""
    return db.session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(limit)
    ).all()


def last_words_of_customer(conversation: Conversation, *, most: int) -> Sequence[Message]:
    """The last messages of the customer's that are more than files, oldest first."""
    found = db.session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER, Message.text != "")
        .order_by(Message.seq.desc())
        .limit(most)
    ).all()
    return found[::-1]


def latest_messages(conversation: Conversation, *, limit: int = 100) -> Sequence[Message]:
    """The end of a conversation, oldest first."""
    return messages_after(conversation.id, max(0, conversation.last_seq - limit), limit=limit)


def offer_before(message: Message) -> Mapping[str, Any]:
    """What the agent offered right before this message, as in its details; nothing when it was not its turn."""
    return _offered(message.conversation_id, before=message.seq)


def latest_offer(conversation: Conversation) -> Mapping[str, Any]:
    """What the agent has offered to what is said next, as `offer_before` gives it then."""
    return _offered(conversation.id, before=conversation.last_seq + 1)


def said_by_agent(message: Message, *, most: int = 10) -> Sequence[Row[tuple[str, dict[str, Any]]]]:
    """The text and the details of what the agent said right before a message, the last first."""
    return db.session.execute(
        select(Message.text, Message.details)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.seq < message.seq,
            Message.sender == Sender.AGENT,
        )
        .order_by(Message.seq.desc())
        .limit(most)
    ).all()


def _offered(conversation_id: uuid.UUID, *, before: int) -> Mapping[str, Any]:
    sender, details = _BEFORE.first(conversation_id=conversation_id, seq=before) or (None, {})
    return details if sender is Sender.AGENT else {}


_BEFORE = Prepared(
    select(Message.sender, Message.details)
    .where(Message.conversation_id == bindparam("conversation_id"), Message.seq < bindparam("seq"))
    .order_by(Message.seq.desc())
    .limit(1)
)
