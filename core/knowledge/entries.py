"""Questions and answers: found, listed, added, changed, put away and brought back."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from core.errors import Conflict, Invalid, NotFound
from core.knowledge.learning import start_learning
from core.knowledge.revisions import touch
from core.knowledge.wording import Wording, sentence, worded
from models import db, transaction
from models.agents import Agent
from models.knowledge import Entry, Phrasing
from models.teammates import Teammate, Workspace

log = structlog.get_logger()

PER_PAGE = 25
MOST_ENTRIES = 20_000
# Between two neighbours, so that moving one entry rarely has to renumber the others.
STEP = 1024
_MOST_SEARCH_WORDS = 8


@dataclass(frozen=True)
class Page:
    """Some of the entries in their order, and how many there are."""

    entries: Sequence[Entry]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def find(workspace: Workspace, agent: Agent, entry_id: uuid.UUID) -> Entry:
    """One entry of this agent of this workspace, archived or not.

    Raises:
        NotFound: when there is none of this id, or it is another agent's.
    """
    entry = db.session.scalar(
        select(Entry).where(Entry.id == entry_id, Entry.agent_id == agent.id, Entry.workspace_id == workspace.id)
    )
    if entry is None:
        raise NotFound("There is no such question, or it belongs to another agent.")
    return entry


def find_many(agent: Agent, entry_ids: Iterable[uuid.UUID]) -> list[Entry]:
    """The entries of this agent with these ids, in the order of the ids; unknown ones are left out."""
    wanted = list(entry_ids)
    rows = db.session.scalars(select(Entry).where(Entry.agent_id == agent.id, Entry.id.in_(wanted)))
    found = {entry.id: entry for entry in rows}
    return [found[entry_id] for entry_id in wanted if entry_id in found]


def listed(
    agent: Agent, *, search: str = "", archived: bool = False, page: int = 1, only_written: bool = False
) -> Page:
    """One page of the entries whose texts hold every word of the search; a page too far is the last one.

    Args:
        only_written: leave out what was read in a source.
    """
    matching = _matching(agent, search=search, archived=archived)
    # What a reading took away is not put away by anybody: it comes back with its part of the page.
    if only_written or archived:
        matching = matching.where(Entry.page_id.is_(None))
    total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PER_PAGE)))
    rows = db.session.scalars(
        matching.options(selectinload(Entry.phrasings))
        .order_by(Entry.position, Entry.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .execution_options(populate_existing=True)
    ).all()
    return Page(rows, number, total)


def page_of(entry: Entry) -> int:
    """The number of the page on which the entry is listed."""
    before = db.session.scalar(
        select(func.count()).where(
            Entry.agent_id == entry.agent_id,
            Entry.archived_at.is_(None),
            Entry.page_id.is_(None),
            or_(Entry.position < entry.position, (Entry.position == entry.position) & (Entry.id < entry.id)),
        )
    )
    return (before or 0) // PER_PAGE + 1


def count_live(agent: Agent) -> int:
    """How many questions the agent can answer."""
    return db.session.scalar(_counted(agent).where(Entry.archived_at.is_(None))) or 0


def count_written(agent: Agent) -> int:
    """How many of them somebody has written; the others were read in sources."""
    return db.session.scalar(_counted(agent).where(Entry.archived_at.is_(None), Entry.page_id.is_(None))) or 0


def count_archived(agent: Agent) -> int:
    """How many questions somebody has put away."""
    return db.session.scalar(_counted(agent).where(Entry.archived_at.is_not(None), Entry.page_id.is_(None))) or 0


def external_ids(agent: Agent) -> dict[str, str]:
    """By the id that an entry has in the agent's index, the name under which it was imported (its own id if none)."""
    rows = db.session.execute(select(Entry.id, Entry.external_id).where(Entry.agent_id == agent.id))
    return {str(entry_id): external_id or str(entry_id) for entry_id, external_id in rows}


def add(
    agent: Agent,
    *,
    question: str,
    answer: str,
    phrasings: Iterable[str] = (),
    by: Teammate | None,
    now: datetime,
    external_id: str | None = None,
) -> Entry:
    """Teach the agent one more answer; it stands at the top of the list.

    Raises:
        Invalid: when a text is missing or too long, or the agent knows too much already.
    """
    with transaction():
        entry = insert(agent, checked(question, answer, phrasings), external_id=external_id, by=by, now=now)
        start_learning(agent, now=now)
    return entry


