"""What an agent knows: entries, other ways to ask for them, and their vectors."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id


class Entry(Base):
    """One question and its answer, as a customer would get it."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("agent_id", "external_id"),
        Index("ix_entries_agent_id_position", "agent_id", "position"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    # The name that the entry has in the file it was imported from.
    external_id: Mapped[str | None] = mapped_column(String(255))
    question: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    phrasings: Mapped[list["Phrasing"]] = relationship(
        order_by="Phrasing.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Phrasing(Base):
    """Another way in which customers ask for an entry."""

    __tablename__ = "phrasings"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)


class EntryVector(Base):
    """The embedding of one text of an entry, kept so that a restart need not compute it again."""

    __tablename__ = "entry_vectors"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True)
    # A hash of the text: a changed text has another key, and its old vector is dropped.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(120), primary_key=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class KnowledgeImport(Base):
    """The rows of a file, kept while a teammate looks at what importing them would do."""

    __tablename__ = "knowledge_imports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(120))
    rows: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
