"""What an agent knows at one moment, read by itself: no session and no transaction is held while it is used."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, select

from core.answering import Entry, Passage, passages
from core.answering.entries import Vector
from models.agents import Agent
from models.knowledge import Entry as EntryRow
from models.knowledge import EntryVector, Phrasing


@dataclass(frozen=True)
class Snapshot:
    """The live entries in their order, with the vectors that are stored of them."""

    revision: int
    workspace_id: uuid.UUID
    entries: list[Entry]

    def missing(self) -> list[tuple[Entry, list[Passage]]]:
        """The entries with texts that have no vector yet, and these texts, each once."""
        found = [(entry, missing_of(entry)) for entry in self.entries]
        return [(entry, texts) for entry, texts in found if texts]


def read(engine: Engine, agent_id: uuid.UUID, *, model: str | None) -> Snapshot | None:
    """What the agent knows now, with the vectors of this model; None when the agent is gone."""
    with engine.connect() as connection:
        # The count comes first: texts that are newer than it are only read once more, never missed.
        agent = connection.execute(
            select(Agent.knowledge_revision, Agent.workspace_id).where(Agent.id == agent_id)
        ).one_or_none()
        if agent is None:
            return None
        return Snapshot(agent.knowledge_revision, agent.workspace_id, _entries(connection, agent_id, model))


def missing_of(entry: Entry) -> list[Passage]:
    stored = entry.vectors or {}
    texts = {passage.key: passage for passage in passages(entry) if passage.key not in stored}
    return list(texts.values())


def to_bytes(vector: Vector) -> bytes:
    """Half precision: a closeness changes in the fourth digit, and the table is half as large."""
    return vector.astype("<f2").tobytes()


def from_bytes(stored: bytes) -> Vector:
    return np.frombuffer(stored, "<f2").astype(np.float32)


def _entries(connection: Connection, agent_id: uuid.UUID, model: str | None) -> list[Entry]:
    rows = connection.execute(
        select(EntryRow.id, EntryRow.question, EntryRow.answer, EntryRow.language)
        .where(EntryRow.agent_id == agent_id, EntryRow.archived_at.is_(None))
        .order_by(EntryRow.position, EntryRow.id)
    ).all()
    phrasings: dict[uuid.UUID, list[str]] = defaultdict(list)
    for entry_id, text in connection.execute(
        select(Phrasing.entry_id, Phrasing.text)
        .join(EntryRow, EntryRow.id == Phrasing.entry_id)
        .where(EntryRow.agent_id == agent_id)
        .order_by(Phrasing.position)
    ):
        phrasings[entry_id].append(text)
    vectors: dict[uuid.UUID, dict[str, Vector]] = defaultdict(dict)
    if model is not None:
        for entry_id, key, vector in connection.execute(
            select(EntryVector.entry_id, EntryVector.key, EntryVector.vector).where(
                EntryVector.agent_id == agent_id, EntryVector.model == model
            )
        ):
            vectors[entry_id][key] = from_bytes(vector)
    return [
        Entry(
            str(row.id),
            row.question,
            row.answer,
            tuple(phrasings[row.id]),
            vectors.get(row.id, {}),
            language=row.language,
        )
        for row in rows
    ]
