"""Workspaces, the people who work in them, and how these people prove who they are."""

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, new_id


class Role(enum.StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    SUPPORT = "support"
    VIEWER = "viewer"


class Workspace(Base):
    """A tenant: one business. Everything else belongs to exactly one."""

    __tablename__ = "workspaces"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    # Whether only customers whom their site has signed may chat.
    requires_verified: Mapped[bool] = mapped_column(default=False)
    # Whether everybody in the team has to sign in with a second factor.
    requires_second_factor: Mapped[bool] = mapped_column(default=False)
    # When everything of it will be deleted, unless somebody stops it.
    deletes_at: Mapped[datetime | None] = mapped_column(index=True)
    # Another one with each change of what processes keep in memory: see models.revisions.
    revision: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]


class DeletedWorkspace(Base):
    """That a workspace was deleted for ever, and when; nothing of it is left."""

    __tablename__ = "deleted_workspaces"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    deleted_at: Mapped[datetime]


class Teammate(Base):
    """A person who signs in to the admin."""

    __tablename__ = "teammates"
    __table_args__ = (
        # Somebody who was removed can be invited again, here or elsewhere.
        Index(
            "uq_teammates_email",
            "email",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    # Kept in lower case: one mailbox is one person, however it was typed.
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    workspace: Mapped[Workspace] = relationship()

    @property
    def is_active(self) -> bool:
        return self.removed_at is None


class TeammateSession(Base):
    """One browser in which a teammate is signed in, so that it can be seen and ended."""

    __tablename__ = "teammate_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime]
    # When the person last proved that it is them: what is dangerous asks again after a while.
    confirmed_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    teammate: Mapped[Teammate] = relationship()


class Invitation(Base):
    """A link that lets one more person into a workspace, once."""

    __tablename__ = "invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    workspace: Mapped[Workspace] = relationship()
    invited_by: Mapped[Teammate] = relationship()


class PasswordReset(Base):
    """A mailed link that sets a new password, once."""

    __tablename__ = "password_resets"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teammate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teammates.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    teammate: Mapped[Teammate] = relationship()
