"""What the servers of a site are told, and how each telling went (Standard Webhooks)."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id


class Webhook(Base):
    """An address of a site that is told of events."""

    __tablename__ = "webhooks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(2000))
    # What signs each message, and the one before, for as long as both do; encrypted.
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_former_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None]
    kinds: Mapped[list[Any]]
    is_on: Mapped[bool]
    # Why Porchlight has switched it off by itself.
    problem: Mapped[str | None] = mapped_column(String(500))
    failing_since: Mapped[datetime | None]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class DeliveryStatus(enum.StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Base):
    """One event for one address: kept until it is told, so that a crash loses none."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_status_next_try_at", "status", "next_try_at"),
        # What one address is owed, however much others are.
        Index("ix_webhook_deliveries_webhook_id_status_next_try_at", "webhook_id", "status", "next_try_at"),
        Index("ix_webhook_deliveries_webhook_id_created_at_id", "webhook_id", "created_at", "id"),
        UniqueConstraint("webhook_id", "event_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    # The same for all addresses, and for each time that it is told again.
    event_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(60))
    # Of what it speaks, so that it goes with it: when its customer is erased, and when its time is over.
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    # Exactly what is sent; signatures hold for this alone.
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship()


class WebhookAttempt(Base):
    """One try to tell it."""

    __tablename__ = "webhook_attempts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    delivery_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), index=True)
    status_code: Mapped[int | None]
    milliseconds: Mapped[int]
    problem: Mapped[str | None] = mapped_column(String(500))
    # The beginning of what came back.
    answer: Mapped[str | None] = mapped_column(String(1000))
    created_at: Mapped[datetime]
