"""Mail between customers and the team: the addresses it comes in by, and what became of each letter."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class MailboxKind(enum.StrEnum):
    """How the mail of an address comes in."""

    POSTMARK = "postmark"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"
    IMAP = "imap"


class Mailbox(Base):
    """An address that customers' answers come in by."""

    __tablename__ = "mailboxes"
    __table_args__ = (UniqueConstraint("workspace_id", "address"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    kind: Mapped[MailboxKind]
    address: Mapped[str] = mapped_column(String(254))
    # What the service signs with, or the password of the mailbox; encrypted.
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Of IMAP: host, port, user, folder, and how far it was read.
    settings: Mapped[dict[str, Any]]
    # Unguessable, in the address that the service calls.
    hook_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    last_read_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]


class LetterDirection(enum.StrEnum):
    IN = "in"
    OUT = "out"


class Letter(Base):
    """One mail of a conversation, so that an answer finds it and none is taken twice."""

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("workspace_id", "direction", "mail_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    direction: Mapped[LetterDirection]
    # The Message-ID (RFC 5322), shortened to a hash where it is longer.
    mail_id: Mapped[str] = mapped_column(String(255))
    # The message that it carried in, or the last one that it carried out.
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class ReturnLink(Base):
    """A mailed link that leads a customer back into their conversation."""

    __tablename__ = "return_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
