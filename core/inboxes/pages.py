"""Pages of the inbox: in which order a view stands, and what each row shows."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from core import tags
from core.inboxes import readings
from core.inboxes.filters import Filters
from core.inboxes.found_texts import Found, found_texts
from core.inboxes.views import View, in_view, listed
from core.places import Place
from core.readings import read_by
from models import db
from models.base import UtcDateTime
from models.conversations import Conversation, Message, Sender
from models.inbox import Tag
from models.teammates import Teammate, Workspace

PAGE = 30
_MOST = 300
"""The most rows at once, however many pages somebody has opened."""


@dataclass(frozen=True)
class Row:
    """A conversation in the list, with the last thing that was said in it."""

    conversation: Conversation
    last: Message | None
    tags: Sequence[Tag] = ()
    news: int = 0
    """How much has come in it since the reader saw it last."""
    found: Found | None = None
    """Where the words stand that were searched for."""


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    before: str | None
    """Where the next page begins; None on the last one."""


def page(
    workspace: Workspace,
    view: View,
    *,
    reader: Teammate,
    now: datetime,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    before: str | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of a view. Who waits longest comes first, and what wakes soonest; everywhere else the latest does.

    Args:
        before: where the last page ended.

    Raises:
        Invalid: when `before` is not from us.
    """
    order = _Order(view)
    limit = max(1, min(limit, _MOST))
    query = (
        select(Conversation)
        .where(*listed(workspace.id), *in_view(view, reader.id), *filters.conditions(workspace.id, reader, now=now))
        .options(joinedload(Conversation.customer), joinedload(Conversation.teammate))
        .order_by(*order.columns())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(order.follows(Place.read(before)))
    found = db.session.scalars(query).all()
    rows = _rows(found[:limit], reader, filters.search)
    return Page(rows, order.place(found[limit - 1]).written() if len(found) > limit else None)


class _Order:
    """In which order a view stands: by a moment, and by the id where moments are the same."""

    def __init__(self, view: View) -> None:
        self._is_ascending = view in (View.WAITING, View.SNOOZED)
        by_view: dict[View, InstrumentedAttribute[datetime | None]] = {
            View.WAITING: Conversation.waiting_since,
            View.SNOOZED: Conversation.snoozed_until,
        }
        self._moment = by_view.get(view, Conversation.last_message_at)

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        if self._is_ascending:
            return self._moment.asc(), Conversation.id.asc()
        return self._moment.desc(), Conversation.id.desc()

    def follows(self, place: Place) -> ColumnElement[bool]:
        marker = tuple_(literal(place.moment, UtcDateTime()), literal(place.row_id, Uuid()))
        row = tuple_(self._moment, Conversation.id)
        return row > marker if self._is_ascending else row < marker

    def place(self, conversation: Conversation) -> Place:
        return Place(getattr(conversation, self._moment.key) or conversation.created_at, conversation.id)


def _rows(conversations: Sequence[Conversation], reader: Teammate, search: str) -> list[Row]:
    ids = [conversation.id for conversation in conversations]
    last, tagged, seen = _last_messages(ids), tags.of_many(ids), read_by(reader, ids)
    found = found_texts(ids, search) if search else {}
    return [
        Row(
            conversation=one,
            last=last.get(one.id),
            tags=tagged.get(one.id, ()),
            news=readings.news_in(one, reader, seen.get(one.id)),
            found=found.get(one.id),
        )
        for one in conversations
    ]


def _last_messages(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Message]:
    return {message.conversation_id: message for message in db.session.scalars(_LAST_SAID, {"ids": ids})}


def _last_said() -> Select[Message]:
    said = aliased(Message)
    last = (
        select(said.id)
        .where(said.conversation_id == Conversation.id, said.sender != Sender.SYSTEM)
        .order_by(said.seq.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    wanted = Conversation.id.in_(bindparam("ids", expanding=True))
    query = select(Message).join(Conversation, Message.id == last).where(wanted)
    return query.options(joinedload(Message.teammate))


# Made once, as each look at the list asks for it.
_LAST_SAID = _last_said()
