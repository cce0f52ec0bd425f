"""What a workspace does not keep for ever: counted before it is decided, and cleared once a night."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core import attachments, audits, erasures, jobs, privacy_settings
from core.clock import utc_now
from core.privacy_settings import Retention
from models import after_commit, db, transaction
from models.agents import Event
from models.audits import AuditEntry
from models.conversations import Conversation
from models.customers import Customer
from models.inbox import Note, Rating
from models.jobs import Job
from models.privacy import PrivacySettings
from models.search_texts import forget_deleted
from models.teammates import Workspace
from models.webhooks import WebhookDelivery

CLEAR = "retention"
"""The kind of job that clears a workspace."""

_AT_NIGHT = 3
"""The hour, in UTC, from which on it is done."""
_AT_ONCE = 200


@dataclass(frozen=True)
class _Thing:
    """One of the things that are kept for a number of days."""

    key: InstrumentedAttribute[uuid.UUID]
    workspace: InstrumentedAttribute[uuid.UUID]
    moment: ColumnElement[Any] | InstrumentedAttribute[Any]
    """What its age is counted from."""
    clear: Callable[[list[uuid.UUID], datetime], None]


def due(workspace_id: uuid.UUID, retention: Retention, *, now: datetime) -> dict[str, int]:
    """How much of each thing would be cleared tonight, were this decided."""
    return {
        name: db.session.scalar(
            select(func.count()).select_from(thing.key.class_).where(*_too_old(thing, workspace_id, days, now=now))
        )
        or 0
        for name, thing, days in _limited(retention)
    }


def start_due(*, now: datetime) -> None:
    """Have each workspace cleared that keeps something for a number of days, once a night."""
    if now.hour < _AT_NIGHT:
        return
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    done_tonight = exists().where(
        Job.kind == CLEAR, Job.subject_id == PrivacySettings.workspace_id, Job.created_at >= midnight
    )
    limits = [getattr(PrivacySettings, name) for name in Retention().as_json()]
    waiting = db.session.scalars(
        select(PrivacySettings.workspace_id).where(or_(*(days.is_not(None) for days in limits)), ~done_tonight)
    ).all()
    for workspace_id in waiting:
        jobs.start(workspace_id, CLEAR, workspace_id, now=now)


def clear(job: Job) -> None:
    """Clear one workspace, in small parts, and note once how much it was."""
    now = utc_now()
    retention = privacy_settings.of(job.workspace_id).retention
    total = sum(due(job.workspace_id, retention, now=now).values())
    cleared: dict[str, int] = {}
    for name, thing, days in _limited(retention):
        cleared[name] = 0
        while part := _part(thing, job.workspace_id, days, now=now):
            thing.clear(part, now)
            cleared[name] += len(part)
            jobs.progress(job, done=sum(cleared.values()), total=total)
    if any(cleared.values()):
        workspace = db.session.get_one(Workspace, job.workspace_id)
        subject = ("workspace", workspace.id, workspace.name)
        audits.record(workspace.id, "retention.clear", by=None, subject=subject, after=cleared, now=now)


def _limited(retention: Retention) -> list[tuple[str, _Thing, int]]:
    limits = retention.as_json()
    return [(name, thing, days) for name, thing in _THINGS.items() if (days := limits[f"{name}_days"]) is not None]


def _too_old(thing: _Thing, workspace_id: uuid.UUID, days: int, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return thing.workspace == workspace_id, thing.moment < now - timedelta(days=days)


def _part(thing: _Thing, workspace_id: uuid.UUID, days: int, *, now: datetime) -> list[uuid.UUID]:
    wanted = select(thing.key).where(*_too_old(thing, workspace_id, days, now=now)).limit(_AT_ONCE)
    return list(db.session.scalars(wanted))


def _clear_conversations(ids: list[uuid.UUID], _now: datetime) -> None:
    # Messages, originals, answers and the sessions in them refer to the conversation, and go with it.
    with transaction():
        files = attachments.ids_of(ids)
        after_commit(lambda: attachments.delete_files(files))
        db.session.execute(delete(Job).where(Job.subject_id.in_(ids)))
        db.session.execute(delete(Conversation).where(Conversation.id.in_(ids)))
        forget_deleted(db.session.connection())
        db.session.expire_all()


def _clear_customers(ids: list[uuid.UUID], now: datetime) -> None:
    # Each by itself: what speaks of one customer lies in many places.
    for customer_id in ids:
        customer = db.session.get(Customer, customer_id)
        if customer is not None:
            erasures.remove(customer, now=now)
    with transaction():
        forget_deleted(db.session.connection())


def _clear_rows(key: InstrumentedAttribute[uuid.UUID]) -> Callable[[list[uuid.UUID], datetime], None]:
    def clear_rows(ids: list[uuid.UUID], _now: datetime) -> None:
        with transaction():
            db.session.execute(delete(key.class_).where(key.in_(ids)))

    return clear_rows


_THINGS: Mapping[str, _Thing] = MappingProxyType(
    {
        "conversation": _Thing(
            Conversation.id,
            Conversation.workspace_id,
            func.coalesce(Conversation.last_message_at, Conversation.created_at),
            _clear_conversations,
        ),
        "customer": _Thing(Customer.id, Customer.workspace_id, Customer.last_seen_at, _clear_customers),
        "event": _Thing(Event.id, Event.workspace_id, Event.created_at, _clear_rows(Event.id)),
        "audit": _Thing(AuditEntry.id, AuditEntry.workspace_id, AuditEntry.created_at, _clear_rows(AuditEntry.id)),
        "note": _Thing(Note.id, Note.workspace_id, Note.created_at, _clear_rows(Note.id)),
        "rating": _Thing(Rating.id, Rating.workspace_id, Rating.asked_at, _clear_rows(Rating.id)),
        "delivery": _Thing(
            WebhookDelivery.id,
            WebhookDelivery.workspace_id,
            WebhookDelivery.created_at,
            _clear_rows(WebhookDelivery.id),
        ),
    }
)
