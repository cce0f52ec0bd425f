"""Many entries at once: first what would happen, then all of it or nothing."""

import enum
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.orm import selectinload

from core.errors import Conflict, Invalid
from core.knowledge.entries import STEP, refuse_too_many, rewrite
from core.knowledge.learning import start_learning
from core.knowledge.revisions import touch
from core.knowledge.rows import Row, read_rows
from core.knowledge.wording import Wording, folded
from models import db, new_id, transaction
from models.agents import Agent
from models.knowledge import Entry, Phrasing
from models.teammates import Teammate

log = structlog.get_logger()

_MOST_PROBLEMS_TOLD = 10


class Action(enum.StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"


@dataclass(frozen=True)
class PlannedRow:
    """A row, what would become of it, and the entry that it would change."""

    row: Row
    action: Action
    entry: Entry | None = None
    before: Wording | None = None
    problems: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """What an import would do, row by row."""

    rows: list[PlannedRow]

    def of(self, action: Action) -> list[PlannedRow]:
        return [planned for planned in self.rows if planned.action == action]

    def counts(self) -> Counter[Action]:
        return Counter(planned.action for planned in self.rows)

    @property
    def fingerprint(self) -> str:
        """Differs when the same rows would no longer do the same, because somebody has changed an entry since."""
        digest = hashlib.sha256()
        for planned in self.rows:
            entry = planned.entry
            state = f"{entry.id} {entry.updated_at.isoformat()} {entry.archived_at is None}" if entry else ""
            digest.update(f"{planned.row.number} {planned.action} {state}\n".encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class ImportResult:
    """How many rows did what."""

    new: int
    changed: int
    unchanged: int
    left_out: int

    @property
    def imported(self) -> int:
        return self.new + self.changed + self.unchanged


def import_entries(agent: Agent, rows: Sequence[object], *, by: Teammate | None, now: datetime) -> ImportResult:
    """Teach the agent a list of questions and answers; a row whose id is known replaces that entry.

    Args:
        rows: mappings with `id`, `question`, `answer`, `alt` (a list of other phrasings).

    Raises:
        Invalid: naming the rows that cannot be used. Nothing is imported then.
    """
    return carry_out(agent, read_rows(rows), by=by, now=now)


def carry_out(
    agent: Agent,
    rows: Sequence[Row],
    *,
    by: Teammate | None,
    now: datetime,
    only_good: bool = False,
    expected: str | None = None,
) -> ImportResult:
    """Import rows in one transaction.

    Args:
        only_good: leave out the rows that have problems.
        expected: the fingerprint of the plan that was agreed to.

    Raises:
        Invalid: naming the rows that cannot be used.
        Conflict: when the rows would no longer do what was agreed to.
    """
    with transaction():
        touch(agent)
        plan = plan_import(agent, rows)
        if expected is not None and plan.fingerprint != expected:
            raise Conflict("Somebody has changed these questions meanwhile, so nothing was imported. Look again.")
        if not only_good:
            refuse_problems(plan)
        _insert_all(agent, [planned.row for planned in plan.of(Action.NEW)], now=now)
        _change_all(plan.of(Action.CHANGED), now=now)
        refuse_too_many(agent)
        start_learning(agent, now=now)
    counts = plan.counts()
    log.info("entries_imported", agent=str(agent.id), by=str(by.id) if by else None, rows=len(rows))
    return ImportResult(
        counts[Action.NEW], counts[Action.CHANGED], counts[Action.UNCHANGED], left_out=counts[Action.PROBLEM]
    )


def plan_import(agent: Agent, rows: Iterable[Row]) -> Plan:
    """What importing these rows would do to what the agent knows now."""
    known = _Known(agent)
    return Plan([known.planned(row) for row in rows])


def refuse_problems(plan: Plan) -> None:
    """Stop an import that would leave rows out.

    Raises:
        Invalid: naming the first of these rows.
    """
    bad = plan.of(Action.PROBLEM)
    if not bad:
        return
    told = [f"Row {planned.row.number:,}: {', '.join(planned.problems)}." for planned in bad[:_MOST_PROBLEMS_TOLD]]
    if len(bad) > _MOST_PROBLEMS_TOLD:
        told.append(f"And {len(bad) - _MOST_PROBLEMS_TOLD:,} more.")
    raise Invalid(f"Nothing was imported. {' '.join(told)}")


class _Known:
    """The agent's entries that somebody has written, by the ways in which a row may mean one."""

    def __init__(self, agent: Agent) -> None:
        entries = db.session.scalars(
            select(Entry)
            .where(Entry.agent_id == agent.id, Entry.page_id.is_(None))
            .options(selectinload(Entry.phrasings))
            .execution_options(populate_existing=True)
        ).all()
        self._by_name = {entry.external_id: entry for entry in entries if entry.external_id}
        self._by_id = {str(entry.id): entry for entry in entries if not entry.external_id}
        self._by_question: dict[str, Entry] = {}
        for entry in sorted(entries, key=lambda entry: (entry.position, entry.id)):
            if entry.archived_at is None:
                self._by_question.setdefault(folded(entry.question), entry)
        self._claimed: dict[uuid.UUID, int] = {}

    def planned(self, row: Row) -> PlannedRow:
        if row.problems:
            return PlannedRow(row, Action.PROBLEM, problems=row.problems)
        entry = self._meant_by(row)
        if entry is None:
            return PlannedRow(row, Action.NEW, note=self._note(row))
        if entry.id in self._claimed:
            return PlannedRow(
                row, Action.PROBLEM, problems=(f"row {self._claimed[entry.id]:,} is about the same question",)
            )
        self._claimed[entry.id] = row.number
        before = Wording(entry.question, entry.answer, tuple(phrasing.text for phrasing in entry.phrasings))
        is_same = before == row.wording and entry.archived_at is None and _external_id(row, entry) == entry.external_id
        return PlannedRow(
            row,
            Action.UNCHANGED if is_same else Action.CHANGED,
            entry,
            before,
            note="It comes back from the archive." if entry.archived_at else "",
        )

    def _meant_by(self, row: Row) -> Entry | None:
        if row.external_id:
            entry = self._by_name.get(row.external_id) or self._by_id.get(row.external_id)
            if entry is not None:
                return entry
        entry = self._by_question.get(folded(row.wording.question))
        # A question that has another name is another entry, however alike they sound.
        if entry is not None and row.external_id and (entry.external_id or entry.id in self._claimed):
            return None
        return entry

    def _note(self, row: Row) -> str:
        if folded(row.wording.question) in self._by_question:
            return "Another entry asks the same."
        return ""


def _external_id(row: Row, entry: Entry) -> str | None:
    """The name that the entry has after the import; its own id, as an export gives it, is no name."""
    return entry.external_id if row.external_id in (None, str(entry.id)) else row.external_id


def _insert_all(agent: Agent, rows: Sequence[Row], *, now: datetime) -> None:
    if not rows:
        return
    last = db.session.scalar(select(func.max(Entry.position)).where(Entry.agent_id == agent.id))
    first = 0 if last is None else last + STEP
    ids = [new_id() for _ in rows]
    db.session.execute(
        insert(Entry),
        [
            {
                "id": entry_id,
                "workspace_id": agent.workspace_id,
                "agent_id": agent.id,
                "external_id": row.external_id,
                "question": row.wording.question,
                "answer": row.wording.answer,
                "position": first + place * STEP,
                "created_at": now,
                "updated_at": now,
            }
            for place, (entry_id, row) in enumerate(zip(ids, rows, strict=True))
        ],
    )
    phrasings = [
        {"id": new_id(), "entry_id": entry_id, "text": text, "position": place}
        for entry_id, row in zip(ids, rows, strict=True)
        for place, text in enumerate(row.wording.phrasings)
    ]
    if phrasings:
        db.session.execute(insert(Phrasing), phrasings)


def _change_all(planned_rows: Sequence[PlannedRow], *, now: datetime) -> None:
    for planned in planned_rows:
        if planned.entry is not None:
            planned.entry.external_id = _external_id(planned.row, planned.entry)
            planned.entry.archived_at = None
            rewrite(planned.entry, planned.row.wording, now=now)
