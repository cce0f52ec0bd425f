"""The indexes that this process answers from: built once for each state of an agent's knowledge, by one thread."""

import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine, select

from core import jobs
from core.answering import Entry, Index
from core.clock import utc_now
from core.knowledge.snapshots import Snapshot, read
from gateways import embeddings
from gateways.embeddings import Embedder
from gateways.real_threads import beside_greenlets
from models import db
from models.agents import Agent
from models.jobs import Job

log = structlog.get_logger()

JOB = "index"
_MOST_AGENTS = 64
# Up to this many entries an index is built in well under a second, so what was just taught is known at once.
# Above, customers are answered from the older index while another thread builds the new one.
_AT_ONCE = 300
# So many texts without a vector are embedded while the customer waits (4 ms each); more are left to the job.
_FEW = 60


@dataclass(frozen=True)
class Shelved:
    """An index, and the state of knowledge that it was built from."""

    revision: int
    index: Index
    is_complete: bool


class Shelf:
    """The indexes of the agents that were asked last. Threads may use it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._indexes: OrderedDict[uuid.UUID, Shelved] = OrderedDict()
        self._builders = [threading.Lock() for _ in range(32)]
        self._renewing: set[uuid.UUID] = set()

    def get(self, agent_id: uuid.UUID) -> Shelved | None:
        with self._lock:
            if agent_id in self._indexes:
                self._indexes.move_to_end(agent_id)
            return self._indexes.get(agent_id)

    def build(self, engine: Engine, agent_id: uuid.UUID, revision: int, *, complete: bool) -> Shelved:
        """The index for this state or a later one; threads that ask for it meanwhile wait for the first."""
        with self._builders[agent_id.int % len(self._builders)]:
            shelved = self.get(agent_id)
            if shelved is None or shelved.revision < revision or (complete and not shelved.is_complete):
                shelved = _build(engine, agent_id, complete=complete)
                self._put(agent_id, shelved)
            return shelved

    def renew(self, engine: Engine, agent_id: uuid.UUID, revision: int) -> None:
        """Build the index in a thread of its own, unless one is at it."""
        with self._lock:
            if agent_id in self._renewing:
                return
            self._renewing.add(agent_id)
        threading.Thread(target=self._renew, args=(engine, agent_id, revision), name="index", daemon=True).start()

    def _renew(self, engine: Engine, agent_id: uuid.UUID, revision: int) -> None:
        try:
            self.build(engine, agent_id, revision, complete=False)
        except Exception:
            log.exception("index_not_built", agent=str(agent_id))
        finally:
            with self._lock:
                self._renewing.discard(agent_id)

    def _put(self, agent_id: uuid.UUID, shelved: Shelved) -> None:
        with self._lock:
            self._indexes[agent_id] = shelved
            self._indexes.move_to_end(agent_id)
            while len(self._indexes) > _MOST_AGENTS:
                self._indexes.popitem(last=False)


_shelf = Shelf()


def index_for(agent: Agent, *, complete: bool = False) -> Index:
    """The index of what the agent knows. To be called outside any transaction: it may take a second.

    Args:
        complete: wait until everything is known by its meaning, however long that takes; for the command line.

    Returns:
        The index of the agent's present state. Of a large one that has just changed, the one before, for a moment.
        While very much is still to be learned: what is learned already, or full text alone if that is little.
    """
    shelved = _shelf.get(agent.id)
    is_current = shelved is not None and shelved.revision >= agent.knowledge_revision
    if shelved is not None and is_current and (shelved.is_complete or not complete):
        return shelved.index
    if shelved is not None and not complete and len(shelved.index) > _AT_ONCE:
        _shelf.renew(db.engine, agent.id, agent.knowledge_revision)
        return shelved.index
    shelved = _shelf.build(db.engine, agent.id, agent.knowledge_revision, complete=complete)
    if not shelved.is_complete:
        _have_learned(agent)
    return shelved.index


def _build(engine: Engine, agent_id: uuid.UUID, *, complete: bool) -> Shelved:
    embedder = embeddings.load()
    snapshot = read(engine, agent_id, model=embedder.name if embedder else None)
    if snapshot is None:
        return Shelved(0, Index.build([], embedder), is_complete=True)
    return beside_greenlets(_built, snapshot, embedder, complete=complete)


def _built(snapshot: Snapshot, embedder: Embedder | None, *, complete: bool) -> Shelved:
    missing = snapshot.missing() if embedder else []
    is_complete = complete or sum(len(texts) for _, texts in missing) <= _FEW
    if is_complete:
        return Shelved(snapshot.revision, Index.build(snapshot.entries, embedder), is_complete=True)
    unknown = {entry.id for entry, _ in missing}
    return Shelved(snapshot.revision, _build_partly(snapshot, unknown, embedder), is_complete=False)


def _build_partly(snapshot: Snapshot, unknown: set[str], embedder: Embedder | None) -> Index:
    learned: list[Entry] = [entry for entry in snapshot.entries if entry.id not in unknown]
    if len(learned) * 2 >= len(snapshot.entries):
        return Index.build(learned, embedder)
    return Index.build(snapshot.entries, None)


def _have_learned(agent: Agent) -> None:
    """Ask for the job if nobody has: a new model has no vectors at all. One that was stopped is left alone."""
    newest = db.session.scalar(
        select(Job)
        .where(Job.kind == JOB, Job.subject_id == agent.id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    )
    if newest is None or (newest.is_over and newest.problem is None):
        jobs.start(agent.workspace_id, JOB, agent.id, now=utc_now())
