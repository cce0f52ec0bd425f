"""What a workspace has decided about its inbox: a part for each subject, checked by the module that owns it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from core import audits
from core.recent_values import RecentValues
from models import after_commit, db, insert_into, transaction
from models.inbox import InboxSettings
from models.teammates import Teammate, Workspace

Part = Literal["routing", "targets", "rating", "letters"]


def of(workspace_id: uuid.UUID, part: Part) -> Mapping[str, Any]:
    """What is stored of a part, empty where nothing was decided.

    What another process has changed holds here within five seconds.
    """
    return _recent.of(workspace_id).get(part, {})


def change(
    workspace: Workspace, part: Part, values: Mapping[str, Any], *, action: str, by: Teammate | None, now: datetime
) -> None:
    """Store a part as its owner has checked it, and note it in the audit log.

    Args:
        action: the word of the audit log for it.
    """
    with transaction():
        row = lock(workspace.id, now=now)
        before, after = dict(getattr(row, part)), dict(values)
        if before == after:
            return
        setattr(row, part, after)
        row.updated_at = now
        subject = ("inbox_settings", workspace.id, workspace.name)
        audits.record(workspace.id, action, by=by, subject=subject, before=before, after=after, now=now)
        after_commit(lambda: forget(workspace.id))


def lock(workspace_id: uuid.UUID, *, now: datetime) -> InboxSettings:
    """The row of a workspace, made when there is none, that nobody else can lock until the transaction ends."""
    empty: dict[str, Any] = {"routing": {}, "targets": {}, "rating": {}, "letters": {}}
    values = {"workspace_id": workspace_id, **empty, "updated_at": now}
    db.session.execute(insert_into(InboxSettings).values(**values).on_conflict_do_nothing())
    return db.session.get_one(InboxSettings, workspace_id, with_for_update=True, populate_existing=True)


def forget(workspace_id: uuid.UUID) -> None:
    """Have it read again, where it was changed past `change`."""
    _recent.forget(workspace_id)


def _read(workspace_id: uuid.UUID) -> Mapping[Part, Mapping[str, Any]]:
    row = db.session.get(InboxSettings, workspace_id, populate_existing=True)
    if row is None:
        return {}
    return {"routing": row.routing, "targets": row.targets, "rating": row.rating, "letters": row.letters}


_recent = RecentValues(_read)
