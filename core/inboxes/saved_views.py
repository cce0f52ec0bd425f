"""Saved views: a part of the inbox that somebody has put together and named, for themselves or for everybody."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from core import audits
from core.errors import Conflict, Forbidden, NotFound
from core.inboxes.filters import Filters
from core.inboxes.views import View
from core.permissions import Permission, may
from core.texts import required_text, shown_line
from models import db, transaction
from models.inbox import SavedView
from models.teammates import Teammate, Workspace

NAME_LIMIT = 60
MOST = 30
"""The most that one teammate may have."""


def listed(workspace: Workspace, reader: Teammate) -> Sequence[SavedView]:
    """A teammate's own views and those for everybody, by name."""
    return db.session.scalars(
        select(SavedView)
        .where(SavedView.workspace_id == workspace.id, or_(SavedView.teammate_id == reader.id, SavedView.is_shared))
        .order_by(func.lower(SavedView.name), SavedView.id)
    ).all()


def find(workspace: Workspace, view_id: uuid.UUID, reader: Teammate) -> SavedView:
    """A view that this teammate may use.

    Raises:
        NotFound: also for one of another workspace, and for another teammate's own.
    """
    view = db.session.get(SavedView, view_id)
    is_theirs = view is not None and view.workspace_id == workspace.id
    if view is None or not is_theirs or not (view.is_shared or view.teammate_id == reader.id):
        raise NotFound("There is no such view of the conversations.")
    return view


def read(view: SavedView) -> tuple[View, Filters]:
    """What it shows; what is not understood any more is left out."""
    name = view.filters.get("view")
    return View(name) if name in list(View) else View.ALL, Filters.read(view.filters)


def add(
    workspace: Workspace, name: str, view: View, filters: Filters, *, is_shared: bool, by: Teammate, now: datetime
) -> SavedView:
    """Keep a part of the inbox under a name.

    Raises:
        Invalid: without a name.
        Conflict: when the teammate has too many.
        Forbidden: when somebody who only reads wants to share it.
    """
    name = shown_line(required_text(name, name="The name", limit=NAME_LIMIT))
    _check_sharing(is_shared, by)
    with transaction():
        own = select(func.count()).select_from(SavedView).where(SavedView.teammate_id == by.id)
        if (db.session.scalar(own) or 0) >= MOST:
            raise Conflict(f"You have {MOST} saved views. Remove one first.")
        saved = SavedView(
            workspace_id=workspace.id,
            teammate_id=by.id,
            name=name,
            is_shared=is_shared,
            filters={"view": view.value, **filters.written()},
            created_at=now,
        )
        db.session.add(saved)
        db.session.flush()
        _record(saved, "saved_view.add", by=by, now=now, after=_told(saved))
    return saved


def change(saved: SavedView, *, name: str, is_shared: bool, by: Teammate, now: datetime) -> None:
    """Rename a view, or decide for whom it is.

    Raises:
        Invalid: without a name.
        Forbidden: when it is somebody else's, or somebody who only reads wants to share it.
    """
    _check_may_change(saved, by)
    name = shown_line(required_text(name, name="The name", limit=NAME_LIMIT))
    if not saved.is_shared:
        _check_sharing(is_shared, by)
    with transaction():
        db.session.refresh(saved, with_for_update=True)
        before = _told(saved)
        saved.name, saved.is_shared = name, is_shared
        if before != _told(saved):
            _record(saved, "saved_view.change", by=by, now=now, before=before, after=_told(saved))


def remove(saved: SavedView, *, by: Teammate, now: datetime) -> None:
    """Take a view away; the conversations in it stay.

    Raises:
        Forbidden: when it is somebody else's.
    """
    _check_may_change(saved, by)
    with transaction():
        _record(saved, "saved_view.remove", by=by, now=now, before=_told(saved))
        db.session.delete(saved)


def may_change(saved: SavedView, teammate: Teammate) -> bool:
    """Whether it is theirs, or they look after the team."""
    return saved.teammate_id == teammate.id or may(teammate.role, Permission.MANAGE_TEAM)


def _check_may_change(saved: SavedView, by: Teammate) -> None:
    if not may_change(saved, by):
        raise Forbidden("This view is another teammate’s. They or an admin can change it.")


def _check_sharing(is_shared: bool, by: Teammate) -> None:
    if is_shared and not may(by.role, Permission.ANSWER):
        raise Forbidden("To share a view with everybody, ask an admin for another role.")


def _told(saved: SavedView) -> dict[str, Any]:
    return {"name": saved.name, "shared": saved.is_shared}


def _record(
    saved: SavedView,
    action: str,
    *,
    by: Teammate,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = ("saved_view", saved.id, saved.name)
    audits.record(saved.workspace_id, action, by=by, subject=subject, now=now, before=before, after=after)
