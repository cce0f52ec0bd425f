"""Links that let one more person into a workspace."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from core import accounts, audits, passwords, roles
from core.errors import Conflict, Forbidden, NotFound
from core.permissions import Permission, may
from core.signing import hash_secret, new_secret
from core.texts import clean_line
from models import db, transaction
from models.teammates import Invitation, Role, Teammate, Workspace

LIFETIME = timedelta(days=7)
_NO_SUCH_LINK = "This invitation has been used, withdrawn, or has run out. Ask for a new one."


def invite(*, email: str, role: Role, by: Teammate, now: datetime) -> tuple[Invitation, str]:
    """Invite somebody into the workspace of `by`; an earlier invitation of theirs stops working.

    Returns:
        The invitation and the secret of its link, of which only a hash is kept.

    Raises:
        Forbidden: the role is above that of `by`.
        Conflict: they are in the team already.
    """
    email = accounts.normal_email(email)
    if role not in roles.grantable_by(by.role):
        raise Forbidden("You cannot give a role above your own.")
    known = accounts.find_by_email(email)
    if known is not None and known.workspace_id == by.workspace_id:
        raise Conflict(f"{known.name} is in your team already, with this e-mail.")
    secret = new_secret()
    invitation = Invitation(
        workspace_id=by.workspace_id,
        email=email,
        role=role,
        token_hash=hash_secret(secret),
        invited_by_id=by.id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    with transaction():
        earlier = _open(by.workspace_id, now=now).where(Invitation.email == email)
        for old in db.session.scalars(earlier):
            old.withdrawn_at = now
        db.session.add(invitation)
        db.session.flush()
        _record(invitation, "invitation.make", by=by, after={"role": role.value}, now=now)
    return invitation, secret


def pending(workspace: Workspace, *, now: datetime) -> Sequence[Invitation]:
    """Invitations that can still be accepted, the latest first."""
    return db.session.scalars(_open(workspace.id, now=now).order_by(Invitation.created_at.desc(), Invitation.id)).all()


def find_pending(workspace: Workspace, invitation_id: uuid.UUID, *, now: datetime) -> Invitation:
    """One open invitation of this workspace.

    Raises:
        NotFound: there is none of this id, or it is somebody else's, or it is over.
    """
    invitation = db.session.scalar(_open(workspace.id, now=now).where(Invitation.id == invitation_id))
    if invitation is None:
        raise NotFound("This invitation has been accepted or withdrawn, or has run out.")
    return invitation


def find(secret: str, *, now: datetime) -> Invitation:
    """The invitation to which a link belongs.

    Raises:
        NotFound: it was used or withdrawn, has run out, or never was.
    """
    invitation = db.session.scalar(select(Invitation).where(Invitation.token_hash == hash_secret(secret)))
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now:
        raise NotFound(_NO_SUCH_LINK)
    return invitation


def accept(invitation: Invitation, *, name: str, password: str, now: datetime) -> Teammate:
    """Join the workspace with the invitation's role; somebody who was removed comes back as who they were.

    Raises:
        Invalid: the password is not good enough.
        NotFound: the invitation was used or withdrawn in the meantime.
        Conflict: the e-mail has an account that is not in this workspace.
    """
    passwords.check_new(password, email=invitation.email)
    password_hash = passwords.hash_password(password)
    try:
        with transaction():
            _use(invitation, now=now)
            teammate = _returning(invitation) or Teammate(
                workspace_id=invitation.workspace_id, email=invitation.email, created_at=now
            )
            teammate.name, teammate.password_hash = clean_line(name), password_hash
            teammate.role, teammate.removed_at = invitation.role, None
            db.session.add(teammate)
            db.session.flush()
            _record(invitation, "invitation.accept", by=teammate, after={"role": teammate.role.value}, now=now)
    except IntegrityError:
        raise Conflict("This invitation cannot be used with this e-mail. Ask for one to another address.") from None
    return teammate


def withdraw(invitation: Invitation, *, by: Teammate, now: datetime) -> None:
    with transaction():
        invitation.withdrawn_at = now
        _record(invitation, "invitation.withdraw", by=by, now=now)


def withdraw_beyond(teammate: Teammate, *, now: datetime) -> None:
    """Withdraw what a teammate offered and could not offer any more: they may have kept the links."""
    may_invite = teammate.is_active and may(teammate.role, Permission.MANAGE_TEAM)
    may_give = roles.grantable_by(teammate.role) if may_invite else []
    offered = _open(teammate.workspace_id, now=now).where(Invitation.invited_by_id == teammate.id)
    with transaction():
        for invitation in db.session.scalars(offered):
            if invitation.role not in may_give:
                invitation.withdrawn_at = now


def clear_expired(*, now: datetime) -> None:
    """Forget invitations that have long been over."""
    with transaction():
        db.session.execute(delete(Invitation).where(Invitation.expires_at < now - timedelta(days=30)))


def _record(
    invitation: Invitation, action: str, *, by: Teammate, now: datetime, after: Mapping[str, str] | None = None
) -> None:
    subject = ("invitation", invitation.id, invitation.email)
    audits.record(invitation.workspace_id, action, by=by, subject=subject, after=after, now=now)


def _open(workspace_id: uuid.UUID, *, now: datetime) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.workspace_id == workspace_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )


def _use(invitation: Invitation, *, now: datetime) -> None:
    used = db.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(accepted_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise NotFound(_NO_SUCH_LINK)


def _returning(invitation: Invitation) -> Teammate | None:
    return db.session.scalar(
        select(Teammate)
        .where(
            Teammate.workspace_id == invitation.workspace_id,
            Teammate.email == invitation.email,
            Teammate.removed_at.is_not(None),
        )
        .order_by(Teammate.removed_at.desc())
        .limit(1)
    )
