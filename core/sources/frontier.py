"""The pages of a reading, kept in the database: which are to be visited, which were, and which are new."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from core.sources.addresses import Scope, hash_of
from models import db, new_id
from models.knowledge import PageStatus, Source, SourcePage

MOST_DEPTH = 12
# Duplicates, errors and what is left out count less than pages, but do not go on without end either.
_ROWS_FOR_A_PAGE = 4
_KNOWLEDGE = (PageStatus.WAITING, PageStatus.READ, PageStatus.UNCHANGED)
_TO_VISIT_AGAIN = (PageStatus.READ, PageStatus.UNCHANGED, PageStatus.DUPLICATE, PageStatus.FAILED, PageStatus.WAITING)
_MOST_VARIANTS = 60
"""Addresses that differ only behind the question mark: a list has pages, a trap has them without end."""
_READINGS_KEPT = 5


def number_of(source: Source) -> int:
    """The number of the reading under way, or else of the last one; 0 before the first."""
    return db.session.scalar(select(func.max(SourcePage.reading)).where(SourcePage.source_id == source.id)) or 0


def begin(source: Source, scope: Scope, *, most_pages: int, keeps_known: bool) -> None:
    """Have the first address, and what is known, visited in a new reading; inside the caller's transaction.

    Args:
        keeps_known: False when pages are only those that a list names anew.
    """
    number = number_of(source) + 1
    first = hash_of(source.address or "")
    of_source = SourcePage.source_id == source.id
    wanted = []
    if keeps_known:
        rows = db.session.execute(
            select(SourcePage.id, SourcePage.address)
            .where(of_source, SourcePage.status.in_(_TO_VISIT_AGAIN))
            .order_by(SourcePage.depth, SourcePage.id)
        )
        wanted = [page_id for page_id, address in rows if scope.is_wanted(address)][:most_pages]
    again = {"status": PageStatus.WAITING, "problem": None, "reading": number}
    for start in range(0, len(wanted), 500):
        _change(SourcePage.id.in_(wanted[start : start + 500]), again)
    _change(of_source & SourcePage.address_hash.in_([first]), again)


def counts(source: Source, number: int) -> Counter[PageStatus]:
    """How many pages of a reading came to what."""
    rows = db.session.execute(
        select(SourcePage.status, func.count().label("number"))
        .where(SourcePage.source_id == source.id, SourcePage.reading == number)
        .group_by(SourcePage.status)
    )
    return Counter({row.status: row.number for row in rows})


class Frontier:
    """The pages of the reading under way, as one slice of it sees them."""

    def __init__(self, source: Source, *, most_pages: int) -> None:
        self.source = source
        self.number = number_of(source)
        self.is_full = False
        """Whether something was left out, because there are more pages than are read."""
        self._most_pages = most_pages
        self._rows = 0
        self._pages = 0
        self._known: dict[str, PageStatus | None] = {}
        self._variants: Counter[str] = Counter()
        for address, reading, status in db.session.execute(
            select(SourcePage.address, SourcePage.reading, SourcePage.status).where(SourcePage.source_id == source.id)
        ):
            self._known[address] = status if reading == self.number else None
            if reading == self.number:
                self._rows += 1
                self._pages += status in _KNOWLEDGE
                self._variants[_path(address)] += 1

    def next(self) -> SourcePage | None:
        """The page to visit now: the nearest to the first one."""
        return db.session.scalar(
            select(SourcePage)
            .where(
                SourcePage.source_id == self.source.id,
                SourcePage.reading == self.number,
                SourcePage.status == PageStatus.WAITING,
            )
            .order_by(SourcePage.depth, SourcePage.id)
            .limit(1)
            .execution_options(populate_existing=True)
        )

    def is_settled(self, address: str) -> bool:
        """Whether the reading has been at this address, and knows more of it than that it leads on."""
        return self._known.get(address) not in (None, PageStatus.WAITING, PageStatus.DUPLICATE)

    def note(self, page: SourcePage) -> None:
        """Keep in mind what has become of a page."""
        self._known[page.address] = page.status
        self._pages -= page.status not in _KNOWLEDGE

    def page_at(self, address: str) -> SourcePage | None:
        """The page of this reading at an address."""
        return db.session.scalar(
            select(SourcePage)
            .where(
                SourcePage.source_id == self.source.id,
                SourcePage.reading == self.number,
                SourcePage.address_hash == hash_of(address),
            )
            .execution_options(populate_existing=True)
        )

    def twin_of(self, page: SourcePage) -> SourcePage | None:
        """Another page of this reading with the very same text."""
        return db.session.scalar(
            select(SourcePage)
            .where(
                SourcePage.source_id == self.source.id,
                SourcePage.reading == self.number,
                SourcePage.content_hash == page.content_hash,
                SourcePage.status.in_((PageStatus.READ, PageStatus.UNCHANGED)),
                SourcePage.id != page.id,
            )
            .order_by(SourcePage.depth, SourcePage.id)
            .limit(1)
        )

    def offer(self, addresses: Iterable[str], *, depth: int) -> None:
        """Have these visited that are new to the reading; inside the caller's transaction."""
        if depth > MOST_DEPTH:
            return
        fresh = [address for address in dict.fromkeys(addresses) if self._takes(address)]
        known = [address for address in fresh if address in self._known]
        rows = [self._row(address, depth) for address in fresh if address not in self._known]
        for start in range(0, len(known), 500):
            _change(
                (SourcePage.source_id == self.source.id)
                & SourcePage.address_hash.in_([hash_of(address) for address in known[start : start + 500]]),
                {"status": PageStatus.WAITING, "problem": None, "reading": self.number, "depth": depth},
            )
        if rows:
            db.session.execute(insert(SourcePage), rows)
        for address in fresh:
            self._known[address] = PageStatus.WAITING

    def missing(self) -> Sequence[SourcePage]:
        """Pages of earlier readings that this one has not found again."""
        return db.session.scalars(
            select(SourcePage).where(
                SourcePage.source_id == self.source.id,
                SourcePage.reading < self.number,
                SourcePage.status.in_(_TO_VISIT_AGAIN),
            )
        ).all()

    def clear_old(self) -> None:
        """Forget what was not found for many readings; inside the caller's transaction."""
        db.session.execute(
            delete(SourcePage).where(
                SourcePage.source_id == self.source.id,
                SourcePage.reading < self.number - _READINGS_KEPT,
                SourcePage.is_excluded.is_(False),
            )
        )

    def _takes(self, address: str) -> bool:
        path = _path(address)
        if self._known.get(address) or self._variants[path] >= _MOST_VARIANTS:
            return False
        if self._pages >= self._most_pages or self._rows >= self._most_pages * _ROWS_FOR_A_PAGE:
            self.is_full = True
            return False
        self._pages += 1
        self._rows += 1
        self._variants[path] += 1
        return True

    def _row(self, address: str, depth: int) -> dict[str, object]:
        return {
            "id": new_id(),
            "workspace_id": self.source.workspace_id,
            "source_id": self.source.id,
            "address": address,
            "address_hash": hash_of(address),
            "title": "",
            "status": PageStatus.WAITING,
            "depth": depth,
            "reading": self.number,
            "is_excluded": False,
            "excluded_parts": [],
        }


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"


def _change(condition: ColumnElement[bool], values: Mapping[str, object]) -> None:
    db.session.execute(
        update(SourcePage).where(condition).values(**values).execution_options(synchronize_session=False)
    )
