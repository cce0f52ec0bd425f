"""Agents, the websites they may be embedded on, and how their widget looks."""

import enum
import secrets
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id
from models.teammates import Teammate


def new_public_id() -> str:
    """22 url-safe characters, 128 bits: an agent's address cannot be guessed, and is no option of a command."""
    while (public_id := secrets.token_urlsafe(16)).startswith("-"):
        continue
    return public_id


class Agent(Base):
    """The chat agent that a workspace deploys."""

    __tablename__ = "agents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(60))
    site_url: Mapped[str | None] = mapped_column(String(2000))
    # Counts every change of what the agent knows; an index in memory is good for one count only.
    knowledge_revision: Mapped[int] = mapped_column(default=0)
    # Whether it may be opened on its own: by the direct link, and in a mobile app's web view.
    allows_link: Mapped[bool] = mapped_column(default=True)
    # None: as many as are asked for.
    daily_answers: Mapped[int | None]
    tried_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    websites: Mapped[list["Website"]] = relationship(order_by="Website.position", cascade="all, delete-orphan")


class Website(Base):
    """An address pattern on which an agent may be embedded."""

    __tablename__ = "websites"
    __table_args__ = (UniqueConstraint("agent_id", "pattern"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    pattern: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class WebsiteSighting(Base):
    """When and how often the widget was loaded on one website, allowed or not."""

    __tablename__ = "website_sightings"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    is_allowed: Mapped[bool]
    loads: Mapped[int] = mapped_column(default=1)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # When people were told that this website no longer loads the widget.
    quiet_told_at: Mapped[datetime | None]
    # The published version that it loaded last.
    version: Mapped[int | None]


class Handover(Base):
    """A mailed link that shows somebody outside the team what to paste and whether it works, and nothing else."""

    __tablename__ = "handovers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    place: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    agent: Mapped[Agent] = relationship()
    sent_by: Mapped[Teammate] = relationship()


class WidgetDraft(Base):
    """The look that is being worked on; customers do not see it."""

    __tablename__ = "widget_drafts"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    settings: Mapped[dict[str, Any]]
    # Goes up with each save: a save that started from an older count would overwrite somebody.
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))

    updated_by: Mapped[Teammate | None] = relationship()


class WidgetDraftStep(Base):
    """The draft as each save left it: what an older page began from, so that two people's changes can be merged."""

    __tablename__ = "widget_draft_steps"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    settings: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))

    saved_by: Mapped[Teammate | None] = relationship()


class WidgetSchedule(Base):
    """A look that is published by itself at a time; one for an agent."""

    __tablename__ = "widget_schedules"

    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    settings: Mapped[dict[str, Any]]
    publish_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))

    created_by: Mapped[Teammate | None] = relationship()


class PreviewLink(Base):
    """A link that shows the draft on the real website to whoever has it, and nothing else."""

    __tablename__ = "preview_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The page of the website that it opens.
    page: Mapped[str] = mapped_column(String(2000))
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]

    created_by: Mapped[Teammate | None] = relationship()


class WidgetVersion(Base):
    """A published look, never changed again."""

    __tablename__ = "widget_versions"
    __table_args__ = (UniqueConstraint("agent_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    number: Mapped[int]
    settings: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"))

    published_by: Mapped[Teammate | None] = relationship()


class EventKind(enum.StrEnum):
    LOAD = "load"
    OPEN = "open"
    MESSAGE = "message"
    CLOSE = "close"
    GREET = "greet"
    ERROR = "error"


class Event(Base):
    """Something that happened to a widget on a page; the raw material of analytics."""

    __tablename__ = "events"
    # What one agent's websites did lately, without reading all that was ever noted of it.
    __table_args__ = (Index("ix_events_agent_id_kind_created_at", "agent_id", "kind", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    kind: Mapped[EventKind]
    origin: Mapped[str] = mapped_column(String(300))
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
