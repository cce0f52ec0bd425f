"""The views of the inbox: by whose turn it is."""

import enum
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import BindParameter, ColumnElement, Integer, Subquery, bindparam, func, literal, select, union_all

from core.conversations import PREVIEW
from core.errors import NotFound
from models import db
from models.conversations import Conversation, State
from models.teammates import Teammate, Workspace

COUNTED = 1000
"""Up to here a view is counted: nobody works through more, and counting them all would hold up a big workspace."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_Id = uuid.UUID | BindParameter[uuid.UUID]
FOR_PEOPLE = (State.WAITING, State.PERSON)


class View(enum.StrEnum):
    """A part of the inbox; each has its own address."""

    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    """For a person, and nobody has it."""
    AGENT = "agent"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ALL = "all"


def view_named(name: str) -> View:
    """The view of this name.

    Raises:
        NotFound: when there is none.
    """
    try:
        return View(name)
    except ValueError:
        raise NotFound("There is no such view of the conversations.") from None


def counts(workspace: Workspace, reader: Teammate) -> Mapping[View, int]:
    """How many conversations each view holds for this teammate; `COUNTED` stands for as many or more."""
    asked = {"workspace_id": workspace.id, "reader_id": reader.id, "most": COUNTED}
    return {View(name): number for name, number in db.session.connection().execute(_COUNTS, asked)}


def waiting_count(workspace: Workspace) -> int:
    """How many customers wait for a person; `COUNTED` stands for as many or more."""
    return db.session.connection().scalar(_WAITING, {"workspace_id": workspace.id, "most": COUNTED}) or 0


def listed(workspace_id: _Id) -> tuple[ColumnElement[bool], ...]:
    """What has a place in the inbox at all: something was said, and it is no teammate's own test."""
    return (
        Conversation.workspace_id == workspace_id,
        Conversation.last_message_at.is_not(None),
        Conversation.channel != PREVIEW,
    )


def in_view(view: View, reader_id: _Id) -> tuple[ColumnElement[bool], ...]:
    """What a view holds for the teammate who looks at it."""
    return {
        View.WAITING: _awake(State.WAITING),
        View.MINE: (Conversation.teammate_id == reader_id, *_awake(*FOR_PEOPLE)),
        View.UNASSIGNED: (Conversation.teammate_id.is_(None), *_awake(*FOR_PEOPLE)),
        View.AGENT: _awake(State.AGENT),
        # As a range: SQLite takes no index for what is merely not null.
        View.SNOOZED: (Conversation.snoozed_until > _EVER, Conversation.state != State.RESOLVED),
        View.RESOLVED: (Conversation.state == State.RESOLVED,),
        View.ALL: (),
    }[view]


def _awake(*states: State) -> tuple[ColumnElement[bool], ...]:
    is_in = Conversation.state == states[0] if len(states) == 1 else Conversation.state.in_(states)
    return is_in, Conversation.snoozed_until.is_(None)


def _counted(*conditions: ColumnElement[bool]) -> Subquery:
    listed_in = listed(bindparam("workspace_id"))
    return select(literal(1)).where(*listed_in, *conditions).limit(bindparam("most", type_=Integer)).subquery()


# Made once, as each look at the list asks for them: to make them takes longer than to count.
_COUNTS = union_all(
    *(
        select(literal(view.value), func.count()).select_from(_counted(*in_view(view, bindparam("reader_id"))))
        for view in View
    )
)
_WAITING = select(func.count()).select_from(_counted(*_awake(State.WAITING)))
