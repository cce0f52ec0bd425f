"""The audit log: who changed what, when, from what to what. Entries are only ever added, and cleared by age."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from models import db, transaction
from models.audits import AuditEntry
from models.teammates import Teammate


def record(
    workspace_id: uuid.UUID,
    action: str,
    *,
    by: Teammate | None,
    subject: tuple[str, object, str],
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Note a change, in the transaction that makes it: neither happens without the other.

    Args:
        action: what was done, as `noun.verb`, such as `website.allow`.
        by: who did it; None for the product itself or a command.
        subject: of what kind it is, its id, and its name in words, as in `("agent", agent.id, agent.name)`.
        before: what the changed settings were, without any secret, message or original of masked text.
        after: what they are now.
        address: from where, for sign-ins.
    """
    kind, subject_id, name = subject
    with transaction():
        db.session.add(
            AuditEntry(
                workspace_id=workspace_id,
                teammate_id=by.id if by else None,
                who=by.name if by else "",
                action=action,
                subject_kind=kind,
                subject_id=str(subject_id or "")[:64],
                subject_name=name[:300],
                before=dict(before) if before is not None else None,
                after=dict(after) if after is not None else None,
                address=address,
                created_at=now,
            )
        )


def clear_old(workspace_id: uuid.UUID, *, days: int, now: datetime) -> None:
    """Forget entries that are older than a workspace keeps them."""
    with transaction():
        db.session.execute(
            delete(AuditEntry).where(
                AuditEntry.workspace_id == workspace_id, AuditEntry.created_at < now - timedelta(days=days)
            )
        )
