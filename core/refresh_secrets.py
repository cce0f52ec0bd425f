"""Refresh secrets: how one browser comes back as the same customer.

Each is good for one use and followed by another of the same family. One that comes twice was stolen, or its thief
came first: the family ends (RFC 9700, 4.14.2). Two tabs that refresh at once are no theft: within ten seconds the
same secret gets the same successor.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from core import audits, customers, risks
from core.errors import Unauthenticated
from core.signing import hash_secret, new_secret, successor_of, successors_of
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.agents import Agent
from models.customers import Customer, RefreshFamily, RefreshSecret, WidgetSession
from models.protection import Signal
from models.shop_accounts import ShopLogin, ShopSignIn

LIFETIME = timedelta(days=30)
SHORT_LIFETIME = timedelta(days=7)
"""For browsers without cookies, where the secret lies in the frame's storage, within reach of scripts."""
GRACE = timedelta(seconds=10)
_AT_ONCE = 500


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
    return family if _is_live(family, now) and family.agent_id == agent.id else None


def rotate(agent: Agent, secret: str, *, now: datetime) -> Rotation:
    """Use a secret and get its successor.

    Tabs that come late with a secret that others have gone on from get the newest of the family: one in between would
    be taken for stolen when it is shown the next day.

    Raises:
        Unauthenticated: `token_invalid` for one that never was, `token_expired`, or `token_revoked` when the
            family was ended, also by this very use.
    """
    if end_if_reused(agent, secret, now=now):
        raise Unauthenticated("This chat was ended for safety. Open it again.", code="token_revoked")
    with transaction():
        row = _locked_secret(secret)
        family = _locked(row.family_id) if row else None
        if row is None or family is None or family.agent_id != agent.id:
            raise Unauthenticated("This chat is not known here any more.", code="token_invalid")
        _check_live(family, now)
        if row.replaced_at is not None:
            return Rotation(family, _newest(family, secret))
        successor = successor_of(secret)
        row.replaced_at = now
        db.session.add(RefreshSecret(secret_hash=hash_secret(successor), family_id=family.id, created_at=now))
    return Rotation(family, successor)


def end_if_reused(agent: Agent, secret: str, *, now: datetime) -> bool:
    """End the family of a secret that comes a second time, after the grace; in a transaction of its own.

    Whoever asked may be refused for another reason: the end has to be kept all the same.
    """
    row = db.session.get(RefreshSecret, hash_secret(secret), populate_existing=True)
    if row is None or row.replaced_at is None or now - row.replaced_at <= GRACE:
        return False
    with transaction():
        family = _locked(row.family_id)
        if family is None or family.agent_id != agent.id or not _is_live(family, now):
            return False
        revoke(family, because="reuse", now=now)
        _note_reuse(family, now=now)
    return True


def take(family_id: uuid.UUID) -> RefreshFamily:
    """A live family, held until the transaction ends.

    Raises:
        Unauthenticated: `token_revoked`.
    """
    family = _locked(family_id)
    if family is None or family.revoked_at is not None:
        raise Unauthenticated("This session was ended. Open the chat again.", code="token_revoked")
    return family


def revoke(family: RefreshFamily, *, because: str, now: datetime, announce: bool = True) -> None:
    """End a family, and every session that came of it.

    Args:
        announce: false where the browser itself goes on as somebody else. Its other tabs would ask again before the
            answer has brought the new secret, and come with the old one.
    """
    with transaction():
        family = _locked(family.id) or family
        if family.revoked_at is None:
            family.revoked_at, family.revoked_because = now, because
        _end_sessions(WidgetSession.family_id == family.id, now=now)
        _forget_shops([family.id])
        if announce:
            after_commit(lambda: current_bus().publish(topic(family.id), {"kind": "session"}))


