"""Learning: computing the vectors of new texts in a job, in small steps that can be watched and stopped."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Insert, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import jobs
from core.answering import Entry, Passage, passages
from core.knowledge.revisions import touch
from core.knowledge.serving import JOB, index_for
from core.knowledge.snapshots import Snapshot, read, to_bytes
from gateways import embeddings
from gateways.embeddings import Embedder
from models import db, transaction
from models.agents import Agent
from models.jobs import Job, JobStatus
from models.knowledge import EntryVector

# Few enough that the count on the page moves, many enough that the model is busy.
_ENTRIES_AT_ONCE = 8
_LIVE = (JobStatus.WAITING, JobStatus.RUNNING)
# A large file is learned for minutes: mails and all else that waits in the same queue come in between.
_SLICE_SECONDS = 10.0
# One at a time in a process: two jobs of one agent would learn the same, and keep both workers from everything else.
_turn = threading.Lock()


def start_learning(agent: Agent, *, now: datetime) -> None:
    """Ask for the job, in the transaction of the change that makes it necessary."""
    jobs.start(agent.workspace_id, JOB, agent.id, now=now)


def stop_learning(agent: Agent, *, name: str, now: datetime) -> None:
    """End the job at its next step. What it has learned is kept."""
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.kind == JOB, Job.subject_id == agent.id, Job.status.in_(_LIVE))
            .values(status=JobStatus.FAILED, problem=f"Stopped by {name}.", finished_at=now)
            .execution_options(synchronize_session=False)
        )


def learning_of(agent: Agent) -> Job | None:
    """The job that is or was the last to learn for this agent, as it stands now."""
    return db.session.scalar(
        select(Job)
        .where(Job.kind == JOB, Job.subject_id == agent.id, Job.workspace_id == agent.workspace_id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def index_job(job: Job) -> None:
    """Learn what the job's agent does not know yet, and have the new index at hand in this process.

    Raises:
        Later: when there is more to learn than fits in one turn, or another job has the turn.
    """
    agent = db.session.get(Agent, job.subject_id, populate_existing=True)
    if agent is None:
        return
    if not _turn.acquire(blocking=False):
        raise jobs.Later(1.0)
    try:
        ends = time.monotonic() + _SLICE_SECONDS
        is_learned = learn_now(
            agent,
            report=lambda done, total: _report(job, done, total) and time.monotonic() < ends,
            already=job.done,
        )
    finally:
        _turn.release()
    if not is_learned and not job.is_over:
        raise jobs.Later
    index_for(agent)


def learn_now(agent: Agent, *, report: Callable[[int, int], bool] = lambda done, total: True, already: int = 0) -> bool:
    """Compute and store every vector that is missing, and drop those of texts that are gone. May be started again.

    Args:
        report: told after each step how many entries are done of how many; False ends the work.
        already: how many entries were done before, by the same job.

    Returns:
        whether nothing is left to learn.
    """
    embedder = embeddings.load()
    if embedder is None:
        return True
    done = already
    # Read again after each round: more may have been taught meanwhile.
    while snapshot := read(db.engine, agent.id, model=embedder.name):
        missing = snapshot.missing()
        if not missing:
            break
        total = done + len(missing)
        for first in range(0, len(missing), _ENTRIES_AT_ONCE):
            step = missing[first : first + _ENTRIES_AT_ONCE]
            _store(agent.id, step, embedder)
            done += len(step)
            if not report(done, total):
                return False
    if snapshot is not None and (_drop_stale(agent.id, snapshot, embedder) or done):
        with transaction():
            touch(agent)
    return True


def _report(job: Job, done: int, total: int) -> bool:
    jobs.progress(job, done=done, total=total)
    db.session.refresh(job, ["status"])
    return not job.is_over


def _store(agent_id: uuid.UUID, step: Sequence[tuple[Entry, list[Passage]]], embedder: Embedder) -> None:
    texts = [(entry.id, text) for entry, of_entry in step for text in of_entry]
    vectors = embedder.embed([text.text for _, text in texts])
    rows = [
        {
            "entry_id": uuid.UUID(entry_id),
            "key": text.key,
            "model": embedder.name,
            "agent_id": agent_id,
            "vector": to_bytes(vector),
        }
        for (entry_id, text), vector in zip(texts, vectors, strict=True)
    ]
    with transaction():
        db.session.execute(_insert_new(), rows)


def _insert_new() -> Insert:
    """Another process may have learned the same text meanwhile; its vector is as good."""
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(EntryVector).on_conflict_do_nothing()
    return sqlite.insert(EntryVector).on_conflict_do_nothing()


def _drop_stale(agent_id: uuid.UUID, snapshot: Snapshot, embedder: Embedder) -> bool:
    """Archived entries keep their vectors, so that they can come back at once."""
    stale = []
    for entry in snapshot.entries:
        current = {passage.key for passage in passages(entry)}
        stale += [(uuid.UUID(entry.id), key) for key in entry.vectors or {} if key not in current]
    with transaction():
        for entry_id, key in stale:
            db.session.execute(delete(EntryVector).where(EntryVector.entry_id == entry_id, EntryVector.key == key))
        db.session.execute(
            delete(EntryVector).where(EntryVector.agent_id == agent_id, EntryVector.model != embedder.name)
        )
    return bool(stale)
