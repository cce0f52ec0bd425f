"""Mails that the product sends. The row is the truth; the task only says which row."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update

from core.clock import utc_now
from core.signing import seal, unseal
from gateways.mails import send_mail
from gateways.queue import current_queue
from models import after_commit, db, transaction
from models.customers import Customer
from models.mails import Mail, MailStatus

log = structlog.get_logger()

_LEASE = timedelta(minutes=2)
_ATTEMPTS = 6
_KEPT = timedelta(days=7)


def send(
    kind: str,
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    about: Customer | None = None,
    sender_name: str = "",
    headers: Mapping[str, str] | None = None,
) -> Mail:
    """Send a mail as soon as this transaction has happened, and again while the server does not take it.

    Args:
        kind: what it is about, for the log: its words and its address never stand there.
        about: the customer it speaks of, with whom it is erased.
        sender_name: who it is from, where that is not Porchlight itself.
        headers: further header fields, such as Reply-To.
    """
    content = json.dumps(
        {
            "to": to,
            "subject": subject,
            "text": text,
            "html": html,
            "sender_name": sender_name,
            "headers": dict(headers or {}),
        }
    )
    with transaction():
        mail = Mail(kind=kind, sealed=seal(content.encode()), created_at=now, next_try_at=now)
        mail.customer_id = about.id if about else None
        db.session.add(mail)
        db.session.flush()
        after_commit(lambda: current_queue().add("mail", mail.id.hex))
    return mail


def deliver(mail_id: str) -> None:
    """Send one mail now, unless it is sent already or somebody else is at it."""
    mail = _claim(uuid.UUID(mail_id), now=utc_now())
    if mail is None or mail.sealed is None:
        return
    sealed = mail.sealed
    db.session.commit()
    try:
        send_mail(**json.loads(unseal(sealed)))
    except Exception as error:
        # Whatever it is, it is not this mail's last chance, and its words must not end up in the log.
        what = {"kind": mail.kind, "mail": str(mail.id), "attempt": mail.attempts}
        log.warning("mail_not_sent", **what, error=type(error).__name__)
        _put_off(mail, error, now=utc_now())
        return
    with transaction():
        mail.status, mail.sent_at, mail.sealed, mail.problem = MailStatus.SENT, utc_now(), None, None


def requeue_overdue(*, now: datetime) -> None:
    """Put mails back that were asked for, or put off, and then lost."""
    overdue = db.session.scalars(
        select(Mail.id).where(Mail.status == MailStatus.WAITING, Mail.next_try_at < now).limit(100)
    ).all()
    for mail_id in overdue:
        current_queue().add("mail", mail_id.hex)


def clear_old(*, now: datetime) -> None:
    """Forget that mails were sent, or could not be."""
    with transaction():
        db.session.execute(delete(Mail).where(Mail.status != MailStatus.WAITING, Mail.created_at < now - _KEPT))


def _claim(mail_id: uuid.UUID, *, now: datetime) -> Mail | None:
    with transaction():
        taken = db.session.scalar(
            update(Mail)
            .where(Mail.id == mail_id, Mail.status == MailStatus.WAITING, Mail.next_try_at <= now)
            .values(next_try_at=now + _LEASE, attempts=Mail.attempts + 1)
            .returning(Mail.id)
            .execution_options(synchronize_session=False)
        )
    return db.session.get(Mail, mail_id, populate_existing=True) if taken else None


def _put_off(mail: Mail, error: Exception, *, now: datetime) -> None:
    with transaction():
        mail.problem = type(error).__name__
        mail.next_try_at = now + timedelta(seconds=15 * 2**mail.attempts)
        if mail.attempts >= _ATTEMPTS:
            mail.status, mail.sealed = MailStatus.FAILED, None
