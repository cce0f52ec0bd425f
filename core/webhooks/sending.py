"""Sends what addresses are owed, and again while they do not take it.

The row is the truth. A sender takes one on by moving its next try a minute ahead; when its process dies, the sweep
finds it there (`resume`). Nothing is asked of the network inside a transaction.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import select, update

from core import audits, jobs
from core.clock import utc_now
from core.texts import clean
from core.webhooks import signatures
from gateways.outgoing import Limits, OutgoingError, fetch
from gateways.queue import current_queue
from models import after_commit, db, transaction
from models.webhooks import DeliveryStatus, Webhook, WebhookAttempt, WebhookDelivery

log = structlog.get_logger()

OFF = "webhook_off"
"""The job that tells admins of an address that was switched off; its subject is the webhook."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long after each failure it is tried again: ten tries in a little more than three days."""

PATIENCE = timedelta(days=5)
"""An address that has taken nothing for so long is switched off."""

reach = {"allow_private": False}
_LIMITS = Limits(seconds=15, connect_seconds=5, bytes=16 * 1024, redirects=0)
_LEASE = timedelta(minutes=1)
_LONGEST_WISH = timedelta(days=1)
_KEPT_OF_ANSWER = 1_000
_AT_ONCE = 500
_GONE = 410
_BUSY = (429, 503)
_chance = random.SystemRandom()


@dataclass(frozen=True)
class Outcome:
    """How one try ended."""

    status: int | None
    milliseconds: int
    problem: str | None = None
    answer: str | None = None
    wait: timedelta | None = None
    """How long the receiver asks us to wait."""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def use_dispatcher(dispatch: Callable[[uuid.UUID], None]) -> None:
    """Say where `work` is done for an address: apart from the requests, and for each address apart from the others."""
    global _dispatch  # noqa: PLW0603 - one a process is the point
    _dispatch = dispatch


def _nowhere(_webhook_id: uuid.UUID) -> None:
    """Without a dispatcher, the sweep of a server finds what is owed."""


_dispatch: Callable[[uuid.UUID], None] = _nowhere


def wake(webhook_ids: Iterable[uuid.UUID]) -> None:
    """Have these addresses told what they are owed."""
    for webhook_id in webhook_ids:
        _dispatch(webhook_id)


def resume(*, now: datetime) -> None:
    """Take up what is due: retries, and what a crash lost."""
    due = select(WebhookDelivery.webhook_id).where(
        WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.next_try_at <= now
    )
    wake(db.session.scalars(select(Webhook.id).where(Webhook.is_on, Webhook.id.in_(due)).limit(_AT_ONCE)).all())


def work(webhook_id: uuid.UUID) -> None:
    """Tell one address what is due, the oldest first, until nothing is."""
    while (taken := _claim(webhook_id, now=utc_now())) is not None:
        webhook, delivery = taken
        outcome = _told(webhook, delivery, now=utc_now())
        _settle(webhook_id, delivery.id, outcome, now=utc_now())


def give_up(webhook: Webhook, *, now: datetime) -> None:
    """Send nothing of what it is still owed; called inside a transaction."""
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.status == DeliveryStatus.WAITING)
        .values(status=DeliveryStatus.FAILED, finished_at=now)
        .execution_options(synchronize_session=False)
    )


