"""The list of customers as a team sees it: searched, filtered, and paged by who was there last."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from core.conversations import PREVIEW
from core.places import Place
from models import db
from models.base import UtcDateTime
from models.conversations import Conversation, Message, State
from models.customers import Customer, Fact, Standing, folded
from models.teammates import Workspace

PAGE = 30
_MOST_WORDS = 6
# Those in which something was said, without the team's own tests.
_IS_REAL = (Conversation.last_message_at.is_not(None), Conversation.channel != PREVIEW)
_OF_CUSTOMER = (Conversation.customer_id == Customer.id, *_IS_REAL)


@dataclass(frozen=True)
class Wanted:
    """Which customers somebody looks for; without anything, all that are worth a row."""

    search: str = ""
    """Parts of names, e-mail addresses and ids, all of which have to be there."""
    standing: Standing | None = None
    is_waiting: bool = False
    """Only those with a conversation that waits for a person."""
    seen_days: int | None = None
    """Only those who were there within so many days."""


@dataclass(frozen=True)
class Row:
    """A customer in the list."""

    customer: Customer
    conversations: int
    is_waiting: bool


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    before: str | None
    """Where the next page begins; None on the last one."""


@dataclass(frozen=True)
class Talk:
    """One conversation of a customer."""

    conversation: Conversation
    messages: int


def page(workspace: Workspace, wanted: Wanted, *, now: datetime, before: str | None = None, limit: int = PAGE) -> Page:
    """A page of customers, who was there last first.

    Whoever opened the chat, said nothing and is not known by name is left out: there would be more of them than of
    all others, and nothing to read about them.

    Raises:
        Invalid: when `before` is not from us.
    """
    query = _rows(workspace, wanted, now).order_by(Customer.last_seen_at.desc(), Customer.id.desc()).limit(limit + 1)
    if before is not None:
        place = Place.read(before)
        marker = tuple_(literal(place.moment, UtcDateTime()), literal(place.row_id, Uuid()))
        query = query.where(tuple_(Customer.last_seen_at, Customer.id) < marker)
    found = [Row(customer, number, bool(waits)) for customer, number, waits in db.session.execute(query)]
    rows = found[:limit]
    last = rows[-1].customer if len(found) > limit else None
    return Page(rows, Place(last.last_seen_at, last.id).written() if last else None)


def conversations_of(customer: Customer, *, limit: int = 200) -> Sequence[Talk]:
    """The conversations of one customer in which something was said, the latest first."""
    said = (
        select(func.count())
        .select_from(Message)
        .where(Message.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(Conversation, said)
        .where(Conversation.customer_id == customer.id, *_IS_REAL)
        .options(joinedload(Conversation.agent), joinedload(Conversation.teammate))
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    return [Talk(conversation, messages) for conversation, messages in found]


def is_anybody_there(workspace: Workspace) -> bool:
    """Whether the list has any row at all."""
    return db.session.scalar(select(Customer.id).where(*_listed(workspace)).limit(1)) is not None


def _rows(workspace: Workspace, wanted: Wanted, now: datetime) -> Select[Customer, int, bool]:
    number = select(func.count()).select_from(Conversation).where(*_OF_CUSTOMER).correlate(Customer).scalar_subquery()
    waits = exists().where(*_OF_CUSTOMER, Conversation.state == State.WAITING).correlate(Customer)
    # What is wanted first: whether somebody is worth a row takes looks into other tables.
    return select(Customer, number, waits).where(*_matching(workspace, wanted, now), *_listed(workspace))


def _listed(workspace: Workspace) -> tuple[ColumnElement[bool], ...]:
    is_known = or_(
        Customer.standing != Standing.ANONYMOUS,
        exists().where(*_OF_CUSTOMER).correlate(Customer),
        exists().where(Fact.customer_id == Customer.id).correlate(Customer),
    )
    return Customer.workspace_id == workspace.id, is_known


def _matching(workspace: Workspace, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions = _searched(wanted.search)
    if wanted.standing is not None:
        conditions.append(Customer.standing == wanted.standing)
    if wanted.seen_days is not None:
        conditions.append(Customer.last_seen_at >= now - timedelta(days=wanted.seen_days))
    if wanted.is_waiting:
        # As a list of its own: few wait, and they are found by the index of the inbox.
        waiting: Select[Any] = select(Conversation.customer_id).where(
            Conversation.workspace_id == workspace.id,
            Conversation.state == State.WAITING,
            *_IS_REAL,
        )
        conditions.append(Customer.id.in_(waiting))
    return conditions


def _searched(search: str) -> list[ColumnElement[bool]]:
    words = folded(search.replace("\x00", "")).split()[:_MOST_WORDS]
    if not words:
        return []
    in_words = and_(*(Customer.search_text.contains(word, autoescape=True) for word in words))
    number = _number(search)
    return [in_words if number is None else or_(in_words, Customer.id == number)]


def _number(search: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(search.strip())
    except ValueError:
        return None
