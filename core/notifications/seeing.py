"""What stands beneath the bell of a teammate, until they have seen it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import joinedload

from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.conversations import Conversation
from models.notifications import Notification
from models.teammates import Teammate

MOST_SHOWN = 50
_KEPT = timedelta(days=60)


def topic(teammate_id: uuid.UUID) -> str:
    """Where the bus announces that a teammate's notifications have changed."""
    return f"teammate:{teammate_id.hex}"


def unseen(teammate_id: uuid.UUID) -> int:
    """How many a teammate has not seen yet."""
    of_teammate = (Notification.teammate_id == teammate_id, Notification.seen_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Notification).where(*of_teammate)) or 0


def latest(teammate: Teammate) -> Sequence[Notification]:
    """The newest, with those that were seen, the latest first."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.teammate_id == teammate.id)
        .options(joinedload(Notification.conversation).joinedload(Conversation.customer))
        .order_by(Notification.created_at.desc(), Notification.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def see(conversation_id: uuid.UUID, teammate: Teammate, *, now: datetime) -> None:
    """Take what a teammate was told of a conversation from the bell: they look at it, or have answered it."""
    _see(teammate, Notification.conversation_id == conversation_id, now=now)


def see_all(teammate: Teammate, *, now: datetime) -> None:
    _see(teammate, now=now)


def clear_old(*, now: datetime) -> None:
    """Forget what teammates were told long ago."""
    with transaction():
        db.session.execute(delete(Notification).where(Notification.created_at < now - _KEPT))


def announce(teammate_id: uuid.UUID, **note: object) -> None:
    """Tell the open pages of a teammate to look at the bell again."""
    current_bus().publish(topic(teammate_id), {"kind": "notification", **note})


def _see(teammate: Teammate, *conditions: ColumnElement[bool], now: datetime) -> None:
    of_teammate = (Notification.teammate_id == teammate.id, Notification.seen_at.is_(None), *conditions)
    # Mostly there is nothing, and a look at a conversation writes nothing then.
    if db.session.scalar(select(Notification.id).where(*of_teammate).limit(1)) is None:
        return
    with transaction():
        db.session.execute(update(Notification).where(*of_teammate).values(seen_at=now))
        teammate_id = teammate.id
        after_commit(lambda: announce(teammate_id))
