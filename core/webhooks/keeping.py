"""Which addresses a workspace has told."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from core import audits
from core.errors import Conflict, Invalid, NotFound
from core.shown_addresses import MARK, without_keys
from core.texts import clean_line, required_text
from core.webhooks import sending, signatures
from core.webhooks.kinds import KINDS
from gateways.outgoing import OutgoingError, check_url
from models import db, new_id, transaction
from models.teammates import Teammate, Workspace
from models.webhooks import Webhook

MOST = 20
"""Of one workspace."""
LONGEST_NAME = 60
LONGEST_ADDRESS = 2_000


def reach(*, allow_private: bool) -> None:
    """Say for this process whether servers of the own network may be told, and those without https."""
    sending.reach["allow_private"] = allow_private


def listed(workspace: Workspace) -> Sequence[Webhook]:
    """The addresses of a workspace, the oldest first."""
    return db.session.scalars(
        select(Webhook).where(Webhook.workspace_id == workspace.id).order_by(Webhook.created_at, Webhook.id)
    ).all()


def find(workspace: Workspace, webhook_id: uuid.UUID) -> Webhook:
    """One of them.

    Raises:
        NotFound: also for somebody else's.
    """
    webhook = db.session.get(Webhook, webhook_id)
    if webhook is None or webhook.workspace_id != workspace.id:
        raise NotFound("There is no such webhook.")
    return webhook


def add(
    workspace: Workspace,
    *,
    name: str,
    address: str,
    kinds: Sequence[str],
    by: Teammate | None,
    now: datetime,
) -> tuple[Webhook, str]:
    """Have a further address told, from now on.

    Args:
        name: left empty, the host of the address.
        kinds: of `KINDS`, at least one.

    Returns:
        the row, and its secret, which is shown this once only.

    Raises:
        Invalid: naming what cannot be used.
        Conflict: when there are too many.
    """
    webhook = Webhook(id=new_id(), workspace_id=workspace.id, is_on=True, created_at=now)
    webhook.created_by_id = by.id if by else None
    _fill(webhook, name=name, address=_address(address), kinds=kinds)
    secret = signatures.renew(webhook, now=now)
    with transaction():
        db.session.refresh(workspace, with_for_update={"key_share": True})
        count = db.session.scalar(select(func.count()).where(Webhook.workspace_id == workspace.id)) or 0
        if count >= MOST:
            raise Conflict(f"There can be {MOST} webhooks. Remove one that is not needed any more.")
        db.session.add(webhook)
        db.session.flush()
        _note(webhook, "webhook.add", by=by, now=now, after=_told(webhook))
    return webhook, secret


def change(
    webhook: Webhook,
    *,
    name: str,
    address: str,
    kinds: Sequence[str],
    by: Teammate | None,
    now: datetime,
) -> None:
    """Change where it is sent, and what. What is still owed goes to the new address, too.

    Raises:
        Invalid: naming what cannot be used.
    """
    with transaction():
        before = _told(webhook)
        _fill(webhook, name=name, address=_changed_address(webhook, address), kinds=kinds)
        _note(webhook, "webhook.change", by=by, now=now, before=before, after=_told(webhook))


def switch(webhook: Webhook, is_on: bool, *, by: Teammate | None, now: datetime) -> None:
    """Tell it again, or no more; what is owed to one that is off is given up, and can be sent again later.

    Raises:
        Invalid: when it came with the copy of a workspace, which leaves keys behind, and cannot be used as it is.
    """
    if is_on and MARK in webhook.address:
        raise Invalid("The keys in this address stayed behind with the copy. Enter the address with them first.")
    if is_on:
        _address(webhook.address)
    with transaction():
        db.session.refresh(webhook, with_for_update={"key_share": True})
        if webhook.is_on == is_on:
            return
        webhook.is_on, webhook.problem, webhook.failing_since = is_on, None, None
        if not is_on:
            sending.give_up(webhook, now=now)
        _note(webhook, "webhook.switch", by=by, now=now, before={"on": not is_on}, after={"on": is_on})


def renew_secret(webhook: Webhook, *, by: Teammate | None, now: datetime) -> str:
    """Give it a new secret; for a day, the former one signs beside it.

    Returns:
        the secret, which is shown this once only.
    """
    with transaction():
        db.session.refresh(webhook, with_for_update={"key_share": True})
        secret = signatures.renew(webhook, now=now)
        _note(webhook, "webhook.renew_secret", by=by, now=now)
    return secret


def remove(webhook: Webhook, *, by: Teammate | None, now: datetime) -> None:
    """Forget an address, with what it was told and what it is still owed."""
    with transaction():
        _note(webhook, "webhook.remove", by=by, now=now, before=_told(webhook))
        db.session.delete(webhook)


def _fill(webhook: Webhook, *, name: str, address: str, kinds: Sequence[str]) -> None:
    host = check_url(address, allow_private=True).host
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise Invalid(f"There is no event that is called “{clean_line(str(unknown[0]))[:60]}”.")
    if not kinds:
        raise Invalid("Choose at least one event.")
    wanted = required_text(name, name="The name", limit=LONGEST_NAME) if name.strip() else host[:LONGEST_NAME]
    webhook.name, webhook.address = wanted, address
    webhook.kinds = [kind for kind in KINDS if kind in kinds]


def _changed_address(webhook: Webhook, address: str) -> str:
    """The address that somebody wants, who was shown the one before without its keys."""
    if address.strip() in (webhook.address, without_keys(webhook.address)):
        # As it stands: written anew, one whose keys stayed behind could not be told from a whole one.
        return webhook.address
    if MARK in address:
        raise Invalid(f"What stands as {MARK} is kept and not shown. To change the address, enter it with its keys.")
    return _address(address)


def _address(address: str) -> str:
    address = required_text(address, name="The address", limit=LONGEST_ADDRESS)
    is_private_allowed = sending.reach["allow_private"]
    try:
        parsed = check_url(address, allow_private=is_private_allowed)
    except OutgoingError as refusal:
        raise Invalid(str(refusal)) from None
    if parsed.scheme != "https" and not is_private_allowed:
        raise Invalid("The address has to begin with https://, so that nobody reads along.")
    return str(parsed.copy_with(fragment=None))


def _told(webhook: Webhook) -> dict[str, object]:
    return {"name": webhook.name, "address": without_keys(webhook.address), "events": list(webhook.kinds)}


def _note(
    webhook: Webhook,
    action: str,
    *,
    by: Teammate | None,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = ("webhook", webhook.id, webhook.name)
    audits.record(webhook.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)
