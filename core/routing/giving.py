"""Who gets a conversation that waits for a person: somebody who is there and has room for it, or nobody yet.

Nothing is given while a request is being answered: what happens asks for a job, and a sweep each minute finds what
nobody has asked for. Both take one workspace at a time, so that nobody ever gets more than they can have.
"""

import enum
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from core import availabilities, conversations, inbox_settings, jobs
from core.apart import apart
from core.clock import utc_now
from core.conversations import storing
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind, Occurrence
from core.routing import choosing
from core.routing.choosing import Present
from models import db, transaction
from models.conversations import Conversation, Message, Priority, Sender, State
from models.inbox import InboxSettings, Team
from models.jobs import Job
from models.teammates import Teammate, Workspace

JOB = "route"
"""The kind of job that gives the conversations of a workspace to those who are there."""
KINDS = frozenset({Kind.REQUESTED, Kind.ASSIGNED, Kind.RETURNED, Kind.RESOLVED, Kind.SNOOZED, Kind.WOKEN})
"""What `follow` wants to hear of: more to be given, or more room for it."""
MINUTES = (0, 2, 3, 5, 10, 15, 30, 60)
"""After how many a conversation may go on to somebody else; 0: never."""

_AT_ONCE = 200
_MOMENT = timedelta(microseconds=1)
_PRESSING = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


class Mode(enum.StrEnum):
    """How it is decided who gets the next one."""

    OFF = "off"
    """Nobody gets any; who likes takes one."""
    TURNS = "turns"
    """Whoever got the last one longest ago."""
    LEAST = "least"
    """Whoever has the fewest."""


@dataclass(frozen=True)
class Rules:
    """What a workspace has decided about who answers."""

    mode: Mode = Mode.OFF
    minutes: int = 5
    """After how many a conversation that nobody has answered goes on to somebody else: one of `MINUTES`."""


def of(workspace_id: uuid.UUID) -> Rules:
    """The rules of a workspace."""
    return _read(inbox_settings.of(workspace_id, "routing"))


def change(workspace: Workspace, rules: Rules, *, by: Teammate, now: datetime) -> None:
    """Store the rules, and give what waits by them.

    Raises:
        Invalid: when the minutes are none that are offered.
    """
    if rules.minutes not in MINUTES:
        raise Invalid("Choose one of the times that are offered.")
    values = {"mode": rules.mode.value, "minutes": rules.minutes}
    with transaction():
        inbox_settings.change(workspace, "routing", values, action="routing.change", by=by, now=now)
        if rules.mode is not Mode.OFF:
            jobs.start(workspace.id, JOB, workspace.id, now=now)


def follow(occurrence: Occurrence) -> None:
    """Keep in mind who has had a conversation, and have looked again at what waits; inside its transaction."""
    conversation = occurrence.conversation
    if occurrence.kind is Kind.REQUESTED:
        conversation.given_at, conversation.given_to = None, []
    if occurrence.kind is Kind.ASSIGNED and conversation.teammate is not None:
        had = [one for one in conversation.given_to or [] if one != str(conversation.teammate.id)]
        conversation.given_at, conversation.given_to = occurrence.at, [*had, str(conversation.teammate.id)]
        if occurrence.by is None:
            # Given by these rules: there is neither more to give nor more room.
            return
    look_again(conversation.workspace_id, now=occurrence.at)


def look_again(workspace_id: uuid.UUID, *, now: datetime) -> None:
    """Have looked at what waits, where routing is on."""
    if of(workspace_id).mode is not Mode.OFF:
        jobs.start(workspace_id, JOB, workspace_id, now=now)


def note_active(teammate: Teammate, *, now: datetime) -> None:
    """Note that somebody has a page of the admin open; who has just come may get what waits."""
    if availabilities.note_active(teammate, now=now):
        look_again(teammate.workspace_id, now=now)


def run(job: Job) -> None:
    """Give what waits in one workspace."""
    give_waiting(job.workspace_id, now=utc_now())


