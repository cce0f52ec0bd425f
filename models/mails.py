"""Mails on their way out."""

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class MailStatus(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Mail(Base):
    """One mail: kept until the server has taken it, so that a crash loses none."""

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_status_next_try_at", "status", "next_try_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    # Whom it speaks of, so that it goes when they are erased.
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    # Encrypted, and gone once it is sent: links that let somebody in stand in it.
    sealed: Mapped[bytes | None]
    status: Mapped[MailStatus] = mapped_column(default=MailStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
