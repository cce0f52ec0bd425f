"""Readings: going through the pages of a source in a job that can be watched, stopped and taken up again."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import audits, jobs
from core.errors import Conflict
from core.sources import frontier, robots
from core.sources.addresses import Scope
from core.sources.rules import Rules, next_reading
from models import db, transaction
from models.jobs import Job
from models.knowledge import PageStatus, Source, SourceKind
from models.teammates import Teammate

KIND = "read_source"


@dataclass(frozen=True)
class Reading:
    """How far the reading of a source is."""

    job: Job | None
    counts: Counter[PageStatus]

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and not self.job.is_over

    @property
    def total(self) -> int:
        """How many pages are known of so far; it grows while new ones are found."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.counts[PageStatus.WAITING]

    @property
    def may_go_on(self) -> bool:
        """Whether it ended before all pages were visited, so that the rest can still be."""
        return not self.is_under_way and bool(self.counts[PageStatus.WAITING])


def state(source: Source) -> Reading:
    """How far the latest reading of a source is, page by page counted."""
    return Reading(_job_of(source), frontier.counts(source, frontier.number_of(source)))


def start(source: Source, *, by: Teammate | None, now: datetime) -> Job:
    """Read a source anew; only what has changed there is learned again.

    Raises:
        Conflict: when it is being read already.
    """
    rules = Rules.of(source)
    with transaction():
        _refuse_second(source)
        frontier.begin(
            source,
            scope_of(source),
            most_pages=rules.most_pages,
            keeps_known=source.kind in (SourceKind.SITE, SourceKind.PAGE),
        )
        source.problem = None
        source.next_read_at = next_reading(source, after=now)
        _note(source, "read", by=by, now=now)
        if by is not None:
            # Whoever asks by hand may have changed the website's robots.txt just for that.
            robots.forget()
        return jobs.start(source.workspace_id, KIND, source.id, now=now)


def go_on(source: Source, *, by: Teammate | None, now: datetime) -> Job:
    """Take up a reading that was stopped, with the pages that are left.

    Raises:
        Conflict: when it is being read, or nothing is left.
    """
    with transaction():
        _refuse_second(source)
        if not state(source).may_go_on:
            raise Conflict("All pages were read. Read the source again to look for changes.")
        _note(source, "read", by=by, now=now)
        return jobs.start(source.workspace_id, KIND, source.id, now=now)


def stop(source: Source, *, by: Teammate | None, now: datetime) -> None:
    """End the reading under way after the page that it is at; what was read is kept."""
    job = _job_of(source)
    if job is None or job.is_over:
        return
    with transaction():
        jobs.stop(job, by=by, now=now)
        source.next_read_at = next_reading(source, after=now)
        _note(source, "stop", by=by, now=now)


def start_due(*, now: datetime) -> None:
    """Read again what is to be read again by now."""
    due = db.session.scalars(select(Source).where(Source.next_read_at <= now).limit(50)).all()
    for source in due:
        try:
            start(source, by=None, now=now)
        except Conflict:
            # The one under way is as good; the next one comes at its time.
            with transaction():
                source.next_read_at = next_reading(source, after=now)


def scope_of(source: Source) -> Scope:
    """Which addresses a source may grow by."""
    rules = Rules.of(source)
    return Scope.of(source.address or "", rules.include, rules.exclude)


def _job_of(source: Source) -> Job | None:
    return db.session.scalar(
        select(Job)
        .where(Job.workspace_id == source.workspace_id, Job.kind == KIND, Job.subject_id == source.id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _refuse_second(source: Source) -> None:
    # Whoever comes second waits here until the first one has asked.
    db.session.execute(select(Source.id).where(Source.id == source.id).with_for_update())
    job = _job_of(source)
    if job is not None and not job.is_over:
        raise Conflict("This source is being read just now.")


def _note(source: Source, verb: str, *, by: Teammate | None, now: datetime) -> None:
    if by is not None:
        subject = ("source", source.id, source.title)
        audits.record(source.workspace_id, f"source.{verb}", by=by, subject=subject, now=now)