def sweep(*, now: datetime) -> None:
    """Give what waits in each workspace, and what lies too long with somebody to somebody else."""
    is_on = InboxSettings.routing["mode"].as_string().in_([Mode.TURNS, Mode.LEAST])
    for workspace_id in db.session.scalars(select(InboxSettings.workspace_id).where(is_on)).all():
        with apart("routing", workspace=str(workspace_id)):
            give_waiting(workspace_id, now=now)


def give_waiting(workspace_id: uuid.UUID, *, now: datetime) -> None:
    """Give the conversations of a workspace that nobody has, and those that lie with somebody who does not answer.

    Each goes to somebody who is there, has room and has not had it since the customer asked; where there is none, it
    stays as it is, for everybody to see. So none goes round for ever.
    """
    rules, team = of(workspace_id), choosing.team_of(workspace_id, now=now)
    if rules.mode is Mode.OFF or not team.has_room:
        return
    query = select(Conversation.id).where(*_wants_somebody(workspace_id, rules, team, now=now))
    for conversation_id in db.session.scalars(query.order_by(*_most_pressing_first()).limit(_AT_ONCE)).all():
        # Whoever cannot be given one is given the others all the same.
        with suppress(Conflict, NotFound):
            _give(workspace_id, conversation_id, now=now)


def _give(workspace_id: uuid.UUID, conversation_id: uuid.UUID, *, now: datetime) -> None:
    with transaction():
        # Locked before the conversation, everywhere: two processes give one after the other.
        rules = _read(inbox_settings.lock(workspace_id, now=now).routing)
        conversation = db.session.get(Conversation, conversation_id)
        if rules.mode is Mode.OFF or conversation is None:
            return
        storing.lock(conversation)
        team = choosing.team_of(workspace_id, now=now)
        # Somebody may have answered it, or taken it, since it was found.
        conditions = _wants_somebody(workspace_id, rules, team, now=now)
        if db.session.scalar(select(Conversation.id).where(Conversation.id == conversation_id, *conditions)) is None:
            return
        chosen = team.choose(conversation, takes_turns=rules.mode is Mode.TURNS)
        if chosen is not None:
            asked = db.session.get(Team, conversation.team_id) if conversation.team_id else None
            conversations.assign(conversation, teammate=chosen, team=asked, by=None, now=now)
            availabilities.note_given(chosen, at=max(now, team.given_last + _MOMENT))


def _wants_somebody(
    workspace_id: uuid.UUID, rules: Rules, team: Present, *, now: datetime
) -> list[ColumnElement[bool]]:
    """Waits without anybody, or with somebody who has gone, or lies unanswered for too long."""
    waits, is_left = Conversation.state == State.WAITING, Conversation.teammate_id.not_in(team.ids)
    wanted = [and_(waits, Conversation.teammate_id.is_(None)), and_(waits, is_left)]
    if rules.minutes:
        since = now - timedelta(minutes=rules.minutes)
        wanted.append(and_(waits, func.coalesce(Conversation.given_at, Conversation.waiting_since) <= since))
        said_last = exists().where(
            Message.conversation_id == Conversation.id,
            Message.seq == Conversation.last_seq,
            Message.sender == Sender.CUSTOMER,
        )
        is_silent = and_(Conversation.state == State.PERSON, Conversation.last_message_at <= since, said_last)
        wanted.append(and_(is_silent, is_left))
    return [
        Conversation.workspace_id == workspace_id,
        Conversation.channel != conversations.PREVIEW,
        or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now),
        or_(*wanted),
    ]


def _most_pressing_first() -> tuple[ColumnElement[Any], ...]:
    pressing = case(_PRESSING, value=Conversation.priority, else_=len(_PRESSING))
    since = func.coalesce(Conversation.waiting_since, Conversation.last_message_at)
    return (pressing.asc(), since.asc(), Conversation.id.asc())


def _read(stored: Mapping[str, Any]) -> Rules:
    """What is not understood (it may have come from an archive) is as usual."""
    usual = Rules()
    mode, minutes = stored.get("mode"), stored.get("minutes")
    return Rules(Mode(mode) if mode in list(Mode) else usual.mode, minutes if minutes in MINUTES else usual.minutes)
