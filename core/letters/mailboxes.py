"""The addresses that customers' answers come in by."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, select

from core import audits
from core.errors import Conflict, Invalid, NotFound
from core.letters.marks import LONGEST_NAME
from core.signing import hash_secret, new_secret, seal, unseal
from models import db, new_id, transaction
from models.letters import Mailbox, MailboxKind
from models.teammates import Teammate, Workspace

MOST = 5
_LONGEST_PROBLEM = 500


@dataclass(frozen=True)
class Wanted:
    """A mailbox as somebody has put it in."""

    kind: MailboxKind
    address: str
    secret: str = field(default="", repr=False)
    """What the service signs with, or the password of the mailbox."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of IMAP: `host`, `port`, `user` and `folder`."""


def listed(workspace: Workspace) -> Sequence[Mailbox]:
    """The mailboxes of a workspace, the oldest first: it is the one that mails name."""
    return db.session.scalars(_of(workspace.id)).all()


def first_of(workspace_id: uuid.UUID) -> Mailbox | None:
    """The mailbox that mails name for an answer."""
    return db.session.scalar(_of(workspace_id).limit(1))


def find(workspace: Workspace, mailbox_id: uuid.UUID) -> Mailbox:
    """A mailbox of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    mailbox = db.session.get(Mailbox, mailbox_id)
    if mailbox is None or mailbox.workspace_id != workspace.id:
        raise NotFound("There is no such address.")
    return mailbox


def by_hook(secret: str) -> Mailbox:
    """The mailbox whose service calls an address with this secret.

    Raises:
        NotFound: when there is none.
    """
    mailbox = db.session.scalar(select(Mailbox).where(Mailbox.hook_hash == hash_secret(secret)))
    if mailbox is None:
        raise NotFound("There is no such address.")
    return mailbox


def add(workspace: Workspace, wanted: Wanted, *, by: Teammate, now: datetime) -> tuple[Mailbox, str]:
    """Take an address up for answers.

    Returns:
        The mailbox, and the secret in the address that its service is to call, which is kept nowhere; none for IMAP.

    Raises:
        Invalid: when it is no address that can carry the mark of a conversation.
        Conflict: when it is there already, or there are many.
    """
    address = _checked(wanted.address)
    hook = "" if wanted.kind is MailboxKind.IMAP else new_secret()
    mailbox = Mailbox(
        id=new_id(),
        workspace_id=workspace.id,
        kind=wanted.kind,
        address=address,
        settings=dict(wanted.settings),
        hook_hash=hash_secret(hook) if hook else None,
        created_at=now,
    )
    mailbox.sealed_secret = _sealed(mailbox, wanted.secret)
    with transaction():
        db.session.get_one(Workspace, workspace.id, with_for_update=True)
        known = listed(workspace)
        if any(one.address == address for one in known):
            raise Conflict("This address is in the list already.")
        if len(known) >= MOST:
            raise Conflict(f"There can be {MOST} addresses. Remove one of them first.")
        db.session.add(mailbox)
        _note(mailbox, "mailbox.add", by=by, now=now)
    return mailbox, hook


def renew_hook(mailbox: Mailbox, *, by: Teammate, now: datetime) -> str:
    """Another secret for the address that the service calls; the one of before works no more.

    Raises:
        Conflict: for a mailbox that is read by IMAP, which nobody calls.
    """
    if mailbox.kind is MailboxKind.IMAP:
        raise Conflict("This mailbox is read, nobody calls it.")
    hook = new_secret()
    with transaction():
        mailbox.hook_hash = hash_secret(hook)
        _note(mailbox, "mailbox.change", by=by, now=now)
    return hook


def remove(mailbox: Mailbox, *, by: Teammate, now: datetime) -> None:
    """Take an address off; answers to mails that named it come in no more."""
    with transaction():
        _note(mailbox, "mailbox.remove", by=by, now=now)
        db.session.delete(mailbox)


def secret_of(mailbox: Mailbox) -> str:
    """What its service signs with, or its password; empty when it has none."""
    if mailbox.sealed_secret is None:
        return ""
    return str(json.loads(unseal(mailbox.sealed_secret, bound_to=mailbox.id.bytes)))


def note_read(mailbox: Mailbox, *, now: datetime, problem: str | None = None, **settings: Any) -> None:
    """Remember how the last reading went.

    Args:
        settings: how far an IMAP folder was read.
    """
    with transaction():
        mailbox.last_read_at, mailbox.problem = now, problem[:_LONGEST_PROBLEM] if problem else None
        if settings:
            mailbox.settings = {**mailbox.settings, **settings}


def _of(workspace_id: uuid.UUID) -> Select[Mailbox]:
    return select(Mailbox).where(Mailbox.workspace_id == workspace_id).order_by(Mailbox.created_at, Mailbox.id)


def _checked(address: str) -> str:
    try:
        found = validate_email(address.strip()[:254], check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise Invalid("This does not look like an e-mail address.") from None
    name = found.rpartition("@")[0]
    if "+" in name:
        raise Invalid("Leave out the plus sign and what follows it: each chat gets a mark of its own there.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Use an address with at most {LONGEST_NAME} letters before the @: each chat adds a mark to it.")
    return found.lower()


def _sealed(mailbox: Mailbox, secret: str) -> bytes | None:
    return seal(json.dumps(secret).encode(), bound_to=mailbox.id.bytes) if secret else None


def _note(mailbox: Mailbox, action: str, *, by: Teammate, now: datetime) -> None:
    subject = ("mailbox", mailbox.id, mailbox.address)
    audits.record(mailbox.workspace_id, action, by=by, subject=subject, after={"kind": mailbox.kind.value}, now=now)