def revoke_all(
    workspace_id: uuid.UUID,
    *,
    because: str,
    now: datetime,
    customer: Customer | None = None,
    announce: bool = True,
) -> int:
    """End all families of a workspace, or of one of its customers, and every session that came of them.

    Returns:
        how many families were live.
    """
    condition = RefreshFamily.workspace_id == workspace_id
    sessions = WidgetSession.workspace_id == workspace_id
    if customer is not None:
        condition &= RefreshFamily.customer_id == customer.id
        sessions &= WidgetSession.customer_id == customer.id
    with transaction():
        # The families first: whoever is renewing one has added their session by the time the sessions are ended.
        ended = db.session.scalars(
            update(RefreshFamily)
            .where(condition, RefreshFamily.revoked_at.is_(None), RefreshFamily.expires_at > now)
            .values(revoked_at=now, revoked_because=because)
            .returning(RefreshFamily.id)
        ).all()
        _end_sessions(sessions, now=now)
        _forget_shops(ended)
        if announce:
            places = [topic(family_id) for family_id in ended] if customer else [workspace_topic(workspace_id)]
            after_commit(lambda: _tell(places))
    return len(ended)


def announce_all(workspace_id: uuid.UUID) -> None:
    """Have every open stream of a workspace look whether its session is still good."""
    after_commit(lambda: _tell([workspace_topic(workspace_id)]))


def topic(family_id: uuid.UUID) -> str:
    """Where the bus announces that a browser's sessions may have ended."""
    return f"family:{family_id.hex}"


def workspace_topic(workspace_id: uuid.UUID) -> str:
    """Where the bus announces that any session of a workspace may have ended."""
    return f"families:{workspace_id.hex}"


def clear_expired(*, now: datetime) -> None:
    """Forget families that ended a while ago, with their secrets and sessions."""
    with transaction():
        db.session.execute(delete(RefreshFamily).where(RefreshFamily.expires_at < now - timedelta(days=1)))


def _locked_secret(secret: str) -> RefreshSecret | None:
    return db.session.get(RefreshSecret, hash_secret(secret), populate_existing=True, with_for_update=True)


def _locked(family_id: uuid.UUID) -> RefreshFamily | None:
    # A refresh and a log-out at once take turns: whichever comes second sees what the first did.
    return db.session.get(RefreshFamily, family_id, populate_existing=True, with_for_update=True)


def _newest(family: RefreshFamily, secret: str) -> str:
    unused = {
        row.secret_hash: row.replaced_at is None
        for row in db.session.scalars(select(RefreshSecret).where(RefreshSecret.family_id == family.id))
    }
    for _ in unused:
        secret = next((one for one in successors_of(secret) if hash_secret(one) in unused), "")
        if unused.get(hash_secret(secret)):
            return secret
    # The server's own secret was changed in between and is known no more: it cannot tell what it gave out.
    raise Unauthenticated("This chat is not known here any more.", code="token_invalid")


def _note_reuse(family: RefreshFamily, *, now: datetime) -> None:
    customer = db.session.get_one(Customer, family.customer_id)
    audits.record(
        family.workspace_id,
        "session.reuse",
        by=None,
        subject=("customer", customer.id, customers.neutral_name(customer)),
        now=now,
    )
    risks.mark(
        family.workspace_id,
        risks.of_customer(customer.id),
        Signal.TOKEN_REUSE,
        "A spent key of their browser was shown again",
        now=now,
    )


def _end_sessions(condition: ColumnElement[bool], *, now: datetime) -> None:
    db.session.execute(
        update(WidgetSession).where(condition, WidgetSession.revoked_at.is_(None)).values(revoked_at=now)
    )


def _forget_shops(families: Sequence[uuid.UUID]) -> None:
    """Whoever goes on in this browser is not who has signed in at a shop there."""
    for table in (ShopSignIn, ShopLogin):
        for first in range(0, len(families), _AT_ONCE):
            part = families[first : first + _AT_ONCE]
            db.session.execute(
                delete(table).where(table.family_id.in_(part)).execution_options(synchronize_session=False)
            )


def _tell(places: list[str]) -> None:
    for place in places:
        current_bus().publish(place, {"kind": "session"})


def _is_live(family: RefreshFamily, now: datetime) -> bool:
    return family.revoked_at is None and family.expires_at > now


def _check_live(family: RefreshFamily, now: datetime) -> None:
    if family.revoked_at is not None:
        raise Unauthenticated("This chat was ended. Open it again.", code="token_revoked")
    if family.expires_at <= now:
        raise Unauthenticated("This chat has run out. Open it again.", code="token_expired")