def _claim(webhook_id: uuid.UUID, *, now: datetime) -> tuple[Webhook, WebhookDelivery] | None:
    with transaction():
        webhook = db.session.get(Webhook, webhook_id, populate_existing=True)
        if webhook is None or not webhook.is_on:
            return None
        delivery = db.session.scalar(
            select(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == webhook_id,
                WebhookDelivery.status == DeliveryStatus.WAITING,
                WebhookDelivery.next_try_at <= now,
            )
            .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if delivery is None:
            return None
        delivery.next_try_at = now + _LEASE
        delivery.attempts += 1
    return webhook, delivery


def _told(webhook: Webhook, delivery: WebhookDelivery, *, now: datetime) -> Outcome:
    """Send it once; never raises, so that whatever happens is written down and tried again."""
    started = time.monotonic()
    try:
        response = fetch(
            webhook.address,
            method="POST",
            headers=signatures.headers(webhook, delivery, now=now),
            body=delivery.body.encode(),
            limits=_LIMITS,
            follows=False,
            cuts=True,
            allow_private=reach["allow_private"],
        )
    except OutgoingError as error:
        return Outcome(None, _since(started), problem=str(error))
    except InvalidTag:
        return Outcome(None, _since(started), problem="Its secret cannot be read any more. Make a new one.")
    except Exception as error:
        log.exception("webhook_interrupted", webhook=str(webhook.id), delivery=str(delivery.id))
        return Outcome(None, _since(started), problem=f"It stopped with {type(error).__name__}.")
    answer = clean(response.body[: 4 * _KEPT_OF_ANSWER].decode("utf-8", "replace"))[:_KEPT_OF_ANSWER]
    wait = _wish(response.headers.get("retry-after", ""), now=now) if response.status in _BUSY else None
    return Outcome(response.status, _since(started), answer=answer or None, wait=wait)


def _settle(webhook_id: uuid.UUID, delivery_id: uuid.UUID, outcome: Outcome, *, now: datetime) -> None:
    with transaction():
        # Always first the address, then what it is owed: so does whoever switches it off.
        webhook = db.session.get(Webhook, webhook_id, with_for_update={"key_share": True}, populate_existing=True)
        delivery = db.session.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)
        if webhook is None or delivery is None:
            return
        db.session.add(
            WebhookAttempt(
                workspace_id=delivery.workspace_id,
                delivery_id=delivery.id,
                status_code=outcome.status,
                milliseconds=outcome.milliseconds,
                problem=outcome.problem,
                answer=outcome.answer,
                created_at=now,
            )
        )
        if outcome.is_taken:
            delivery.status, delivery.finished_at = DeliveryStatus.DELIVERED, now
            webhook.failing_since = None
        else:
            _put_off(webhook, delivery, outcome, now=now)


def _put_off(webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome, *, now: datetime) -> None:
    webhook.failing_since = webhook.failing_since or now
    if delivery.status is DeliveryStatus.WAITING:
        if delivery.attempts > len(PAUSES):
            delivery.status, delivery.finished_at = DeliveryStatus.FAILED, now
        else:
            _try_later(delivery, outcome, now=now)
    if outcome.status == _GONE:
        _switch_off(webhook, "It answered 410: nothing is to be sent there any more.", now=now)
    elif now - webhook.failing_since >= PATIENCE:
        _switch_off(webhook, f"It has taken nothing for {PATIENCE.days} days.", now=now)


def _try_later(delivery: WebhookDelivery, outcome: Outcome, *, now: datetime) -> None:
    pause = PAUSES[delivery.attempts - 1]
    # Those who failed together do not come back together.
    pause += pause * _chance.uniform(0, 0.1)
    pause = max(pause, min(outcome.wait or timedelta(), _LONGEST_WISH))
    delivery.next_try_at = now + pause
    webhook_id, seconds = delivery.webhook_id, pause.total_seconds()
    if seconds < 60:
        # Longer pauses are the sweep's, which comes each minute.
        after_commit(lambda: current_queue().add_later(seconds + 0.1, "webhook", webhook_id.hex))


def _switch_off(webhook: Webhook, why: str, *, now: datetime) -> None:
    if not webhook.is_on:
        return
    webhook.is_on, webhook.problem = False, why
    give_up(webhook, now=now)
    subject = ("webhook", webhook.id, webhook.name)
    audits.record(webhook.workspace_id, "webhook.switched_off", by=None, subject=subject, after={"why": why}, now=now)
    jobs.start(webhook.workspace_id, OFF, webhook.id, now=now)


def _wish(text: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After says (RFC 9110, 10.2.3): seconds, or a moment."""
    if text.strip().isascii() and text.strip().isdigit():
        return timedelta(seconds=min(int(text.strip()[:9]), int(_LONGEST_WISH.total_seconds())))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now, timedelta())


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
