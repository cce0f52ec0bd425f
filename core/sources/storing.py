"""Keeping the entries of a page in step with what was read there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.errors import NotFound
from core.knowledge.entries import STEP, refuse_too_many
from core.knowledge.learning import start_learning
from core.knowledge.revisions import touch
from core.sources.cutting import Part
from models import db, transaction
from models.agents import Agent
from models.knowledge import Entry, Source, SourcePage

# A part that is back within this time is the same entry again, with all that refers to it.
_KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Stored:
    """How many entries a reading has added, changed and taken away."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def is_change(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def store(page: SourcePage, parts: Sequence[Part], now: datetime, *, learn: bool = True) -> Stored:
    """Make the entries of a page those of its parts; what the admin has excluded makes none.

    A part that is known by its key, or by its text under another heading, keeps its entry, and with it the
    phrasings and whatever else refers to it. An entry whose part is gone is archived.

    Args:
        learn: ask for the job that learns the new texts. Whoever stores many pages asks once for several.

    Raises:
        Invalid: when the agent would know more than one may. Nothing is stored then.
        NotFound: when the source was deleted meanwhile.
    """
    with transaction():
        agent = _agent_of(page)
        # Counted first: it puts the changes of one agent in a row.
        touch(agent)
        known = _entries(page)
        wanted = [] if page.is_excluded else [part for part in parts if part.key not in page.excluded_parts]
        paired = _paired(wanted, known)
        added = _insert(agent, page, [part for part, entry in paired if entry is None], now=now)
        changed = sum(_rewrite(entry, part, page, now=now) for part, entry in paired if entry is not None)
        removed = _put_away(known, {entry.id for _, entry in paired if entry is not None}, now=now)
        if added or changed:
            refuse_too_many(agent)
        stored = Stored(added, changed, removed)
        if learn and (added or changed):
            start_learning(agent, now=now)
    return stored


def _agent_of(page: SourcePage) -> Agent:
    agent = db.session.scalar(
        select(Agent).join(Source, Source.agent_id == Agent.id).where(Source.id == page.source_id)
    )
    if agent is None:
        raise NotFound("This source is not here any more.")
    return agent


def _entries(page: SourcePage) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry)
        .where(Entry.page_id == page.id)
        # Where two have the same key, the live one is meant.
        .order_by(Entry.archived_at.is_not(None), Entry.position, Entry.id)
        .execution_options(populate_existing=True)
    ).all()


def _paired(parts: Sequence[Part], known: Sequence[Entry]) -> list[tuple[Part, Entry | None]]:
    """Each part with the entry that it had before: that of its key, else one that says the same."""
    by_key: dict[str, Entry] = {}
    for entry in known:
        by_key.setdefault(entry.part_key or "", entry)
    by_part = {part.key: by_key[part.key] for part in parts if part.key in by_key}
    taken = {entry.id for entry in by_part.values()}
    by_text: dict[str, Entry] = {}
    for entry in known:
        if entry.id not in taken:
            by_text.setdefault(entry.answer, entry)
    return [(part, by_part.get(part.key) or by_text.pop(part.text, None)) for part in parts]


def _insert(agent: Agent, page: SourcePage, parts: Iterable[Part], *, now: datetime) -> int:
    last = db.session.scalar(select(func.max(Entry.position)).where(Entry.agent_id == agent.id))
    position = 0 if last is None else last + STEP
    number = 0
    for number, part in enumerate(parts, 1):
        entry = Entry(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            page_id=page.id,
            position=position + number * STEP,
            created_at=now,
        )
        _rewrite(entry, part, page, now=now)
        db.session.add(entry)
    db.session.flush()
    return number


def _rewrite(entry: Entry, part: Part, page: SourcePage, *, now: datetime) -> bool:
    """Give an entry the texts of a part; whether that changes anything."""
    after = {
        "part_key": part.key,
        "title_path": part.title_path or None,
        "link": part.link,
        "language": page.language,
        "question": part.question,
        "answer": part.text,
        "archived_at": None,
    }
    changed = {name: value for name, value in after.items() if getattr(entry, name) != value}
    for name, value in changed.items():
        setattr(entry, name, value)
    if changed:
        entry.updated_at = now
    return bool(changed)


def _put_away(known: Iterable[Entry], kept: set[object], *, now: datetime) -> int:
    number = 0
    for entry in known:
        if entry.id in kept:
            continue
        if entry.archived_at is None:
            entry.archived_at = now
            number += 1
        elif entry.archived_at < now - _KEPT_FOR:
            db.session.delete(entry)
    return number