def change(
    agent: Agent,
    entry: Entry,
    *,
    question: str,
    answer: str,
    phrasings: Iterable[str],
    by: Teammate | None,
    now: datetime,
    seen: datetime | None = None,
) -> None:
    """Replace the texts of an entry.

    Args:
        seen: the `updated_at` of what the writer had before them; None overwrites whatever is there.

    Raises:
        Invalid: when a text is missing or too long.
        Conflict: when somebody has changed the entry since, or when it was read in a source, which says what it
            says; other ways to ask for it can be changed.
    """
    wording = checked(question, answer, phrasings)
    if entry.page_id is not None and (wording.question, wording.answer) != (entry.question, entry.answer):
        raise Conflict("This was read in a source, so its words can only be changed there. Then have it read again.")
    with transaction():
        touch(agent)
        db.session.refresh(entry)
        if seen is not None and entry.updated_at != seen:
            raise Conflict(
                "Somebody has changed this question since you opened it. Your text is still here: "
                "look at theirs in another tab, then save again to replace it."
            )
        rewrite(entry, wording, now=now)
        start_learning(agent, now=now)
    log.info("entry_changed", entry=str(entry.id), by=_name(by))


def archive(agent: Agent, entry: Entry, *, by: Teammate | None, now: datetime) -> None:
    """Take an entry out of the agent's answers without losing it.

    Raises:
        Conflict: when it was read in a source, where parts are left out.
    """
    _refuse_read(entry)
    with transaction():
        touch(agent)
        entry.archived_at = entry.archived_at or now
    log.info("entry_archived", entry=str(entry.id), by=_name(by))


def restore(agent: Agent, entry: Entry, *, by: Teammate | None, now: datetime) -> None:
    """Bring an archived entry back to its old place.

    Raises:
        Invalid: when the agent knows too much already.
        Conflict: when it was read in a source, where parts are taken in again.
    """
    _refuse_read(entry)
    with transaction():
        touch(agent)
        entry.archived_at = None
        refuse_too_many(agent)
        start_learning(agent, now=now)
    log.info("entry_restored", entry=str(entry.id), by=_name(by))


def insert(agent: Agent, wording: Wording, *, external_id: str | None, by: Teammate | None, now: datetime) -> Entry:
    """Store a new entry at the top, inside the caller's transaction; the caller has it learned afterwards."""
    touch(agent)
    first = db.session.scalar(select(func.min(Entry.position)).where(Entry.agent_id == agent.id))
    entry = Entry(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        external_id=external_id,
        position=0 if first is None else first - STEP,
        created_at=now,
    )
    rewrite(entry, wording, now=now)
    db.session.add(entry)
    refuse_too_many(agent)
    log.info("entry_added", entry=str(entry.id), by=_name(by))
    return entry


def rewrite(entry: Entry, wording: Wording, *, now: datetime) -> None:
    """Give an entry these texts, inside the caller's transaction; phrasings that stay keep their rows."""
    entry.question, entry.answer, entry.updated_at = wording.question, wording.answer, now
    kept = {phrasing.text: phrasing for phrasing in entry.phrasings}
    entry.phrasings = [kept.get(text) or Phrasing(text=text) for text in wording.phrasings]
    for position, phrasing in enumerate(entry.phrasings):
        phrasing.position = position


def checked(question: str, answer: str, phrasings: Iterable[str]) -> Wording:
    """The texts as they are stored.

    Raises:
        Invalid: when one is missing or too long.
    """
    wording = worded(question, answer, phrasings)
    if problems := wording.problems():
        raise Invalid(" ".join(map(sentence, problems)))
    return wording


def refuse_too_many(agent: Agent) -> None:
    """Undo the caller's transaction when it has made the agent know more than one may.

    Raises:
        Invalid: saying how many that are.
    """
    if count_live(agent) > MOST_ENTRIES:
        raise Invalid(f"An agent can hold {MOST_ENTRIES:,} questions. Archive some that nobody asks any more.")


def _refuse_read(entry: Entry) -> None:
    if entry.page_id is not None:
        raise Conflict("This was read in a source. Leave it out, or take it in again, on the page of that source.")


def _matching(agent: Agent, *, search: str, archived: bool) -> Select[Entry]:
    matching = select(Entry).where(
        Entry.agent_id == agent.id,
        Entry.archived_at.is_not(None) if archived else Entry.archived_at.is_(None),
    )
    return matching.where(*(_holds(word) for word in search.replace("\x00", "").split()[:_MOST_SEARCH_WORDS]))


def _holds(word: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII letters only, so the usual spellings of other words are asked for one by one.
    spellings = sorted({word, word.lower(), word.upper(), word.capitalize()})
    of_entry = [
        column.icontains(text, autoescape=True) for text in spellings for column in (Entry.question, Entry.answer)
    ]
    of_phrasings = [Phrasing.text.icontains(text, autoescape=True) for text in spellings]
    asked_otherwise = select(Phrasing.id).where(Phrasing.entry_id == Entry.id, or_(*of_phrasings)).exists()
    return or_(*of_entry, asked_otherwise)


def _counted(agent: Agent) -> Select[int]:
    return select(func.count()).select_from(Entry).where(Entry.agent_id == agent.id)


def _name(by: Teammate | None) -> str | None:
    return str(by.id) if by else None
