"""Copies of a whole workspace, taken out or brought in by its owners."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_id


class WorkspaceArchive(Base):
    """One copy of a workspace: a file of JSON lines with its files, for a few days."""

    __tablename__ = "workspace_archives"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    requested_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teammates.id", ondelete="SET NULL"), index=True
    )
    # Brought in, and not taken out.
    is_import: Mapped[bool] = mapped_column(default=False)
    # Where it lies among the files; None until it is made.
    file_key: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    # Why it could not be brought in.
    problem: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
