"""Conversations, their messages, and the answers that are owed to them."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agents import Agent
from models.base import Base, new_id
from models.customers import Customer
from models.teammates import Teammate


class State(enum.StrEnum):
    """Who a conversation is with."""

    AGENT = "agent"
    WAITING = "waiting"
    PERSON = "person"
    RESOLVED = "resolved"


class Sender(enum.StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    PERSON = "person"
    SYSTEM = "system"


class Outcome(enum.StrEnum):
    """What became of a customer's question."""

    ANSWERED = "answered"
    SUGGESTED = "suggested"
    UNANSWERED = "unanswered"
    SMALL_TALK = "small_talk"
    HANDOFF = "handoff"


class Priority(enum.StrEnum):
    """How pressing a conversation is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Conversation(Base):
    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_workspace_id_last_message_at", "workspace_id", "last_message_at"),
        # The inbox counts and pages its views by this index alone.
        Index(
            "ix_conversations_workspace_id_state_last_message_at_channel",
            "workspace_id",
            "state",
            "last_message_at",
            "channel",
        ),
        Index("ix_conversations_agent_id_customer_id", "agent_id", "customer_id"),
        # How long customers waited lately.
        Index("ix_conversations_workspace_id_first_answered_at", "workspace_id", "first_answered_at"),
        # What a teammate has before them.
        Index("ix_conversations_teammate_id_state_last_message_at", "teammate_id", "state", "last_message_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(32), default="web")
    state: Mapped[State] = mapped_column(default=State.AGENT)
    # The number of the newest message; a row lock on it puts messages in one order for everybody.
    last_seq: Mapped[int] = mapped_column(default=0)
    origin: Mapped[str] = mapped_column(String(300), default="")
    # In which the widget speaks to this customer (ISO 639-1).
    language: Mapped[str] = mapped_column(String(10), default="en", server_default="en")
    # What the customer answered to the form before the chat, by the keys of its questions.
    told: Mapped[dict[str, Any] | None]
    # When the customer agreed to the consent line, and what it said.
    consented_at: Mapped[datetime | None]
    consent_text: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    # None until the customer has said something: an opened but silent chat is nobody's work.
    last_message_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    handoff_reason: Mapped[str | None] = mapped_column(String(60))
    # What caused it: the customer, the model, a rule by its key, or a failure.
    handoff_cause: Mapped[str | None] = mapped_column(String(40))
    handoff_summary: Mapped[str | None] = mapped_column(Text)
    # When the customer agreed to be remembered, as somebody anonymous.
    remembers_since: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    # Why it was resolved: a key of `core.resolutions`.
    resolution: Mapped[str | None] = mapped_column(String(40))
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    # The team that is asked for it.
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL, server_default=Priority.NORMAL.value)
    # Out of the way until then, or until the customer writes.
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    # Into which other conversation of the same customer it was put.
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    # Up to which message the customer's browser has got, and the customer has seen, what came from the other side;
    # and how far any teammate has read.
    delivered_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    seen_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    read_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    # How the customer sounds, as a model has judged it: `content`, `neutral` or `upset`.
    mood: Mapped[str | None] = mapped_column(String(20))
    # When the customer was last to get a person; when a teammate was last given it, and who has had it since then
    # (their ids), so that it goes round once.
    requested_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    given_to: Mapped[list[Any] | None]
    # By when a person should have answered, and it should be resolved; when the first was done; when somebody was
    # alerted that it was not.
    answer_due_at: Mapped[datetime | None] = mapped_column(index=True)
    first_answered_at: Mapped[datetime | None]
    resolution_due_at: Mapped[datetime | None] = mapped_column(index=True)
    alerted_at: Mapped[datetime | None]
    # When the customer wanted no more e-mails about it.
    letters_stopped_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    agent: Mapped[Agent] = relationship()
    teammate: Mapped[Teammate | None] = relationship()


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    sender: Mapped[Sender]
    client_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    # Of an agent's reply: the sources it cites, the questions it offers, whether it offers a person.
    details: Mapped[dict[str, Any]]
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]

    teammate: Mapped[Teammate | None] = relationship()


class Answer(Base):
    """The answer owed to one message: asked for with the message itself, so that no crash forgets it."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_finished_at_claimed_until", "finished_at", "claimed_until"),
        Index("ix_answers_agent_id_outcome", "agent_id", "outcome"),
        # What an agent has answered today, for its daily budget.
        Index("ix_answers_agent_id_finished_at", "agent_id", "finished_at"),
    )

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Indexed for the day the reply is erased: the database would read all answers for each message otherwise.
    reply_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    outcome: Mapped[Outcome | None]
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id", ondelete="SET NULL"))
    score: Mapped[float | None]
    milliseconds: Mapped[float | None]
    # Set when a teammate has taught the answer or waved the question away.
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    message: Mapped[Message] = relationship(foreign_keys=[message_id])
