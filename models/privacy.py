"""What a workspace has decided about personal data, and what it keeps of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.teammates import Role


class PrivacySettings(Base):
    """A workspace's decisions; without a row the defaults hold."""

    __tablename__ = "privacy_settings"

    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    # What is done with each kind of personal data: `core.privacy_settings.Handling` by `core.privacy.Kind`.
    handling: Mapped[dict[str, Any]]
    # The least role that may see an original that was kept encrypted.
    revealed_to: Mapped[Role] = mapped_column(default=Role.SUPPORT)
    # None: for ever.
    conversation_days: Mapped[int | None]
    customer_days: Mapped[int | None]
    event_days: Mapped[int | None]
    audit_days: Mapped[int | None]
    note_days: Mapped[int | None]
    rating_days: Mapped[int | None]
    delivery_days: Mapped[int | None]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))


class MessageOriginal(Base):
    """What a masked message said before, encrypted; only where a workspace keeps it."""

    __tablename__ = "message_originals"

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
