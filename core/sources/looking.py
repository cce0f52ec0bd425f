"""What admins look at: the pages of a source, the parts of a page, and where an entry comes from."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from core.sources import readings
from core.sources.cutting import Part, cut
from models import db
from models.agents import Agent
from models.jobs import Job, JobStatus
from models.knowledge import Entry, PageStatus, Source, SourcePage

PER_PAGE = 50
_TROUBLE = (PageStatus.FAILED, PageStatus.GONE)


@dataclass(frozen=True)
class PageList:
    """Some of the pages of a source, and how many there are."""

    pages: Sequence[SourcePage]
    entries: Mapping[uuid.UUID, int]
    """How many live entries came of each page."""
    number: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True)
class ShownPart:
    """A part of a page, and the entry that it became; None while it is left out."""

    part: Part
    is_excluded: bool
    entry: Entry | None


def count(agent: Agent) -> int:
    """How many sources an agent has."""
    return db.session.scalar(select(func.count()).where(Source.agent_id == agent.id)) or 0


def count_entries(sources: Iterable[Source]) -> Mapping[uuid.UUID, int]:
    """How many entries that customers can be answered with came of each source."""
    rows = db.session.execute(
        select(SourcePage.source_id, func.count())
        .join(Entry, Entry.page_id == SourcePage.id)
        .where(SourcePage.source_id.in_([source.id for source in sources]), Entry.archived_at.is_(None))
        .group_by(SourcePage.source_id)
    )
    counts: Counter[uuid.UUID] = Counter()
    for source_id, number in rows:
        counts[source_id] = number
    return counts


def count_statuses(sources: Iterable[Source]) -> Mapping[uuid.UUID, Counter[PageStatus]]:
    """How many pages of each source came to what."""
    counts: dict[uuid.UUID, Counter[PageStatus]] = {source.id: Counter() for source in sources}
    for source_id, status, number in db.session.execute(
        select(SourcePage.source_id, SourcePage.status, func.count())
        .where(SourcePage.source_id.in_(list(counts)))
        .group_by(SourcePage.source_id, SourcePage.status)
    ):
        counts[source_id][status] = number
    return counts


def under_way(sources: Iterable[Source]) -> Mapping[uuid.UUID, Job]:
    """The jobs that read some of these sources just now, by the id of the source."""
    live = db.session.scalars(
        select(Job)
        .where(
            Job.kind == readings.KIND,
            Job.subject_id.in_([source.id for source in sources]),
            Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING)),
        )
        .execution_options(populate_existing=True)
    )
    return {job.subject_id: job for job in live}


def pages_of(source: Source, *, statuses: Iterable[PageStatus] = (), search: str = "", number: int = 1) -> PageList:
    """One page of the list of what was read; trouble comes first, what waits last; a page too far is the last one.

    Args:
        statuses: only pages with one of these; without any, all.
        search: a piece of the title or the address.
    """
    matching = select(SourcePage).where(SourcePage.source_id == source.id)
    if wanted := list(statuses):
        matching = matching.where(SourcePage.status.in_(wanted))
    if words := search.replace("\x00", "").strip():
        matching = matching.where(
            or_(*(column.icontains(words, autoescape=True) for column in (SourcePage.title, SourcePage.address)))
        )
    total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    pages = db.session.scalars(
        matching.order_by(
            SourcePage.status.not_in(_TROUBLE),
            SourcePage.status == PageStatus.WAITING,
            SourcePage.depth,
            SourcePage.address,
            SourcePage.id,
        )
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .execution_options(populate_existing=True)
    ).all()
    return PageList(pages, _entries_of(pages), number, total)


def parts_of(page: SourcePage) -> list[Part]:
    """The parts of a page as it was read last."""
    # A page without a title goes by its address, which is no heading.
    title = "" if page.title == page.address[:300] else page.title
    return cut(page.text or "", title, page.address)


def shown_parts(page: SourcePage) -> list[ShownPart]:
    """The parts of a page in their order, each with what became of it."""
    entries = {
        entry.part_key: entry
        for entry in db.session.scalars(select(Entry).where(Entry.page_id == page.id, Entry.archived_at.is_(None)))
    }
    excluded = set(page.excluded_parts)
    return [ShownPart(part, part.key in excluded, entries.get(part.key)) for part in parts_of(page)]


def origins_of(entries: Iterable[Entry]) -> Mapping[uuid.UUID, tuple[Source, SourcePage]]:
    """By the id of each entry that was read in a source: that source, and the page of it."""
    ids = [entry.id for entry in entries if entry.page_id is not None]
    if not ids:
        return {}
    rows = db.session.execute(
        select(Entry.id, Source, SourcePage)
        .join(SourcePage, SourcePage.id == Entry.page_id)
        .join(Source, Source.id == SourcePage.source_id)
        .where(Entry.id.in_(ids))
    )
    return {entry_id: (source, page) for entry_id, source, page in rows}


def _entries_of(pages: Iterable[SourcePage]) -> Mapping[uuid.UUID, int]:
    rows = db.session.execute(
        select(Entry.page_id, func.count())
        .where(Entry.page_id.in_([page.id for page in pages]), Entry.archived_at.is_(None))
        .group_by(Entry.page_id)
    )
    return Counter({page_id: number for page_id, number in rows if page_id is not None})
