"""The inbox: which conversations a team has before it, and in which order."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, and_, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from core import attachments, conversations, rich_text
from core.errors import NotFound
from core.places import Place
from models import db
from models.base import UtcDateTime
from models.conversations import Conversation, Message, Sender, State
from models.customers import Customer
from models.teammates import Teammate, Workspace

PAGE = 30
_MOST = 300
"""The most rows at once, however many pages somebody has opened."""
_SEARCH_LIMIT = 100


class View(enum.StrEnum):
    """A part of the inbox; each has its own address."""

    WAITING = "waiting"
    PERSON = "person"
    AGENT = "agent"
    RESOLVED = "resolved"
    ALL = "all"


@dataclass(frozen=True)
class Row:
    """A conversation in the list, with the last thing that was said in it."""

    conversation: Conversation
    last: Message | None


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    before: str | None
    """Where the next page begins; None on the last one."""


def preview_of(message: Message) -> str:
    """What was said, without the signs that format it. A customer's words are no Markdown and stay as they are.

    Of a message without words it is the names of its files.
    """
    if not message.text:
        return ", ".join(attachments.names_in(message))
    return message.text if message.sender is Sender.CUSTOMER else rich_text.to_text(message.text)


def view_named(name: str) -> View:
    """The view of this name.

    Raises:
        NotFound: when there is none.
    """
    try:
        return View(name)
    except ValueError:
        raise NotFound("There is no such view of the conversations.") from None


def counts(workspace: Workspace) -> Mapping[View, int]:
    """How many conversations each view holds."""
    found = db.session.execute(
        select(Conversation.state, func.count()).where(*_listed(workspace)).group_by(Conversation.state)
    )
    by_state = {state.value: number for state, number in found}
    return {view: by_state.get(view.value, 0) for view in View} | {View.ALL: sum(by_state.values())}


def waiting_count(workspace: Workspace) -> int:
    """How many customers wait for a person."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Conversation).where(*_listed(workspace), *_in_view(View.WAITING))
        )
        or 0
    )


def page(
    workspace: Workspace,
    view: View,
    *,
    reader: Teammate,
    search: str = "",
    before: str | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of a view. Who waits longest comes first; everywhere else the latest does, the reader's own on top.

    Args:
        search: words from a message, or from the customer's name or e-mail.
        before: where the last page ended.

    Raises:
        Invalid: when `before` is not from us.
    """
    order = _Order(view, reader)
    limit = max(1, min(limit, _MOST))
    query = _rows(workspace, view, search).order_by(*order.columns()).limit(limit + 1)
    if before is not None:
        query = query.where(order.follows(Place.read(before)))
    found = [Row(conversation, last) for conversation, last in db.session.execute(query)]
    rows = found[:limit]
    return Page(rows, order.place(rows[-1].conversation).written() if len(found) > limit else None)


class _Order:
    """In which order a view stands."""

    def __init__(self, view: View, reader: Teammate) -> None:
        self._view = view
        self._reader = reader

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        if self._view is View.WAITING:
            return (Conversation.waiting_since.asc(), Conversation.id.asc())
        latest_first = (Conversation.last_message_at.desc(), Conversation.id.desc())
        return (self._rank().asc(), *latest_first) if self._view is View.PERSON else latest_first

    def follows(self, place: Place) -> ColumnElement[bool]:
        marker = tuple_(literal(place.moment, UtcDateTime()), literal(place.row_id, Uuid()))
        if self._view is View.WAITING:
            return tuple_(Conversation.waiting_since, Conversation.id) > marker
        is_older = tuple_(Conversation.last_message_at, Conversation.id) < marker
        if self._view is not View.PERSON:
            return is_older
        return or_(self._rank() > place.rank, and_(self._rank() == place.rank, is_older))

    def place(self, conversation: Conversation) -> Place:
        moment = conversation.waiting_since if self._view is View.WAITING else conversation.last_message_at
        is_other = self._view is View.PERSON and conversation.teammate_id != self._reader.id
        return Place(moment or conversation.created_at, conversation.id, rank=int(is_other))

    def _rank(self) -> ColumnElement[int]:
        return case((Conversation.teammate_id == self._reader.id, 0), else_=1)


def _rows(workspace: Workspace, view: View, search: str) -> Select[Conversation, Message]:
    said = aliased(Message)
    last = (
        select(said.id)
        .where(said.conversation_id == Conversation.id, said.sender != Sender.SYSTEM)
        .order_by(said.seq.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return (
        select(Conversation, Message)
        .outerjoin(Message, Message.id == last)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(*_listed(workspace), *_in_view(view), *_matching(search))
        .options(joinedload(Conversation.customer), joinedload(Conversation.teammate))
    )


def _listed(workspace: Workspace) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.workspace_id == workspace.id,
        Conversation.last_message_at.is_not(None),
        Conversation.channel != conversations.PREVIEW,
    )


def _in_view(view: View) -> tuple[ColumnElement[bool], ...]:
    return () if view is View.ALL else (Conversation.state == State(view.value),)


def _matching(search: str) -> tuple[ColumnElement[bool], ...]:
    words = " ".join(search[:_SEARCH_LIMIT].replace("\x00", "").split())
    if not words:
        return ()
    said = aliased(Message)
    was_said = exists().where(
        said.conversation_id == Conversation.id,
        said.sender != Sender.SYSTEM,
        said.text.icontains(words, autoescape=True),
    )
    return (
        or_(
            was_said,
            Customer.name.icontains(words, autoescape=True),
            Customer.email.icontains(words, autoescape=True),
        ),
    )
