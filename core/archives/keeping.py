"""The archives of a workspace: asked for, kept for a week, fetched by its owners."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core import audits, jobs
from core.errors import Conflict, Invalid, NotFound
from gateways.files import current_files
from models import after_commit, db, new_id, transaction
from models.archives import WorkspaceArchive
from models.jobs import Job
from models.teammates import Teammate, Workspace

EXPORT = "archive"
IMPORT = "archive_import"
"""The kinds of jobs; their subject is the archive."""

KEPT = timedelta(days=7)

_FOLDER = "archives"
_SAFE_AGE = timedelta(days=1)


def listed(workspace: Workspace) -> Sequence[WorkspaceArchive]:
    """The archives of a workspace, the latest first."""
    return db.session.scalars(
        select(WorkspaceArchive)
        .where(WorkspaceArchive.workspace_id == workspace.id)
        .order_by(WorkspaceArchive.created_at.desc(), WorkspaceArchive.id.desc())
    ).all()


def find(workspace: Workspace, archive_id: uuid.UUID) -> WorkspaceArchive:
    """One of them.

    Raises:
        NotFound: also for somebody else's.
    """
    row = db.session.get(WorkspaceArchive, archive_id)
    if row is None or row.workspace_id != workspace.id:
        raise NotFound("There is no such copy. They are kept for a week.")
    return row


def job_of(archive: WorkspaceArchive) -> Job | None:
    """The work at an archive, with how far it is and what went wrong."""
    return db.session.scalar(
        select(Job)
        .where(Job.kind.in_((EXPORT, IMPORT)), Job.subject_id == archive.id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    )


def is_under_way(archive: WorkspaceArchive) -> bool:
    """Whether somebody is still at it; what was given up after several tries is not."""
    if archive.finished_at is not None:
        return False
    job = job_of(archive)
    return job is not None and not job.is_over


def request_export(workspace: Workspace, *, by: Teammate | None, now: datetime) -> WorkspaceArchive:
    """Have a copy made of everything.

    Raises:
        Conflict: while another one is being made.
    """
    return _begin(workspace, EXPORT, file=None, by=by, now=now)


def request_import(workspace: Workspace, file: Path, *, by: Teammate | None, now: datetime) -> WorkspaceArchive:
    """Have what stands in a file brought into a workspace. Storing it is slow: call it outside a transaction.

    Raises:
        Conflict: while something else is taken out or brought in.
        Invalid: when there is nothing in it.
    """
    if not file.stat().st_size:
        raise Invalid("Choose a file that was downloaded here.")
    return _begin(workspace, IMPORT, file=file, by=by, now=now)


def download(archive: WorkspaceArchive, *, by: Teammate, now: datetime) -> Iterator[bytes]:
    """The bytes of an archive, piece by piece; that it was fetched is noted.

    Raises:
        NotFound: when it is not made yet, or gone.
    """
    pieces = pieces_of(archive)
    with transaction():
        _note(archive, "archive.download", by=by, now=now)
    return pieces


def pieces_of(archive: WorkspaceArchive) -> Iterator[bytes]:
    """The bytes of an archive, piece by piece.

    Raises:
        NotFound: when it is not made yet, or gone.
    """
    pieces = current_files().pieces(archive.file_key) if archive.file_key else None
    if pieces is None:
        raise NotFound("This copy is not there any more.")
    return pieces


def remove(archive: WorkspaceArchive, *, by: Teammate | None, now: datetime) -> None:
    """Delete an archive before its time."""
    with transaction():
        _note(archive, "archive.remove", by=by, now=now)
        _delete(archive)


def clear_expired(*, now: datetime) -> None:
    """Delete archives whose time is over."""
    for archive in db.session.scalars(select(WorkspaceArchive).where(WorkspaceArchive.expires_at < now)).all():
        with transaction():
            _delete(archive)


def clear_files_without_rows(*, now: datetime) -> None:
    """Delete files of archives that nobody knows any more."""
    # nosemgrep: query-of-everybody - a file of any workspace that is known stays
    known = {key_of(number) for number in db.session.scalars(select(WorkspaceArchive.id))}
    lost = [key for key in current_files().keys(_FOLDER) if key not in known and _is_old(key, before=now - _SAFE_AGE)]
    current_files().delete(*lost)


def key_of(archive_id: uuid.UUID) -> str:
    """Where an archive lies among the files."""
    return f"{_FOLDER}/{archive_id}"


def _begin(
    workspace: Workspace, kind: str, *, file: Path | None, by: Teammate | None, now: datetime
) -> WorkspaceArchive:
    archive = WorkspaceArchive(
        id=new_id(),
        workspace_id=workspace.id,
        requested_by_id=by.id if by else None,
        is_import=kind == IMPORT,
        created_at=now,
        expires_at=now + KEPT,
    )
    with _stored(archive, file), transaction():
        db.session.refresh(workspace, with_for_update={"key_share": True})
        if any(is_under_way(known) for known in listed(workspace)):
            raise Conflict("Something is being taken out or brought in already. Wait until that is done.")
        db.session.add(archive)
        db.session.flush()
        _note(archive, "archive.bring" if archive.is_import else "archive.make", by=by, now=now)
        jobs.start(workspace.id, kind, archive.id, now=now)
    return archive


@contextmanager
def _stored(archive: WorkspaceArchive, file: Path | None) -> Iterator[None]:
    """Store the bytes first, so that a row always has them; without a row they go."""
    if file is None:
        yield
        return
    key = key_of(archive.id)
    archive.file_key, archive.size = key, file.stat().st_size
    current_files().write_from(key, file)
    try:
        yield
    except BaseException:
        current_files().delete(key)
        raise


def _delete(archive: WorkspaceArchive) -> None:
    key = archive.file_key
    db.session.delete(archive)
    if key:
        after_commit(lambda: current_files().delete(key))


def _note(archive: WorkspaceArchive, action: str, *, by: Teammate | None, now: datetime) -> None:
    workspace = db.session.get_one(Workspace, archive.workspace_id)
    audits.record(workspace.id, action, by=by, subject=("archive", archive.id, workspace.name), now=now)


def _is_old(key: str, *, before: datetime) -> bool:
    try:
        number = uuid.UUID(key.rpartition("/")[2])
    except ValueError:
        return True
    return number.int >> 80 < before.timestamp() * 1000
