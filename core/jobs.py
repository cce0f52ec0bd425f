"""Work that outlives a request. The row is the truth; the task only says which row."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update

from core.clock import utc_now
from gateways.queue import current_queue
from models import after_commit, db, transaction
from models.jobs import Job, JobStatus
from models.teammates import Teammate, Workspace

log = structlog.get_logger()

_LEASE = timedelta(minutes=5)
_ATTEMPTS = 5
_handlers: dict[str, Callable[[Job], None]] = {}


class Later(Exception):
    """A handler has done a part of its work, and wants to be called again for the rest."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds


class Stopped(Exception):
    """Somebody has stopped the job that a handler works at, or another process has taken it over."""


def register(kind: str, handler: Callable[[Job], None]) -> None:
    """Say what a kind of job does. The handler reports with `progress` and may be started again after a crash."""
    _handlers[kind] = handler


def start(
    workspace_id: uuid.UUID, kind: str, subject_id: uuid.UUID, *, now: datetime, at: datetime | None = None
) -> Job:
    """Ask for a job about one subject; one that already waits is used again.

    Args:
        at: when it is to be done, at the earliest; now when left out.
    """
    due = at or now
    with transaction():
        job = db.session.scalar(
            select(Job).where(Job.kind == kind, Job.subject_id == subject_id, Job.status == JobStatus.WAITING)
        )
        if job is None:
            job = Job(workspace_id=workspace_id, kind=kind, subject_id=subject_id, created_at=now, next_try_at=due)
            db.session.add(job)
    # A worker that looks before the row is there would take the task for done.
    after_commit(lambda: current_queue().add_later(max(0.0, (due - now).total_seconds()), "job", job.id.hex))
    return job


def latest(workspace: Workspace, kind: str, subject_id: uuid.UUID) -> Job | None:
    """The newest job of this kind about this subject."""
    return db.session.scalar(
        select(Job)
        .where(Job.workspace_id == workspace.id, Job.kind == kind, Job.subject_id == subject_id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    )


def progress(job: Job, *, done: int, total: int, lease: timedelta = _LEASE) -> None:
    """Tell how far a running job is; also keeps it from being taken for lost.

    Args:
        lease: for how long nothing more has to be heard of it.
    """
    with transaction():
        job.done, job.total = done, total
        job.next_try_at = utc_now() + lease


def stop(job: Job, *, by: Teammate | None, now: datetime) -> None:
    """End a job at its next step, unless it is over."""
    with transaction():
        db.session.refresh(job)
        if not job.is_over:
            job.status, job.finished_at = JobStatus.STOPPED, now
            job.problem = f"Stopped by {by.name}." if by else "Stopped."


def refuse_stopped(job: Job) -> None:
    """Let a handler go on only while its job is to be done; called inside the transaction of each step.

    Raises:
        Stopped: when it is over, or gone with what it was about.
    """
    status = db.session.scalar(select(Job.status).where(Job.id == job.id))
    if status != JobStatus.RUNNING:
        raise Stopped


def run(job_id: str) -> None:
    """Run one job now, unless somebody else does or it is over."""
    job = _claim(uuid.UUID(job_id), now=utc_now())
    if job is None:
        return
    try:
        _handlers[job.kind](job)
    except Stopped:
        return
    except Later as pause:
        _go_on_later(job, pause.seconds, now=utc_now())
        return
    except Exception as error:
        log.exception("job_failed", kind=job.kind, job=str(job.id))
        _put_off(job, error, now=utc_now())
        return
    with transaction():
        # What was stopped at the last moment stays stopped.
        _while_running(job, status=JobStatus.DONE, finished_at=utc_now())


def requeue_overdue(*, now: datetime) -> None:
    """Put jobs back that were asked for or begun and then lost."""
    overdue = db.session.scalars(
        select(Job.id)
        .where(Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING)), Job.next_try_at < now - timedelta(seconds=30))
        .limit(100)
    ).all()
    for job_id in overdue:
        current_queue().add("job", job_id.hex)


def resume_begun(*, is_alone: bool) -> None:
    """Take up what another run of the server had begun and not ended.

    Args:
        is_alone: whether no other process can be at it, so that nobody has to wait until that is sure.
    """
    now = utc_now()
    with transaction():
        if is_alone:
            db.session.execute(update(Job).where(Job.status == JobStatus.RUNNING).values(next_try_at=now))
        begun = select(Job.id, Job.next_try_at).where(Job.status == JobStatus.RUNNING).limit(100)
        waits = [(job_id, (ends - now).total_seconds()) for job_id, ends in db.session.execute(begun)]
    for job_id, seconds in waits:
        current_queue().add_later(max(0.0, seconds) + 1, "job", job_id.hex)


def _claim(job_id: uuid.UUID, *, now: datetime) -> Job | None:
    with transaction():
        taken = db.session.scalar(
            update(Job)
            .where(
                Job.id == job_id,
                Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING)),
                Job.next_try_at <= now,
            )
            .values(status=JobStatus.RUNNING, next_try_at=now + _LEASE, attempts=Job.attempts + 1, problem=None)
            .returning(Job.id)
            .execution_options(synchronize_session=False)
        )
    if taken is None:
        return None
    return db.session.get(Job, job_id, populate_existing=True)


def _go_on_later(job: Job, seconds: float, *, now: datetime) -> None:
    with transaction():
        _while_running(job, status=JobStatus.WAITING, attempts=0, next_try_at=now + timedelta(seconds=seconds))
    after_commit(lambda: current_queue().add_later(seconds, "job", job.id.hex))


def _while_running(job: Job, **values: Any) -> None:
    db.session.execute(update(Job).where(Job.id == job.id, Job.status == JobStatus.RUNNING).values(**values))


def _put_off(job: Job, error: Exception, *, now: datetime) -> None:
    with transaction():
        job.problem = f"It stopped with {type(error).__name__} and will be tried again."
        job.status = JobStatus.WAITING
        job.next_try_at = now + timedelta(seconds=30 * 2**job.attempts)
        if job.attempts >= _ATTEMPTS:
            job.problem = f"It stopped with {type(error).__name__} {job.attempts} times and was given up."
            job.status, job.finished_at = JobStatus.FAILED, now
