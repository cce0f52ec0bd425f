"""How soon customers should be answered and helped: until when, whether it is late, and telling of it once."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core import business_hours, inbox_settings, occurrences, widget_configs
from core.apart import apart
from core.changes import Change
from core.conversations import storing
from core.errors import Invalid, NotFound
from core.occurrences import Kind, Occurrence
from core.widget_configs import Hours
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation, Priority, State
from models.inbox import ConversationChange
from models.teammates import Teammate, Workspace

ANSWER, RESOLUTION = "answer", "resolution"
MOST_MINUTES = 60 * 24 * 60
KINDS = frozenset({Kind.REQUESTED, Kind.SENT, Kind.RETURNED, Kind.RESOLVED, Kind.ASSIGNED, Kind.CHANGED, Kind.WOKEN})
"""What `follow` wants to hear of."""

_AT_ONCE = 200
_CLOSE_ANSWER, _CLOSE_RESOLUTION = timedelta(minutes=15), timedelta(hours=2)
_OPEN = (State.WAITING, State.PERSON)
_ENDS_OF_SNOOZES = (Change.WOKEN, Change.RETURNED, Change.RESOLVED)
_ANSWERS: Mapping[Priority, int | None] = {
    Priority.LOW: 480,
    Priority.NORMAL: 60,
    Priority.HIGH: 30,
    Priority.URGENT: 10,
}
_RESOLUTIONS: Mapping[Priority, int | None] = {
    Priority.LOW: 5 * 1_440,
    Priority.NORMAL: 2 * 1_440,
    Priority.HIGH: 1_440,
    Priority.URGENT: 240,
}


@dataclass(frozen=True)
class Targets:
    """What a workspace wants to reach, in minutes by priority; None: nothing is wanted."""

    is_on: bool = False
    in_business_hours: bool = True
    """Whether only minutes count in which people are there; else those of nights and holidays do, too."""
    answer: Mapping[Priority, int | None] = field(default_factory=lambda: _ANSWERS)
    resolution: Mapping[Priority, int | None] = field(default_factory=lambda: _RESOLUTIONS)


@dataclass(frozen=True)
class Clock:
    """What is to be reached next in a conversation."""

    what: str
    """`ANSWER` or `RESOLUTION`."""
    due_at: datetime
    is_late: bool
    is_close: bool
    """Whether it is nearly late."""


def of(workspace_id: uuid.UUID) -> Targets:
    """The targets of a workspace."""
    stored = inbox_settings.of(workspace_id, "targets")
    usual = Targets()
    return Targets(
        is_on=bool(stored.get("is_on", usual.is_on)),
        in_business_hours=bool(stored.get("in_business_hours", usual.in_business_hours)),
        answer=_by_priority(stored.get(ANSWER), usual.answer),
        resolution=_by_priority(stored.get(RESOLUTION), usual.resolution),
    )


def change(workspace: Workspace, targets: Targets, *, by: Teammate, now: datetime) -> None:
    """Store the targets; they hold for conversations that ask for a person from now on.

    Raises:
        Invalid: when a number cannot be meant.
    """
    for minutes in (*targets.answer.values(), *targets.resolution.values()):
        if not _can_be_meant(minutes):
            raise Invalid("Write a time from 1 minute to 60 days, or leave the field empty.")
    values = {
        "is_on": targets.is_on,
        "in_business_hours": targets.in_business_hours,
        ANSWER: {priority.value: targets.answer[priority] for priority in Priority},
        RESOLUTION: {priority.value: targets.resolution[priority] for priority in Priority},
    }
    with transaction():
        inbox_settings.change(workspace, "targets", values, action="targets.change", by=by, now=now)
        if not targets.is_on:
            _stop_clocks(workspace)


def _stop_clocks(workspace: Workspace) -> None:
    is_running = or_(Conversation.answer_due_at.is_not(None), Conversation.resolution_due_at.is_not(None))
    db.session.execute(
        update(Conversation)
        .where(Conversation.workspace_id == workspace.id, is_running)
        .values(answer_due_at=None, resolution_due_at=None)
    )


def follow(occurrence: Occurrence) -> None:
    """Keep the times of a conversation in step with what happens in it; inside the transaction of that."""
    conversation, now = occurrence.conversation, occurrence.at
    match occurrence.kind:
        case Kind.REQUESTED:
            conversation.requested_at, conversation.first_answered_at = now, None
            conversation.alerted_at = conversation.answer_due_at = conversation.resolution_due_at = None
            _set_due(conversation, since=now)
        case Kind.SENT if occurrence.by is not None and conversation.first_answered_at is None:
            conversation.first_answered_at = now
        case Kind.ASSIGNED if conversation.state is State.PERSON and conversation.resolution_due_at is None:
            # Somebody has stepped in whom nobody had called; how long a customer waits is not known from that.
            conversation.alerted_at = None
            _set_due(conversation, since=now)
        case Kind.RETURNED | Kind.RESOLVED:
            conversation.answer_due_at = conversation.resolution_due_at = None
        case Kind.CHANGED if "priority" in occurrence.details and conversation.state in _OPEN:
            _set_due(conversation, since=conversation.requested_at or now)
        case Kind.WOKEN if conversation.answer_due_at or conversation.resolution_due_at:
            _go_on(conversation, now=now)


def clock_of(conversation: Conversation, *, now: datetime) -> Clock | None:
    """What is to be reached next, for a list and above a thread; nothing where nothing is to be, or it is snoozed."""
    if conversation.state not in _OPEN or (conversation.snoozed_until and conversation.snoozed_until > now):
        return None
    if conversation.first_answered_at is None and conversation.answer_due_at is not None:
        return _clock(ANSWER, conversation.answer_due_at, now=now)
    if conversation.resolution_due_at is not None:
        return _clock(RESOLUTION, conversation.resolution_due_at, now=now)
    return None


def alert_late(*, now: datetime) -> None:
    """Tell of everything that has just become late, each once."""
    found = db.session.scalars(
        select(Conversation.id)
        .where(
            or_(
                and_(
                    Conversation.answer_due_at <= now,
                    Conversation.first_answered_at.is_(None),
                    _is_untold(Conversation.answer_due_at),
                ),
                and_(Conversation.resolution_due_at <= now, _is_untold(Conversation.resolution_due_at)),
            ),
            Conversation.state.in_(_OPEN),
            or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now),
        )
        .order_by(Conversation.id)
        .limit(_AT_ONCE)
    ).all()
    for conversation_id in found:
        # Whoever cannot be told of one is told of the others all the same.
        with apart("targets", conversation=str(conversation_id)):
            _alert(conversation_id, now=now)


def _alert(conversation_id: uuid.UUID, *, now: datetime) -> None:
    with transaction(), suppress(NotFound):
        conversation = db.session.get(Conversation, conversation_id)
        if conversation is None:
            return
        # Another process may have told of it, or somebody has answered.
        storing.lock(conversation)
        missed = [
            what for what, due_at in _running(conversation) if due_at <= now and not _was_told(conversation, due_at)
        ]
        if not missed or conversation.state not in _OPEN:
            return
        conversation.alerted_at = now
        occurrences.tell(Occurrence(Kind.LATE, conversation, now, details={"targets": missed}))


def _running(conversation: Conversation) -> Iterator[tuple[str, datetime]]:
    if conversation.answer_due_at is not None and conversation.first_answered_at is None:
        yield ANSWER, conversation.answer_due_at
    if conversation.resolution_due_at is not None:
        yield RESOLUTION, conversation.resolution_due_at


def _was_told(conversation: Conversation, due_at: datetime) -> bool:
    return conversation.alerted_at is not None and conversation.alerted_at >= due_at


def _is_untold(due_at: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    return or_(Conversation.alerted_at.is_(None), Conversation.alerted_at < due_at)


def _set_due(conversation: Conversation, *, since: datetime) -> None:
    targets = of(conversation.workspace_id)
    if not targets.is_on:
        return
    hours = _hours_of(conversation, targets)
    if conversation.requested_at is not None and conversation.first_answered_at is None:
        conversation.answer_due_at = _due(hours, since, targets.answer[conversation.priority])
    conversation.resolution_due_at = _due(hours, since, targets.resolution[conversation.priority])


def _go_on(conversation: Conversation, *, now: datetime) -> None:
    """Give back the time for which it was out of the way."""
    since = _snoozed_since(conversation, now=now)
    hours = _hours_of(conversation, of(conversation.workspace_id))
    for column in ("answer_due_at", "resolution_due_at"):
        due_at = getattr(conversation, column)
        if due_at is not None and due_at > since:
            left = business_hours.open_time(hours, since, due_at)
            setattr(conversation, column, business_hours.after(hours, now, left))


def _snoozed_since(conversation: Conversation, *, now: datetime) -> datetime:
    """When it was put out of the way: by the first of the snoozes that nothing has ended.

    What is resolved or handed back is out of nobody's way, and was not woken.
    """
    rows = db.session.execute(
        select(ConversationChange.kind, ConversationChange.created_at)
        .where(
            ConversationChange.conversation_id == conversation.id,
            ConversationChange.kind.in_([kind.value for kind in (Change.SNOOZED, *_ENDS_OF_SNOOZES)]),
            ConversationChange.created_at < now,
        )
        .order_by(ConversationChange.created_at.desc(), ConversationChange.id.desc())
        .limit(50)
    )
    running = [at for _kind, at in takewhile(lambda row: row.kind == Change.SNOOZED, rows)]
    return running[-1] if running else now


def _due(hours: Hours, since: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else business_hours.after(hours, since, timedelta(minutes=minutes))


def _hours_of(conversation: Conversation, targets: Targets) -> Hours:
    if not targets.in_business_hours:
        return Hours()
    config, _version = widget_configs.published(db.session.get_one(Agent, conversation.agent_id))
    return config.hours


def _clock(what: str, due_at: datetime, *, now: datetime) -> Clock:
    left = due_at - now
    close = _CLOSE_ANSWER if what == ANSWER else _CLOSE_RESOLUTION
    return Clock(what, due_at, is_late=left <= timedelta(0), is_close=timedelta(0) < left <= close)


def _by_priority(stored: Any, usual: Mapping[Priority, int | None]) -> Mapping[Priority, int | None]:
    """What is not understood (it may have come from an archive) is as usual."""
    kept = stored if isinstance(stored, Mapping) else {}
    told = {priority: kept.get(priority.value, usual[priority]) for priority in Priority}
    return {priority: minutes if _can_be_meant(minutes) else usual[priority] for priority, minutes in told.items()}


def _can_be_meant(minutes: object) -> bool:
    return minutes is None or (isinstance(minutes, int) and 1 <= minutes <= MOST_MINUTES)
