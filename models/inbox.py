"""How a team works through its conversations: marks on them, notes beside them, and what is at hand for answering."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id
from models.conversations import Conversation
from models.teammates import Teammate


class InboxSettings(Base):
    """What a workspace has decided about its inbox; without a row the defaults hold."""

    __tablename__ = "inbox_settings"

    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    # Each is checked and given its defaults by the module of core that owns it.
    routing: Mapped[dict[str, Any]]
    targets: Mapped[dict[str, Any]]
    rating: Mapped[dict[str, Any]]
    letters: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Tag(Base):
    """A word that a team sorts its conversations by."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class ConversationTag(Base):
    """That a conversation carries a tag."""

    __tablename__ = "conversation_tags"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]

    tag: Mapped[Tag] = relationship()


class SavedView(Base):
    """A part of the inbox that somebody has put together and named."""

    __tablename__ = "saved_views"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    # Whose it is; for everybody when it is shared.
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    is_shared: Mapped[bool]
    # What is looked for, as `core.inboxes` reads it.
    filters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class CannedReply(Base):
    """A text that a team sends again and again, found by its shortcut."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("workspace_id", "shortcut"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    # Typed after a slash.
    shortcut: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    used_count: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Note(Base):
    """What a teammate has written for the team beside a conversation; in a table of its own, so that no customer's
    query can ever reach it."""

    __tablename__ = "notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    # Where in the conversation it stands: below the message of this number.
    after_seq: Mapped[int]
    client_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    teammate: Mapped[Teammate | None] = relationship()


class Mention(Base):
    """That a note calls a teammate."""

    __tablename__ = "mentions"

    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    teammate_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class ConversationChange(Base):
    """One thing that was done with a conversation, shown to the team among what was said."""

    __tablename__ = "conversation_changes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    # None: Porchlight itself, by a rule.
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    after_seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    teammate: Mapped[Teammate | None] = relationship()


class ReplyDraft(Base):
    """What a teammate has begun to write, on whichever of their devices."""

    __tablename__ = "reply_drafts"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    teammate_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    is_note: Mapped[bool]
    updated_at: Mapped[datetime]


class ConversationReading(Base):
    """How far a teammate has read a conversation."""

    __tablename__ = "conversation_readings"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    teammate_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    seen_seq: Mapped[int]
    updated_at: Mapped[datetime]


class Rating(Base):
    """How content a customer was with a conversation: asked for when it is resolved."""

    __tablename__ = "ratings"
    __table_args__ = (Index("ix_ratings_workspace_id_rated_at", "workspace_id", "rated_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    # Who had the conversation when it was resolved; None: the agent.
    teammate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teammates.id", ondelete="SET NULL"), index=True)
    # 1 (very unhappy) to 5 (very happy); None until the customer has answered.
    score: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    rated_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()
    teammate: Mapped[Teammate | None] = relationship()


class Presence(enum.StrEnum):
    """Whether a teammate takes conversations, as they have said themselves."""

    ONLINE = "online"
    AWAY = "away"


class Team(Base):
    """Some of the teammates, who take a part of the conversations."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    # The languages (ISO 639-1) whose customers are theirs; empty: any.
    languages: Mapped[list[Any]]
    created_at: Mapped[datetime]


class TeamMember(Base):
    """That a teammate belongs to a team."""

    __tablename__ = "team_members"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    teammate_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)

    teammate: Mapped[Teammate] = relationship()


class Availability(Base):
    """When a teammate takes conversations, and how many at once; without a row the defaults hold."""

    __tablename__ = "availabilities"

    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    presence: Mapped[Presence]
    # Their own hours, in the form of the business hours of an agent; None: whenever they are online.
    schedule: Mapped[dict[str, Any] | None]
    languages: Mapped[list[Any]]
    capacity: Mapped[int]
    # When one of their browsers was last open on the admin, and when the last conversation was given to them.
    last_active_at: Mapped[datetime | None]
    last_given_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
