"""With what and how an agent answers: models, manner, rules for fetching a person, and what each answer took."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class LanguageModel(Base):
    """A language model that a workspace's agents may ask; the one with the lowest position first."""

    __tablename__ = "language_models"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    # Up to and with /v1.
    base_url: Mapped[str] = mapped_column(String(2000))
    # As the server calls it; empty: the first that it offers.
    name: Mapped[str] = mapped_column(String(200), default="")
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    position: Mapped[int] = mapped_column(default=0)
    is_on: Mapped[bool] = mapped_column(default=True)
    # Millionths of the workspace's money for a million tokens.
    input_price: Mapped[int | None] = mapped_column(BigInteger)
    output_price: Mapped[int | None] = mapped_column(BigInteger)
    # Seconds until its first word; None: as long as nobody notices.
    patience: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    tried_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AnswerSettings(Base):
    """The manner in which an agent answers, what it may spend, and when it fetches a person."""

    __tablename__ = "answer_settings"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    # Tone, length, languages, guardrails, what becomes of an unsupported answer: see core.answer_settings.
    manner: Mapped[dict[str, Any]]
    # Tokens and money for a conversation and a day.
    limits: Mapped[dict[str, Any]]
    # Rules for fetching a person, and the words said then.
    handoff: Mapped[dict[str, Any]]
    # What is remembered of customers, and whether they are asked.
    memory: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class AnswerTrace(Base):
    """Why an answer was given: what was found, asked, called and paid for it. Personal data in it is masked."""

    __tablename__ = "answer_traces"
    __table_args__ = (
        Index("ix_answer_traces_agent_id_created_at", "agent_id", "created_at"),
        Index("ix_answer_traces_conversation_id", "conversation_id"),
    )

    # The reply that it explains.
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    model: Mapped[str | None] = mapped_column(String(200))
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    # Millionths of the workspace's money.
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    milliseconds: Mapped[float] = mapped_column(default=0.0)
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class ModelUse(Base):
    """What one agent has used of one model on one day (UTC)."""

    __tablename__ = "model_uses"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    # Its title then: what was paid is known still when the model is gone.
    model: Mapped[str] = mapped_column(String(60), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    answers: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    output_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
