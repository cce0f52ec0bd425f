"""What an agent knows: where it was read, the entries cut from it, other ways to ask for them, and their vectors."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id


class SourceKind(enum.StrEnum):
    """Where knowledge comes from that nobody wrote as a question and its answer."""

    PAGE = "page"
    SITEMAP = "sitemap"
    SITE = "site"
    FILE = "file"
    TEXT = "text"


class Source(Base):
    """A place that knowledge is read from, and how often."""

    __tablename__ = "sources"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SourceKind]
    title: Mapped[str] = mapped_column(String(200))
    # Of a page, a sitemap or a website's first page.
    address: Mapped[str | None] = mapped_column(String(2000))
    # Of a file: its name in the store of files.
    file_key: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None]
    # Include and exclude patterns, the most pages and the like, as the form has them.
    settings: Mapped[dict[str, Any]]
    read_every_hours: Mapped[int | None]
    next_read_at: Mapped[datetime | None] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))


class PageStatus(enum.StrEnum):
    """What became of one page of a source in the last reading."""

    WAITING = "waiting"
    READ = "read"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"
    GONE = "gone"


class SourcePage(Base):
    """One page of a website, or the whole of a file or text: what was read of it, and when."""

    __tablename__ = "source_pages"
    __table_args__ = (
        UniqueConstraint("source_id", "address_hash"),
        Index("ix_source_pages_source_id_status", "source_id", "status"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    # Empty for files and texts.
    address: Mapped[str] = mapped_column(String(2000), default="")
    # SHA-256 of the address: an index of whole addresses would be too long for a page of the database.
    address_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[PageStatus] = mapped_column(default=PageStatus.WAITING)
    problem: Mapped[str | None] = mapped_column(String(500))
    # Links from the first page to here.
    depth: Mapped[int] = mapped_column(default=0)
    # The reading that found it, counted from 1; one that does not find it again makes it gone.
    reading: Mapped[int] = mapped_column(default=1)
    etag: Mapped[str | None] = mapped_column(String(200))
    modified: Mapped[str | None] = mapped_column(String(60))
    content_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    # What was read, as Markdown.
    text: Mapped[str | None] = mapped_column(Text)
    is_excluded: Mapped[bool] = mapped_column(default=False)
    # Keys of the parts (by their title paths) that an admin does not want to be known.
    excluded_parts: Mapped[list[Any]]
    read_at: Mapped[datetime | None]


class WebsitePace(Base):
    """Who reads a website, and from when it may be asked again; whichever workspaces read it."""

    __tablename__ = "website_paces"

    website_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The job at it, while there is one.
    reader_id: Mapped[uuid.UUID | None]
    free_at: Mapped[datetime]


class Entry(Base):
    """One question and its answer, or one part of a page under its headings, as a customer would get it."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("agent_id", "external_id"),
        Index("ix_entries_agent_id_position", "agent_id", "position"),
        Index("ix_entries_page_id", "page_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    # The name that the entry has in the file it was imported from.
    external_id: Mapped[str | None] = mapped_column(String(255))
    # The page that it is a part of; None for a question and its answer.
    page_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("source_pages.id", ondelete="CASCADE"))
    # Which part of the page: stays the same while the headings above it do.
    part_key: Mapped[str | None] = mapped_column(String(64))
    # The headings above it, outermost first, put together.
    title_path: Mapped[str | None] = mapped_column(String(600))
    link: Mapped[str | None] = mapped_column(String(2000))
    # ISO 639-1; None where nobody has said and none was recognised.
    language: Mapped[str | None] = mapped_column(String(10))
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


class EvaluationQuestion(Base):
    """A question of the admin's own with which they check their agent after every change of what it knows."""

    __tablename__ = "evaluation_questions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    # None: it is to stay unanswered.
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Evaluation(Base):
    """One run of an agent's test questions, and what came of each."""

    __tablename__ = "evaluations"
    __table_args__ = (Index("ix_evaluations_agent_id_created_at", "agent_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    # What the agent knew: its `knowledge_revision`.
    revision: Mapped[int]
    passed: Mapped[int]
    total: Mapped[int]
    # A dict for each question: its id and text, what was expected, what came, whether that is right.
    results: Mapped[list[Any]]
    created_at: Mapped[datetime]


class ProposalKind(enum.StrEnum):
    PHRASING = "phrasing"
    ENTRY = "entry"


class Proposal(Base):
    """Something that a conversation could teach the agent; a person approves it or does not."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_agent_id_settled_at", "agent_id", "settled_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ProposalKind]
    # Of a phrasing: the entry that it would be one of.
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    is_approved: Mapped[bool] = mapped_column(default=False)
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
