"""How teammates learn that somebody needs them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id
from models.conversations import Conversation


class NotificationSettings(Base):
    """What a teammate wants to be told, how and when; without a row the defaults hold."""

    __tablename__ = "notification_settings"

    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    # By kind of notification the ways that it comes by.
    choices: Mapped[dict[str, Any]]
    quiet_hours: Mapped[dict[str, Any] | None]
    has_sound: Mapped[bool]
    last_digest_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class Notification(Base):
    """One thing that a teammate is told, until they have seen it."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_teammate_id_seen_at_created_at", "teammate_id", "seen_at", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    pushed_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()


class PushSubscription(Base):
    """One browser of a teammate that takes push messages (RFC 8030)."""

    __tablename__ = "push_subscriptions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Address and keys of the browser; whoever has them can write to it.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    browser: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class NotificationChannel(Base):
    """A room of Slack, Teams or another service that a workspace is told in."""

    __tablename__ = "notification_channels"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    # The address in the form of apprise, which is a secret; encrypted.
    sealed_address: Mapped[bytes] = mapped_column(LargeBinary)
    service: Mapped[str] = mapped_column(String(40))
    kinds: Mapped[list[Any]]
    is_on: Mapped[bool]
    problem: Mapped[str | None] = mapped_column(String(500))
    last_sent_at: Mapped[datetime | None]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
