"""What a site signs its customers' tokens with. Two keys may be live at once, so that one can replace the other."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import customer_tokens, signing
from core.customer_tokens import TokenRefused, VerifiedCustomer
from core.errors import Invalid, Unauthenticated
from models import db, transaction
from models.customers import IdentityKey
from models.teammates import Workspace

_MOST_LIVE = 2


def add(workspace: Workspace, key: Mapping[str, Any], *, now: datetime) -> IdentityKey:
    """Make a key live; the oldest is retired when there would be more than two.

    Args:
        key: `{alg, secret | public_key | jwks, audience?, issuer?, required?}` as in design.md 5.1.

    Raises:
        Invalid: when it is no key that could check a token safely.
    """
    try:
        customer_tokens.check_key(dict(key))
    except customer_tokens.InvalidKey as error:
        raise Invalid(str(error)) from None
    row = IdentityKey(
        workspace_id=workspace.id,
        sealed_key=signing.seal(json.dumps(dict(key)).encode()),
        created_at=now,
    )
    with transaction():
        live = _live(workspace.id)
        for oldest in live[: max(0, len(live) - _MOST_LIVE + 1)]:
            oldest.retired_at = now
        workspace.requires_verified = bool(key.get("required"))
        db.session.add(row)
    return row


def is_required(workspace_id: uuid.UUID) -> bool:
    """Whether only verified customers may chat; without a live key nobody could be verified, and all may."""
    return db.session.get_one(Workspace, workspace_id).requires_verified and bool(_live(workspace_id))


def verify(workspace_id: uuid.UUID, token: object, *, now: datetime) -> VerifiedCustomer:
    """The customer whom a token names.

    Raises:
        Unauthenticated: `customer_token_refused`, with the reason in words; the token is never echoed.
    """
    keys = [json.loads(signing.unseal(row.sealed_key)) for row in _live(workspace_id)]
    if not keys:
        raise Unauthenticated("This workspace has no key to check customer tokens with.", code="customer_token_refused")
    try:
        return customer_tokens.verify_with_any(token, keys, now=now.timestamp())
    except TokenRefused as refusal:
        raise Unauthenticated(refusal.reason, code="customer_token_refused") from None


def _live(workspace_id: uuid.UUID) -> Sequence[IdentityKey]:
    return db.session.scalars(
        select(IdentityKey)
        .where(IdentityKey.workspace_id == workspace_id, IdentityKey.retired_at.is_(None))
        .order_by(IdentityKey.id)
    ).all()
