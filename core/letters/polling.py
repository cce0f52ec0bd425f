"""Mailboxes that are read by IMAP: every few minutes, each mail once."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from core import jobs
from core.clock import utc_now
from core.errors import Invalid
from core.letters import arriving, mailboxes, services
from gateways.outgoing import OutgoingRefused
from gateways.outgoing.imap import Account, Found, ImapFailed, Place, new_mails
from models import db
from models.jobs import Job
from models.letters import Mailbox, MailboxKind

POLL = "mailbox"
"""The job that reads one mailbox."""
_EVERY = timedelta(minutes=2)
_MOST_AT_ONCE = 50

Reader = Callable[[Account, Place], Iterator[Found]]


def start_due(*, now: datetime) -> None:
    """Have those mailboxes read that were not for a while."""
    due = db.session.scalars(
        select(Mailbox)
        .where(
            Mailbox.kind == MailboxKind.IMAP,
            or_(Mailbox.last_read_at.is_(None), Mailbox.last_read_at < now - _EVERY),
        )
        .order_by(Mailbox.last_read_at)
        .limit(_MOST_AT_ONCE)
    ).all()
    for mailbox in due:
        jobs.start(mailbox.workspace_id, POLL, mailbox.id, now=now)


def run(job: Job, *, allow_private: bool) -> None:
    """Read one mailbox."""
    read(job.subject_id, lambda account, since: new_mails(account, since, allow_private=allow_private))


def read(mailbox_id: uuid.UUID, reader: Reader) -> None:
    """Take what is new in a mailbox. How far it was read is stored after each mail: a crash repeats one at the most,
    which is known by its name."""
    mailbox = db.session.get(Mailbox, mailbox_id)
    if mailbox is None or mailbox.kind is not MailboxKind.IMAP:
        return
    account, since = _account(mailbox), _place(mailbox)
    db.session.commit()
    problem = None
    try:
        for found in reader(account, since):
            mailbox = db.session.get(Mailbox, mailbox_id, populate_existing=True)
            if mailbox is None:
                return
            if found.content is not None:
                # One that cannot be read is passed over: it must not keep those behind it waiting for ever.
                with suppress(Invalid):
                    arriving.take(mailbox, services.from_raw(found.content), now=utc_now())
            mailboxes.note_read(
                mailbox, now=utc_now(), problem=problem, validity=found.place.validity, last=found.place.last
            )
    except (ImapFailed, OutgoingRefused) as error:
        problem = str(error)
    mailbox = db.session.get(Mailbox, mailbox_id, populate_existing=True)
    if mailbox is not None:
        mailboxes.note_read(mailbox, now=utc_now(), problem=problem)


def _account(mailbox: Mailbox) -> Account:
    told = mailbox.settings
    return Account(told["host"], told["user"], mailboxes.secret_of(mailbox), told["folder"], told["port"])


def _place(mailbox: Mailbox) -> Place:
    return Place(mailbox.settings.get("validity", 0), mailbox.settings.get("last", 0))
