"""Work that outlives a request. The row is the truth; the task only says which row."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from core.clock import utc_now
from gateways.queue import current_queue
from models import after_commit, db, transaction
from models.jobs import Job, JobStatus
from models.teammates import Workspace

log = structlog.get_logger()

_LEASE = timedelta(minutes=5)
_ATTEMPTS = 5
_handlers: dict[str, Callable[[Job], None]] = {}


def register(kind: str, handler: Callable[[Job], None]) -> None:
    """Say what a kind of job does. The handler reports with `progress` and may be started again after a crash."""
    _handlers[kind] = handler


def start(workspace_id: uuid.UUID, kind: str, subject_id: uuid.UUID, *, now: datetime) -> Job:
    """Ask for a job about one subject; one that already waits is used again."""
    with transaction():
        job = db.session.scalar(
            select(Job).where(Job.kind == kind, Job.subject_id == subject_id, Job.status == JobStatus.WAITING)
        )
        if job is None:
            job = Job(workspace_id=workspace_id, kind=kind, subject_id=subject_id, created_at=now, next_try_at=now)
            db.session.add(job)
    # A worker that looks before the row is there would take the task for done.
    after_commit(lambda: current_queue().add("job", job.id.hex))
    return job


def latest(workspace: Workspace, kind: str, subject_id: uuid.UUID) -> Job | None:
    """The newest job of this kind about this subject."""
    return db.session.scalar(
        select(Job)
        .where(Job.workspace_id == workspace.id, Job.kind == kind, Job.subject_id == subject_id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    )


def progress(job: Job, *, done: int, total: int) -> None:
    """Tell how far a running job is; also keeps it from being taken for lost."""
    with transaction():
        job.done, job.total = done, total
        job.next_try_at = utc_now() + _LEASE


def run(job_id: str) -> None:
    """Run one job now, unless somebody else does or it is over."""
    job = _claim(uuid.UUID(job_id), now=utc_now())
    if job is None:
        return
    try:
        _handlers[job.kind](job)
    except Exception as error:
        log.exception("job_failed", kind=job.kind, job=str(job.id))
        _put_off(job, error, now=utc_now())
        return
    with transaction():
        job.status, job.finished_at = JobStatus.DONE, utc_now()


def requeue_overdue(*, now: datetime) -> None:
    """Put jobs back that were asked for or begun and then lost."""
    overdue = db.session.scalars(
        select(Job.id)
        .where(Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING)), Job.next_try_at < now - timedelta(seconds=30))
        .limit(100)
    ).all()
    for job_id in overdue:
        current_queue().add("job", job_id.hex)


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


def _put_off(job: Job, error: Exception, *, now: datetime) -> None:
    with transaction():
        job.problem = f"It stopped with {type(error).__name__} and will be tried again."
        job.status = JobStatus.WAITING
        job.next_try_at = now + timedelta(seconds=30 * 2**job.attempts)
        if job.attempts >= _ATTEMPTS:
            job.problem = f"It stopped with {type(error).__name__} {job.attempts} times and was given up."
            job.status, job.finished_at = JobStatus.FAILED, now
