"""The browsers of teammates that take push messages."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from core import signing
from core.errors import Conflict, Invalid, NotFound
from gateways import push
from gateways.outgoing import OutgoingRefused, check_url
from gateways.push import Address, Signer
from models import db, new_id, transaction
from models.notifications import PushSubscription
from models.teammates import Teammate

MOST = 20
"""Browsers of one teammate."""
_LONGEST = 1_000
_PURPOSE = "vapid"


def public_key() -> str:
    """What a browser is given when it subscribes."""
    return Signer(signing.derived_key(_PURPOSE)).public_key


def add(teammate: Teammate, address: Address, *, browser: str, allow_private: bool, now: datetime) -> PushSubscription:
    """Keep where a browser takes messages; the same browser again is one.

    Args:
        browser: what it is called, such as `Firefox on Windows`.
        allow_private: whether push services on the own network may be used.

    Raises:
        Invalid: when no browser would send this.
        Conflict: when the teammate has as many as they may.
    """
    _check(address, allow_private=allow_private)
    with transaction():
        db.session.refresh(teammate, with_for_update=True)
        found = db.session.scalar(
            select(PushSubscription).where(PushSubscription.endpoint_hash == signing.hash_secret(address.endpoint))
        )
        if found is not None and found.teammate_id != teammate.id:
            # Somebody else signs in with this browser now.
            db.session.delete(found)
            db.session.flush()
            found = None
        if found is None:
            _check_number(teammate)
            found = PushSubscription(id=new_id(), workspace_id=teammate.workspace_id, teammate_id=teammate.id)
            found.endpoint_hash, found.created_at = signing.hash_secret(address.endpoint), now
            db.session.add(found)
        content = json.dumps(vars(address) | {"key": public_key()})
        found.sealed, found.browser = signing.seal(content.encode(), bound_to=found.id.bytes), browser[:120]
    return found


def of(teammate: Teammate) -> Sequence[PushSubscription]:
    """A teammate's browsers, the newest first."""
    return db.session.scalars(
        select(PushSubscription)
        .where(PushSubscription.teammate_id == teammate.id)
        .order_by(PushSubscription.created_at.desc(), PushSubscription.id)
    ).all()


def remove(teammate: Teammate, subscription_id: uuid.UUID) -> None:
    """Send nothing to a browser any more.

    Raises:
        NotFound: also for somebody else's.
    """
    found = db.session.get(PushSubscription, subscription_id)
    if found is None or found.teammate_id != teammate.id:
        raise NotFound("This browser gets no notifications any more.")
    with transaction():
        db.session.delete(found)


def forget(subscription_id: uuid.UUID) -> None:
    """Drop a browser that has said itself that it wants no more."""
    with transaction():
        found = db.session.get(PushSubscription, subscription_id)
        if found is not None:
            db.session.delete(found)


def opened(subscription: PushSubscription) -> tuple[Address, Signer] | None:
    """Where to write, and the key that this browser knows us by; None when no secret of ours has made it."""
    content = json.loads(signing.unseal(subscription.sealed, bound_to=subscription.id.bytes))
    key = content.pop("key")
    signers = (Signer(secret) for secret in signing.derived_keys(_PURPOSE))
    signer = next((one for one in signers if one.public_key == key), None)
    return (Address(**content), signer) if signer else None


def _check(address: Address, *, allow_private: bool) -> None:
    if any(len(part) > _LONGEST for part in vars(address).values()):
        raise Invalid("This is no subscription of a browser.")
    try:
        url = check_url(address.endpoint, allow_private=allow_private)
        push.check_keys(address)
    except (OutgoingRefused, ValueError) as error:
        raise Invalid("This is no subscription of a browser.") from error
    if url.scheme != "https" and not allow_private:
        raise Invalid("This is no subscription of a browser.")


def _check_number(teammate: Teammate) -> None:
    has = select(func.count()).select_from(PushSubscription).where(PushSubscription.teammate_id == teammate.id)
    if (db.session.scalar(has) or 0) >= MOST:
        raise Conflict(f"You get notifications in {MOST} browsers already. Remove one that you do not use any more.")
