"""Who works in a workspace, and with which role."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select

from core import audits, invitations, roles, second_factors, teammate_sessions
from core.errors import Conflict, Forbidden, NotFound
from core.permissions import Permission, may
from models import db, transaction
from models.teammates import Role, Teammate, TeammateSession, Workspace

log = structlog.get_logger()


@dataclass(frozen=True)
class Listed:
    """A teammate as the team's page shows them."""

    teammate: Teammate
    last_seen_at: datetime | None
    has_second_factor: bool


def listed(workspace: Workspace) -> list[Listed]:
    """The workspace's teammates, owners first, then by name."""
    seen = (
        select(TeammateSession.teammate_id, func.max(TeammateSession.last_seen_at).label("at"))
        .join(TeammateSession.teammate)
        .where(Teammate.workspace_id == workspace.id)
        .group_by(TeammateSession.teammate_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Teammate, seen.c.at)
        .outerjoin(seen, seen.c.teammate_id == Teammate.id)
        .where(Teammate.workspace_id == workspace.id, Teammate.removed_at.is_(None))
    )
    proven = second_factors.those_with_one(workspace)
    found = [Listed(teammate, at, teammate.id in proven) for teammate, at in rows]
    return sorted(found, key=lambda one: (roles.rank(one.teammate.role), one.teammate.name.casefold()))


def names(workspace: Workspace) -> Sequence[tuple[uuid.UUID, str]]:
    """The id and the name of each teammate, in the order of `listed`, for whoever only chooses one."""
    rows = db.session.execute(
        select(Teammate.id, Teammate.name, Teammate.role).where(
            Teammate.workspace_id == workspace.id, Teammate.removed_at.is_(None)
        )
    ).all()
    return [(one.id, one.name) for one in sorted(rows, key=lambda one: (roles.rank(one.role), one.name.casefold()))]


def find(workspace: Workspace, teammate_id: uuid.UUID) -> Teammate:
    """One teammate of this workspace.

    Raises:
        NotFound: there is none of this id, or they are somebody else's, or were removed.
    """
    teammate = db.session.scalar(
        select(Teammate).where(
            Teammate.id == teammate_id, Teammate.workspace_id == workspace.id, Teammate.removed_at.is_(None)
        )
    )
    if teammate is None:
        raise NotFound("There is no such teammate, or they have been removed.")
    return teammate


def who_may(workspace_id: uuid.UUID, permission: Permission) -> Sequence[Teammate]:
    """The teammates of a workspace whose role allows something."""
    roles_that_may = [role for role in Role if may(role, permission)]
    return db.session.scalars(
        select(Teammate)
        .where(
            Teammate.workspace_id == workspace_id,
            Teammate.removed_at.is_(None),
            Teammate.role.in_(roles_that_may),
        )
        .order_by(Teammate.id)
    ).all()


def may_change(teammate: Teammate, *, by: Teammate) -> bool:
    """Whether somebody who manages the team stands high enough to change this teammate."""
    return teammate.role in roles.grantable_by(by.role)


def change_role(teammate: Teammate, role: Role, *, by: Teammate, now: datetime) -> None:
    """Give a teammate another role.

    Raises:
        Forbidden: theirs or the new one is above that of `by`.
        Conflict: they are the last owner.
    """
    with transaction():
        _lock(teammate, by)
        if role not in roles.grantable_by(by.role):
            raise Forbidden("You cannot give a role above your own.")
        _refuse_if_above(teammate, by)
        if role is not Role.OWNER:
            _refuse_if_last_owner(teammate)
        before, teammate.role = teammate.role, role
        invitations.withdraw_beyond(teammate, now=now)
        if role is not before:
            _record(teammate, "role.change", by=by, before=before, after=role, now=now)
    log.info("role_changed", teammate=str(teammate.id), role=role.value, by=str(by.id))


def remove(teammate: Teammate, *, by: Teammate, now: datetime) -> None:
    """Let a teammate no longer in: their browsers are signed out, and their open invitations withdrawn.

    Raises:
        Forbidden: their role is above that of `by`.
        Conflict: they are the last owner.
    """
    with transaction():
        _lock(teammate, by)
        _refuse_if_above(teammate, by)
        _refuse_if_last_owner(teammate)
        teammate.removed_at = now
        teammate_sessions.end_all(teammate, now=now)
        # Who comes back by an invitation begins anew, perhaps with other devices.
        second_factors.forget_all(teammate)
        invitations.withdraw_beyond(teammate, now=now)
        _record(teammate, "teammate.remove", by=by, before=teammate.role, now=now)
    log.info("teammate_removed", teammate=str(teammate.id), by=str(by.id))


def reset_second_factor(teammate: Teammate, *, by: Teammate, now: datetime) -> None:
    """Let a teammate who has lost their devices sign in with the password alone.

    Raises:
        Forbidden: their role is above that of `by`.
        Conflict: they are `by`, or have no second factor.
    """
    if teammate.id == by.id:
        raise Conflict("Switch your own second factor off on the page of your account.")
    with transaction():
        _lock(teammate, by)
        _refuse_if_above(teammate, by)
        second_factors.reset(teammate, by=by, now=now)


def _record(
    teammate: Teammate, action: str, *, by: Teammate, before: Role, now: datetime, after: Role | None = None
) -> None:
    audits.record(
        teammate.workspace_id,
        action,
        by=by,
        subject=("teammate", teammate.id, teammate.name),
        before={"role": before.value},
        after={"role": after.value} if after else None,
        now=now,
    )


def _lock(teammate: Teammate, by: Teammate) -> None:
    # One change of a team at a time: two owners who remove each other would leave nobody.
    team = select(Workspace.id).where(Workspace.id == teammate.workspace_id)
    db.session.execute(team.with_for_update(key_share=True))
    db.session.refresh(teammate)
    db.session.refresh(by)
    if not teammate.is_active:
        raise NotFound("There is no such teammate, or they have been removed.")


def _refuse_if_above(teammate: Teammate, by: Teammate) -> None:
    if not by.is_active or not may_change(teammate, by=by):
        raise Forbidden("Only an owner can change or remove an owner.")


def _refuse_if_last_owner(teammate: Teammate) -> None:
    owners = select(func.count()).where(
        Teammate.workspace_id == teammate.workspace_id, Teammate.role == Role.OWNER, Teammate.removed_at.is_(None)
    )
    if teammate.role is Role.OWNER and db.session.scalar(owners) == 1:
        raise Conflict(f"{teammate.name} is the only owner. Make somebody else an owner first.")
