"""What is to be pushed and mailed now."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from core.notifications.choices import Choices, Pace, lock, of, read
from core.notifications.kinds import Kind, Way
from gateways.queue import current_queue
from models import db, transaction
from models.conversations import Conversation
from models.notifications import Notification
from models.teammates import Teammate

_TASK = "notification"
_LATE_FOR_PUSH = timedelta(minutes=10)
"""What is older does not make anybody's telephone buzz any more."""
_LOST = timedelta(seconds=30)
_SEEN_FIRST = timedelta(minutes=2)
"""For so long somebody may see by themselves what happened, before a mail tells it."""
_BETWEEN_MAILS = timedelta(minutes=5)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OLDEST = timedelta(days=3)
_MORNING = 8
_AT_ONCE = 500


@dataclass(frozen=True)
class Letter:
    """What a teammate is mailed about: all that they have not seen, the oldest first."""

    teammate: Teammate
    notifications: Sequence[Notification]


def claim_push(notification_id: uuid.UUID, *, now: datetime) -> Notification | None:
    """Take a notification on to be pushed; one is taken on once.

    Returns:
        None when somebody has seen or pushed it, it is too old, or its teammate does not want it now.
    """
    with transaction():
        taken = db.session.scalar(
            update(Notification)
            .where(
                Notification.id == notification_id,
                Notification.pushed_at.is_(None),
                Notification.seen_at.is_(None),
                Notification.created_at > now - _LATE_FOR_PUSH,
            )
            .values(pushed_at=now)
            .returning(Notification.id)
            .execution_options(synchronize_session=False)
        )
    found = db.session.get(Notification, notification_id, populate_existing=True) if taken else None
    if found is None or not of(found.teammate_id).wants(Kind(found.kind), Way.PUSH, now):
        return None
    return found


def requeue_overdue(*, now: datetime) -> None:
    """Put back what was to be pushed and then lost."""
    overdue = db.session.scalars(
        select(Notification.id)
        .where(
            Notification.pushed_at.is_(None),
            Notification.seen_at.is_(None),
            Notification.created_at.between(now - _LATE_FOR_PUSH, now - _LOST),
        )
        .limit(_AT_ONCE)
    ).all()
    for notification_id in overdue:
        current_queue().add(_TASK, notification_id.hex)


def due_letters(*, now: datetime) -> Iterator[Letter]:
    """What is to be mailed now, teammate by teammate; each is locked until the caller's transaction ends.

    The caller opens a transaction for each, and calls `mailed` in it.
    """
    waiting = db.session.scalars(
        select(Notification)
        .join(Teammate, Teammate.id == Notification.teammate_id)
        .where(
            Notification.seen_at.is_(None),
            Notification.mailed_at.is_(None),
            Notification.created_at.between(now - _OLDEST, now - _SEEN_FIRST),
            Teammate.removed_at.is_(None),
        )
        .options(joinedload(Notification.conversation).joinedload(Conversation.customer))
        .order_by(Notification.teammate_id, Notification.created_at)
        .limit(_AT_ONCE)
    ).all()
    for teammate_id, found in groupby(waiting, key=lambda one: one.teammate_id):
        choices = of(teammate_id)
        wanted = [one for one in found if choices.wants(Kind(one.kind), Way.MAIL, now)]
        if wanted and _is_time(choices, now):
            yield Letter(db.session.get_one(Teammate, teammate_id), wanted)


def mailed(letter: Letter, *, now: datetime) -> bool:
    """Note that a letter goes out, in the transaction that sends it.

    Returns:
        whether it is to be sent: false when somebody else was faster.
    """
    row = lock(letter.teammate, now=now)
    if not _is_time(read(row), now):
        return False
    row.last_digest_at = now
    _mark_mailed((one.id for one in letter.notifications), now=now)
    return True


def to_mail_at_once(team: Iterable[Teammate], conversation: Conversation, *, now: datetime) -> list[Teammate]:
    """Those of a team who want a mail at once when a customer waits; what they are told then is noted as mailed."""
    wanting = [
        teammate
        for teammate in team
        if (choices := of(teammate.id)).pace is Pace.AT_ONCE and choices.wants(Kind.WAITING, Way.MAIL, now)
    ]
    told = select(Notification.id).where(
        Notification.conversation_id == conversation.id,
        Notification.kind == Kind.WAITING.value,
        Notification.teammate_id.in_([teammate.id for teammate in wanting]),
    )
    _mark_mailed(db.session.scalars(told), now=now)
    return wanting


def _mark_mailed(numbers: Iterable[uuid.UUID], *, now: datetime) -> None:
    """Note that a mail has told these."""
    wanted = list(numbers)
    db.session.execute(update(Notification).where(Notification.id.in_(wanted)).values(mailed_at=now))


def _is_time(choices: Choices, now: datetime) -> bool:
    last = choices.last_mail_at
    if choices.pace is Pace.AT_ONCE:
        return last is None or now - last >= _BETWEEN_MAILS
    if choices.pace is Pace.HOURLY:
        return last is None or now - last >= _HOUR
    local = now.astimezone(ZoneInfo(choices.time_zone))
    morning = local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    if morning > local:
        morning -= _DAY
    return last is None or last < morning
