"""The views of the inbox: by whose turn it is."""

import enum
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, literal, select, union_all

from core.conversations import PREVIEW
from core.errors import NotFound
from models import db
from models.conversations import Conversation, State
from models.teammates import Teammate, Workspace

COUNTED = 1000
"""Up to here a view is counted: nobody works through more, and counting them all would hold up a big workspace."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
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
    parts = []
    for view in View:
        some = select(literal(1)).where(*listed(workspace), *in_view(view, reader)).limit(COUNTED).subquery()
        parts.append(select(literal(view.value), func.count()).select_from(some))
    return {View(name): number for name, number in db.session.execute(union_all(*parts))}


def waiting_count(workspace: Workspace) -> int:
    """How many customers wait for a person; `COUNTED` stands for as many or more."""
    some = select(literal(1)).where(*listed(workspace), *_awake(State.WAITING)).limit(COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def listed(workspace: Workspace) -> tuple[ColumnElement[bool], ...]:
    """What has a place in the inbox at all: something was said, and it is no teammate's own test."""
    return (
        Conversation.workspace_id == workspace.id,
        Conversation.last_message_at.is_not(None),
        Conversation.channel != PREVIEW,
    )


def in_view(view: View, reader: Teammate) -> tuple[ColumnElement[bool], ...]:
    """What a view holds for the teammate who looks at it."""
    return {
        View.WAITING: _awake(State.WAITING),
        View.MINE: (Conversation.teammate_id == reader.id, *_awake(*FOR_PEOPLE)),
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
