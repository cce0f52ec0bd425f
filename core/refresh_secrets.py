"""Refresh secrets: how one browser comes back as the same customer.

Each is good for one use and followed by another of the same family. One that comes twice was stolen, or its thief
came first: the family ends (RFC 9700, 4.14.2). Two tabs that refresh at once are no theft: within ten seconds the
same secret gets the same successor.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from core.errors import Unauthenticated
from core.signing import hash_secret, new_secret, successor_of
from models import db, transaction
from models.agents import Agent
from models.customers import Customer, RefreshFamily, RefreshSecret, WidgetSession

LIFETIME = timedelta(days=30)
SHORT_LIFETIME = timedelta(days=7)
"""For browsers without cookies, where the secret lies in the frame's storage, within reach of scripts."""
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Rotation:
    """A family that goes on, and the secret it goes on with."""

    family: RefreshFamily
    secret: str


def begin(agent: Agent, customer: Customer, *, lifetime: timedelta, now: datetime) -> Rotation:
    """Start a family for a browser."""
    family = RefreshFamily(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        customer_id=customer.id,
        created_at=now,
        expires_at=now + lifetime,
    )
    secret = new_secret()
    with transaction():
        db.session.add(family)
        db.session.flush()
        db.session.add(RefreshSecret(secret_hash=hash_secret(secret), family_id=family.id, created_at=now))
    return Rotation(family, secret)


def peek(agent: Agent, secret: str, *, now: datetime) -> RefreshFamily | None:
    """The live family of a secret, without using the secret; for showing history before any script runs."""
    row = db.session.get(RefreshSecret, hash_secret(secret))
    if row is None or (row.replaced_at and now - row.replaced_at > GRACE):
        return None
    family = db.session.get_one(RefreshFamily, row.family_id)
    is_live = family.revoked_at is None and family.expires_at > now and family.agent_id == agent.id
    return family if is_live else None


def rotate(agent: Agent, secret: str, *, now: datetime) -> Rotation:
    """Use a secret and get its successor.

    Raises:
        Unauthenticated: `token_invalid` for one that never was, `token_expired`, or `token_revoked` when the
            family was ended, also by this very use.
    """
    rotation = advance(agent, secret, now=now)
    if rotation is None:
        raise reused()
    return rotation


def reused() -> Unauthenticated:
    """What a browser is told whose secret came a second time."""
    return Unauthenticated("This chat was ended for safety. Open it again.", code="token_revoked")


def advance(agent: Agent, secret: str, *, now: datetime) -> Rotation | None:
    """As `rotate`, but a secret that comes twice gives None: its family has been ended, and that must be kept."""
    with transaction():
        row = db.session.scalar(
            select(RefreshSecret)
            .where(RefreshSecret.secret_hash == hash_secret(secret))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        family = _locked(row.family_id) if row else None
        if row is None or family is None or family.agent_id != agent.id:
            raise Unauthenticated("This chat is not known here any more.", code="token_invalid")
        _check_live(family, now)
        successor = successor_of(secret)
        if row.replaced_at is None:
            row.replaced_at = now
            db.session.add(RefreshSecret(secret_hash=hash_secret(successor), family_id=family.id, created_at=now))
        elif now - row.replaced_at > GRACE:
            revoke(family, because="reuse", now=now)
            return None
    return Rotation(family, successor)


def revoke(family: RefreshFamily, *, because: str, now: datetime) -> None:
    """End a family, and every session that came of it."""
    with transaction():
        family = _locked(family.id) or family
        if family.revoked_at is None:
            family.revoked_at, family.revoked_because = now, because
        db.session.execute(
            update(WidgetSession)
            .where(WidgetSession.family_id == family.id, WidgetSession.revoked_at.is_(None))
            .values(revoked_at=now)
        )


def clear_expired(*, now: datetime) -> None:
    """Forget families that ended a while ago, with their secrets and sessions."""
    with transaction():
        db.session.execute(delete(RefreshFamily).where(RefreshFamily.expires_at < now - timedelta(days=1)))


def _locked(family_id: uuid.UUID) -> RefreshFamily | None:
    # A refresh and a log-out at once take turns: whichever comes second sees what the first did.
    return db.session.get(RefreshFamily, family_id, populate_existing=True, with_for_update=True)


def _check_live(family: RefreshFamily, now: datetime) -> None:
    if family.revoked_at is not None:
        raise Unauthenticated("This chat was ended. Open it again.", code="token_revoked")
    if family.expires_at <= now:
        raise Unauthenticated("This chat has run out. Open it again.", code="token_expired")
