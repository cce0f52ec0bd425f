"""Connections to MCP servers, the tools found there, and every call of one."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id


class ConnectionKind(enum.StrEnum):
    MCP = "mcp"
    SHOPIFY = "shopify"
    SHOPIFY_ACCOUNTS = "shopify_accounts"
    """What the customers of a shop may see of themselves, once they have signed in there."""


class Connection(Base):
    """An MCP server whose tools one agent may use."""

    __tablename__ = "connections"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ConnectionKind]
    title: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(2000))
    # The header that carries the secret; None: the server wants none.
    header: Mapped[str | None] = mapped_column(String(60))
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_on: Mapped[bool] = mapped_column(default=True)
    # What the server calls itself, and what is wrong with it.
    server: Mapped[str | None] = mapped_column(String(200))
    problem: Mapped[str | None] = mapped_column(String(500))
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    tools: Mapped[list["ConnectionTool"]] = relationship(
        order_by="ConnectionTool.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Audience(enum.StrEnum):
    """On whose behalf a tool may be called."""

    ANYONE = "anyone"
    IDENTIFIED = "identified"
    VERIFIED = "verified"


class ConnectionTool(Base):
    """One tool of a connection: what the server says of it, and what an admin allows."""

    __tablename__ = "connection_tools"
    __table_args__ = (UniqueConstraint("connection_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    input_schema: Mapped[dict[str, Any]]
    output_schema: Mapped[dict[str, Any] | None]
    # The server's own word for it, which nobody has to believe.
    is_read_only: Mapped[bool] = mapped_column(default=False)
    # SHA-256 of all that the server says of it: a tool that has changed is off until somebody has looked again.
    fingerprint: Mapped[str] = mapped_column(String(64))
    is_on: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[Audience] = mapped_column(default=Audience.VERIFIED)
    needs_confirmation: Mapped[bool] = mapped_column(default=True)
    # Which arguments the platform fills in, and with what: {"customer_id": "customer.id", "mail": "customer.email"}.
    filled: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class CallStatus(enum.StrEnum):
    """What became of a call."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"


class ToolCall(Base):
    """One call of a tool, for whom and with what; personal data in it is masked."""

    __tablename__ = "tool_calls"
    __table_args__ = (
        Index("ix_tool_calls_conversation_id_created_at", "conversation_id", "created_at"),
        Index("ix_tool_calls_connection_id_created_at", "connection_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("connections.id", ondelete="SET NULL"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    # The customer's message that led to it.
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    tool: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[CallStatus]
    # As shown to people. What is sent is sealed beside it while the customer is asked, and gone afterwards.
    arguments: Mapped[dict[str, Any]]
    sealed_arguments: Mapped[bytes | None] = mapped_column(LargeBinary)
    result: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(String(200))
    milliseconds: Mapped[float | None]
    created_at: Mapped[datetime]
    # Until when the customer may confirm it.
    expires_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
