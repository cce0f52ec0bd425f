"""What addresses were told and how it went; telling them again; trying them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Uuid, delete, func, literal, select, tuple_, update

from core import audits
from core.errors import Conflict, NotFound
from core.places import Place
from core.webhooks import payloads, sending
from core.webhooks.kinds import TEST
from models import after_commit, db, new_id, transaction
from models.base import UtcDateTime
from models.teammates import Teammate, Workspace
from models.webhooks import DeliveryStatus, Webhook, WebhookAttempt, WebhookDelivery

PAGE = 50
KEPT = timedelta(days=30)
"""For so long it is known what an address was told, unless the workspace wants it shorter."""

_AT_ONCE = 1_000


@dataclass(frozen=True)
class Page:
    """Some of the deliveries of an address, the latest first."""

    rows: Sequence[WebhookDelivery]
    before: str | None
    """Where the next page begins; None on the last one."""


def deliveries(
    webhook: Webhook, *, status: DeliveryStatus | None = None, before: str | None = None, limit: int = PAGE
) -> Page:
    """A page of what an address was told or is owed.

    Raises:
        Invalid: when `before` is not from us.
    """
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if status is not None:
        query = query.where(WebhookDelivery.status == status)
    if before:
        place = Place.read(before)
        marker = tuple_(literal(place.moment, UtcDateTime()), literal(place.row_id, Uuid()))
        query = query.where(tuple_(WebhookDelivery.created_at, WebhookDelivery.id) < marker)
    latest_first = query.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
    found = db.session.scalars(latest_first.limit(limit + 1)).all()
    rows = found[:limit]
    return Page(rows, Place(rows[-1].created_at, rows[-1].id).written() if len(found) > limit else None)


def counts(webhook: Webhook) -> Mapping[DeliveryStatus, int]:
    """How many deliveries of an address there are of each kind."""
    rows = db.session.execute(
        select(WebhookDelivery.status, func.count())
        .where(WebhookDelivery.webhook_id == webhook.id)
        .group_by(WebhookDelivery.status)
    )
    return dict.fromkeys(DeliveryStatus, 0) | {DeliveryStatus(status): count for status, count in rows}


def find_delivery(webhook: Webhook, delivery_id: uuid.UUID) -> WebhookDelivery:
    """One delivery of an address.

    Raises:
        NotFound: also for those of others.
    """
    found = db.session.get(WebhookDelivery, delivery_id)
    if found is None or found.webhook_id != webhook.id:
        raise NotFound("There is no such delivery. Old ones are cleared.")
    return found


def attempts_of(delivery: WebhookDelivery) -> Sequence[WebhookAttempt]:
    """Each try to tell it, the first one first."""
    return db.session.scalars(
        select(WebhookAttempt)
        .where(WebhookAttempt.delivery_id == delivery.id)
        .order_by(WebhookAttempt.created_at, WebhookAttempt.id)
    ).all()


def test(webhook: Webhook, *, by: Teammate | None, now: datetime) -> WebhookDelivery:
    """Send an address something that has not happened.

    Raises:
        Conflict: while it is switched off.
    """
    _refuse_off(webhook)
    workspace = db.session.get_one(Workspace, webhook.workspace_id)
    sent = WebhookDelivery(
        workspace_id=webhook.workspace_id,
        webhook_id=webhook.id,
        event_id=new_id(),
        kind=TEST,
        body=payloads.of_test(workspace, by, now=now),
        next_try_at=now,
        created_at=now,
    )
    with transaction():
        db.session.add(sent)
        after_commit(lambda: sending.wake([webhook.id]))
    return sent


def replay(delivery: WebhookDelivery, *, by: Teammate | None, now: datetime) -> None:
    """Send it again, with the id that it had: whoever has taken it already knows it by that.

    Raises:
        Conflict: while its address is switched off.
    """
    _refuse_off(delivery.webhook)
    with transaction():
        _again(delivery.webhook, WebhookDelivery.id == delivery.id, now=now)
        _note(delivery.webhook, 1, by=by, now=now)
    db.session.refresh(delivery)


def replay_failed(webhook: Webhook, *, by: Teammate | None, now: datetime) -> int:
    """Send all again that could not be delivered.

    Returns:
        how many they are.

    Raises:
        Conflict: while the address is switched off.
    """
    _refuse_off(webhook)
    with transaction():
        count = _again(webhook, WebhookDelivery.status == DeliveryStatus.FAILED, now=now)
        if count:
            _note(webhook, count, by=by, now=now)
    return count


def clear_old(*, now: datetime) -> None:
    """Forget deliveries that are over and old, in small parts."""
    old = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.status != DeliveryStatus.WAITING, WebhookDelivery.next_try_at < now - KEPT)
        .limit(_AT_ONCE)
    )
    while ids := db.session.scalars(old).all():
        with transaction():
            db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)))


def _again(webhook: Webhook, condition: object, *, now: datetime) -> int:
    begun = db.session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.webhook_id == webhook.id,
            WebhookDelivery.status != DeliveryStatus.WAITING,
            condition,  # type: ignore[arg-type]
        )
        .values(status=DeliveryStatus.WAITING, attempts=0, next_try_at=now, finished_at=None)
        .execution_options(synchronize_session=False)
    )
    after_commit(lambda: sending.wake([webhook.id]))
    return int(begun.rowcount)  # type: ignore[attr-defined]


def _refuse_off(webhook: Webhook) -> None:
    if not webhook.is_on:
        raise Conflict("It is switched off. Switch it on first.")


def _note(webhook: Webhook, count: int, *, by: Teammate | None, now: datetime) -> None:
    subject = ("webhook", webhook.id, webhook.name)
    audits.record(webhook.workspace_id, "webhook.replay", by=by, subject=subject, after={"sent again": count}, now=now)
