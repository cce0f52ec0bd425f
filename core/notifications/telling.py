"""Hears what happens with conversations, and tells the teammates whom it concerns."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import select, update

from core import teammates
from core.notifications.kinds import Kind
from core.notifications.seeing import announce, see
from core.occurrences import Kind as Happened
from core.occurrences import Occurrence
from core.permissions import Permission
from gateways.queue import current_queue
from models import after_commit, db
from models.conversations import State
from models.inbox import Rating, TeamMember
from models.notifications import Notification

HEARD = frozenset(
    {
        Happened.ASSIGNED,
        Happened.LATE,
        Happened.NOTED,
        Happened.RATED,
        Happened.RECEIVED,
        Happened.REQUESTED,
        Happened.RESOLVED,
        Happened.RETURNED,
        Happened.SENT,
    }
)
"""What `tell` wants to hear."""

TASK = "notification"
"""The queue's task that pushes one."""

_BURST = timedelta(minutes=2)
"""Who was told of a conversation a moment ago is not told again of the same."""
_BAD = 2
_SETTLED_BY = frozenset({Happened.ASSIGNED, Happened.RESOLVED, Happened.RETURNED})


def tell(occurrence: Occurrence) -> None:
    """Put what happened beneath the bells of those whom it concerns, and have it pushed; nobody is told of what they
    have done themselves."""
    _settle(occurrence)
    found = _concerned(occurrence)
    if found is None:
        return
    kind, concerned = found
    whom = {number for number in concerned if occurrence.by is None or number != occurrence.by.id}
    if whom:
        _put(kind, whom, occurrence)


def _concerned(occurrence: Occurrence) -> tuple[Kind, Collection[uuid.UUID]] | None:
    known = _CONCERNED.get(occurrence.kind)
    return (known[0], known[1](occurrence)) if known is not None else None


def _who_has_it(occurrence: Occurrence) -> Collection[uuid.UUID]:
    # Each message passes here: nothing is asked of the database to find out that nobody has the conversation.
    conversation = occurrence.conversation
    has_person = conversation.state is State.PERSON and conversation.teammate_id is not None
    return [conversation.teammate_id] if has_person and conversation.teammate_id else []


def _who_can_help(occurrence: Occurrence) -> Collection[uuid.UUID]:
    owner = occurrence.conversation.teammate_id
    return [owner] if owner is not None else _who_may_answer(occurrence)


def _who_was_called(occurrence: Occurrence) -> Collection[uuid.UUID]:
    return [uuid.UUID(number) for number in occurrence.details.get("mentioned", ())]


def _who_may_answer(occurrence: Occurrence) -> Collection[uuid.UUID]:
    conversation = occurrence.conversation
    if conversation.team_id is not None and (members := _members(conversation.team_id)):
        return members
    return [teammate.id for teammate in teammates.who_may(conversation.workspace_id, Permission.ANSWER)]


def _given_to(occurrence: Occurrence) -> Collection[uuid.UUID]:
    conversation = occurrence.conversation
    if conversation.teammate_id is not None:
        return [conversation.teammate_id]
    return _members(conversation.team_id) if conversation.team_id is not None else []


def _members(team_id: uuid.UUID) -> Collection[uuid.UUID]:
    return db.session.scalars(select(TeamMember.teammate_id).where(TeamMember.team_id == team_id)).all()


def _who_was_rated_badly(occurrence: Occurrence) -> Collection[uuid.UUID]:
    """Who had answered, else those who run the workspace."""
    conversation = occurrence.conversation
    if occurrence.details["score"] > _BAD:
        return []
    latest = select(Rating.teammate_id).where(Rating.conversation_id == conversation.id, Rating.rated_at.is_not(None))
    owner = db.session.scalar(latest.order_by(Rating.rated_at.desc()).limit(1))
    if owner is not None:
        return [owner]
    return [teammate.id for teammate in teammates.who_may(conversation.workspace_id, Permission.MANAGE_TEAM)]


_CONCERNED: Mapping[Happened, tuple[Kind, Callable[[Occurrence], Collection[uuid.UUID]]]] = MappingProxyType(
    {
        Happened.RECEIVED: (Kind.MESSAGE, _who_has_it),
        Happened.REQUESTED: (Kind.WAITING, _who_may_answer),
        Happened.ASSIGNED: (Kind.ASSIGNED, _given_to),
        Happened.NOTED: (Kind.MENTION, _who_was_called),
        Happened.LATE: (Kind.LATE, _who_can_help),
        Happened.RATED: (Kind.RATED_BADLY, _who_was_rated_badly),
    }
)


def _settle(occurrence: Occurrence) -> None:
    """Nobody has to look after what somebody has taken care of."""
    conversation = occurrence.conversation
    if occurrence.by is not None and occurrence.kind in _SETTLED_BY | {Happened.SENT}:
        see(conversation.id, occurrence.by, now=occurrence.at)
    if occurrence.kind not in _SETTLED_BY:
        return
    settled = db.session.scalars(
        update(Notification)
        .where(
            Notification.conversation_id == conversation.id,
            Notification.kind.in_((Kind.WAITING.value, Kind.LATE.value)),
            Notification.seen_at.is_(None),
        )
        .values(seen_at=occurrence.at)
        .returning(Notification.teammate_id)
        .execution_options(synchronize_session=False)
    ).all()
    after_commit(lambda: _announce(settled))


def _put(kind: Kind, whom: Collection[uuid.UUID], occurrence: Occurrence) -> None:
    known = db.session.scalars(
        select(Notification).where(
            Notification.conversation_id == occurrence.conversation.id,
            Notification.kind == kind.value,
            Notification.teammate_id.in_(whom),
            Notification.seen_at.is_(None),
        )
    )
    by_teammate = {one.teammate_id: one for one in known}
    told = [
        one
        for teammate_id in sorted(whom)
        if (one := _told(by_teammate.get(teammate_id), kind, teammate_id, occurrence)) is not None
    ]
    if not told:
        return
    db.session.flush()
    numbers, conversation_id = [(one.id, one.teammate_id) for one in told], occurrence.conversation.id
    after_commit(lambda: _hand_on(numbers, kind, conversation_id))


def _told(
    known: Notification | None, kind: Kind, teammate_id: uuid.UUID, occurrence: Occurrence
) -> Notification | None:
    if known is not None and occurrence.at - known.created_at < _BURST:
        return None
    if known is not None:
        known.created_at, known.pushed_at = occurrence.at, None
        return known
    made = Notification(
        workspace_id=occurrence.workspace_id,
        teammate_id=teammate_id,
        conversation_id=occurrence.conversation.id,
        kind=kind.value,
        created_at=occurrence.at,
    )
    db.session.add(made)
    return made


def _hand_on(numbers: Iterable[tuple[uuid.UUID, uuid.UUID]], kind: Kind, conversation_id: uuid.UUID) -> None:
    for number, teammate_id in numbers:
        announce(teammate_id, rings=kind.value, conversation=str(conversation_id))
        current_queue().add(TASK, number.hex)


def _announce(whom: Iterable[uuid.UUID]) -> None:
    for teammate_id in set(whom):
        announce(teammate_id)
