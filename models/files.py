"""Pictures of a business, and what customers and teammates attach to messages; the bytes are in the file store."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class Picture(Base):
    """An uploaded picture for the look of the widget, as it was encoded anew. Anybody who knows its id may see it."""

    __tablename__ = "pictures"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    media_type: Mapped[str] = mapped_column(String(60))
    width: Mapped[int]
    height: Mapped[int]
    # In bytes.
    size: Mapped[int]
    # Where the page shows through: "dark" or "light" when it would be lost on a page as dark or light as it is.
    tone: Mapped[str] = mapped_column(String(8), default="")
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class Attachment(Base):
    """A file in a conversation. It belongs to a message once that is sent; one that never is, is swept away."""

    __tablename__ = "attachments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    # None: the customer's.
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    # In bytes, as kept.
    size: Mapped[int]
    # Of pictures, in pixels.
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
