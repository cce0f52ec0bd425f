"""The audit log: who changed what, when, from what to what. Entries are only ever added, and cleared by age."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, exists, literal, or_, select, tuple_

from core.audit_words import AREAS
from core.places import Place
from models import db, transaction
from models.audits import AuditEntry
from models.base import UtcDateTime
from models.teammates import Teammate

PAGE = 50
_AT_ONCE = 500
_LONGEST_NAME = 120
_through: ContextVar[str] = ContextVar("audits_through", default="")


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody looks for; without anything, all."""

    teammate_id: uuid.UUID | None = None
    area: str = ""
    """One of `audit_words.AREAS`."""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.teammate_id is not None:
            yield AuditEntry.teammate_id == self.teammate_id
        if self.area in AREAS:
            yield or_(*(AuditEntry.action.startswith(f"{noun}.", autoescape=True) for noun in AREAS[self.area].nouns))
        if self.since is not None:
            yield AuditEntry.created_at >= self.since
        if self.until is not None:
            yield AuditEntry.created_at < self.until


@dataclass(frozen=True)
class Page:
    entries: Sequence[AuditEntry]
    before: str | None
    """Where the next page begins; None on the last one."""


@contextmanager
def through(means: str) -> Iterator[None]:
    """Say in each entry made inside that it was not done by hand, but by something that somebody has set up.

    Args:
        means: what it was, such as `the API key “Warehouse”`.
    """
    before = _through.set(means)
    try:
        yield
    finally:
        _through.reset(before)


def record(
    workspace_id: uuid.UUID,
    action: str,
    *,
    by: Teammate | None,
    subject: tuple[str, object, str],
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Note a change, in the transaction that makes it: neither happens without the other.

    Args:
        action: what was done, as `noun.verb`, such as `website.allow`.
        by: who did it; None for the product itself or a command.
        subject: of what kind it is, its id, and its name in words, as in `("agent", agent.id, agent.name)`.
        before: what the changed settings were, without any secret, message or original of masked text.
        after: what they are now.
        address: from where, for sign-ins.
    """
    kind, subject_id, name = subject
    with transaction():
        db.session.add(
            AuditEntry(
                workspace_id=workspace_id,
                teammate_id=by.id if by else None,
                who=_who(by),
                action=action,
                subject_kind=kind,
                subject_id=str(subject_id or "")[:64],
                subject_name=name[:300],
                before=dict(before) if before is not None else None,
                after=dict(after) if after is not None else None,
                address=address,
                created_at=now,
            )
        )


def _who(by: Teammate | None) -> str:
    name, means = by.name if by else "", _through.get()
    if not means:
        return name
    return f"{name[: _LONGEST_NAME - len(means) - 5]}, by {means}" if name else f"{means[:1].upper()}{means[1:]}"


def page(workspace_id: uuid.UUID, wanted: Wanted, *, before: str | None = None, limit: int = PAGE) -> Page:
    """A page of a workspace's entries, the latest first.

    Raises:
        Invalid: when `before` is not from us.
    """
    query = _latest_first(workspace_id, wanted).limit(limit + 1)
    if before:
        query = query.where(_earlier_than(Place.read(before)))
    found = db.session.scalars(query).all()
    entries = found[:limit]
    return Page(entries, _place_of(entries[-1]).written() if len(found) > limit else None)


def every(workspace_id: uuid.UUID, wanted: Wanted) -> Iterator[AuditEntry]:
    """All of a workspace's entries, the latest first; read in pieces, so that no log is too long."""
    place: Place | None = None
    while True:
        query = _latest_first(workspace_id, wanted).limit(_AT_ONCE)
        found = db.session.scalars(query if place is None else query.where(_earlier_than(place))).all()
        db.session.commit()
        yield from found
        if len(found) < _AT_ONCE:
            return
        place = _place_of(found[-1])


def people(workspace_id: uuid.UUID) -> Sequence[Teammate]:
    """Who has an entry in the log, by name; those who left the team, too."""
    has_entry = exists().where(AuditEntry.teammate_id == Teammate.id, AuditEntry.workspace_id == workspace_id)
    return db.session.scalars(
        select(Teammate).where(Teammate.workspace_id == workspace_id, has_entry).order_by(Teammate.name, Teammate.id)
    ).all()


def _latest_first(workspace_id: uuid.UUID, wanted: Wanted) -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .where(AuditEntry.workspace_id == workspace_id, *wanted.conditions())
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
    )


def _earlier_than(place: Place) -> ColumnElement[bool]:
    marker = tuple_(literal(place.moment, UtcDateTime()), literal(place.row_id, Uuid()))
    return tuple_(AuditEntry.created_at, AuditEntry.id) < marker


def _place_of(entry: AuditEntry) -> Place:
    return Place(entry.created_at, entry.id)
