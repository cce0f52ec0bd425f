"""The end of a workspace: decided by an owner, put off for two weeks, then real and for ever."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from core import accounts, audits, erasures, jobs, setup_codes, teammates
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.texts import clean_line
from gateways.files import current_files
from models import db, transaction
from models.agents import Event
from models.archives import WorkspaceArchive
from models.audits import AuditEntry
from models.conversations import Conversation
from models.customers import Customer
from models.files import Attachment, Picture
from models.jobs import Job
from models.knowledge import Source
from models.search_texts import forget_deleted
from models.teammates import Teammate, Workspace

KIND = "workspace_deletion"
"""The kind of job that deletes a workspace; its subject is the workspace."""

WAIT = timedelta(days=14)
"""How long an owner can take it back."""

_AT_ONCE = 200
_LARGE = (Conversation, Customer, Event, AuditEntry)


@dataclass(frozen=True)
class Gone:
    """A workspace that was deleted, and whom to tell."""

    name: str
    emails: Sequence[str]


def request(workspace: Workspace, *, name: str, password: str, by: Teammate, now: datetime) -> None:
    """Have a workspace deleted after two weeks.

    Args:
        name: that of the workspace, which its owner has written down.
        password: the owner's.

    Raises:
        Invalid: when the name or the password is another.
        Conflict: when it is decided already.
    """
    if clean_line(name) != clean_line(workspace.name):
        raise Invalid("This is not the name of the workspace.", code="name")
    accounts.check_password(by, password)
    with transaction():
        db.session.refresh(workspace, with_for_update=True)
        if workspace.deletes_at is not None:
            raise Conflict("It is decided already that this workspace is deleted.")
        workspace.deletes_at = now + WAIT
        _note(workspace, "workspace.delete", by=by, now=now, after={"on": workspace.deletes_at.date().isoformat()})


def take_back(workspace: Workspace, *, by: Teammate | None, now: datetime) -> None:
    """Let a workspace live on.

    Raises:
        Conflict: when nothing is decided, or its time has come.
    """
    with transaction():
        db.session.refresh(workspace, with_for_update=True)
        if workspace.deletes_at is None:
            raise Conflict("This workspace is not going to be deleted.")
        if workspace.deletes_at <= now:
            raise Conflict("It is being deleted already.")
        workspace.deletes_at = None
        _note(workspace, "workspace.keep", by=by, now=now)


def start_due(*, now: datetime) -> None:
    """Have workspaces deleted whose time has come."""
    # nosemgrep: query-of-everybody - whichever workspace it is, its time has come
    for workspace_id in db.session.scalars(select(Workspace.id).where(Workspace.deletes_at <= now)).all():
        jobs.start(workspace_id, KIND, workspace_id, now=now)


def run(job: Job, *, now: datetime) -> Gone | None:
    """Delete the workspace that a job is about, in small parts; begun anew when it was broken off.

    Returns:
        what is gone; None when it was taken back.
    """
    workspace = db.session.get(Workspace, job.subject_id)
    if workspace is None or workspace.deletes_at is None or workspace.deletes_at > now:
        return None
    told = teammates.who_may(workspace.id, Permission.OWN_WORKSPACE)
    gone = Gone(workspace.name, [owner.email for owner in told])
    workspace_id, keys = workspace.id, _files_of(workspace.id)
    for table in _LARGE:
        _delete_rows(table, workspace_id, lambda: jobs.progress(job, done=0, total=0))
    with transaction():
        # All else refers to the workspace, and goes with it: this job, too.
        db.session.execute(delete(Workspace).where(Workspace.id == workspace_id))
        setup_codes.note_deletion(now=now)
        db.session.flush()
        forget_deleted(db.session.connection())
        db.session.expunge_all()
    current_files().delete(*keys)
    erasures.empty_the_log()
    return gone


def _delete_rows(table: Any, workspace_id: uuid.UUID, tell: Callable[[], None]) -> None:
    part = select(table.id).where(table.workspace_id == workspace_id).limit(_AT_ONCE)
    while ids := db.session.scalars(part).all():
        with transaction():
            db.session.execute(delete(table).where(table.id.in_(ids)).execution_options(synchronize_session=False))
        tell()


def _files_of(workspace_id: uuid.UUID) -> list[str]:
    keys: list[str] = []
    for folder, table in (("attachments", Attachment), ("pictures", Picture)):
        found = db.session.scalars(select(table.id).where(table.workspace_id == workspace_id))
        keys.extend(f"{folder}/{number}" for number in found)
    for column in (Source.file_key, WorkspaceArchive.file_key):
        of_workspace = column.class_.workspace_id == workspace_id
        keys.extend(key for key in db.session.scalars(select(column).where(of_workspace)) if key)
    return keys


def _note(
    workspace: Workspace, action: str, *, by: Teammate | None, now: datetime, after: dict[str, Any] | None = None
) -> None:
    subject = ("workspace", workspace.id, workspace.name)
    audits.record(workspace.id, action, by=by, subject=subject, after=after, now=now)
