"""Workspaces: the tenants."""

from datetime import datetime

from sqlalchemy import select

from models import db, transaction
from models.teammates import Workspace


def first_or_new(*, now: datetime) -> Workspace:
    """The oldest workspace; made when there is none yet."""
    # nosemgrep: query-of-everybody - commands of the operator work in the first workspace
    workspace = db.session.scalar(select(Workspace).order_by(Workspace.id).limit(1))
    if workspace is None:
        workspace = Workspace(name="My workspace", created_at=now)
        with transaction():
            db.session.add(workspace)
    return workspace
