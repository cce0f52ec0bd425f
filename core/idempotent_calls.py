"""Calls that are done once, however often they are sent (draft-ietf-httpapi-idempotency-key-header)."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select, update

from core import signing
from core.errors import Conflict, Invalid
from models import db, insert_into, transaction
from models.api_keys import ApiKey, IdempotentCall

KEPT = timedelta(hours=24)
LONGEST_KEY = 255


@dataclass(frozen=True)
class Done:
    """What a call was answered with."""

    status_code: int
    body: bytes


def begin(row: ApiKey, key: str, *, request_hash: str, now: datetime) -> Done | None:
    """Take a call on, in the transaction that will do it; who comes with the same key meanwhile waits for its end.

    Returns:
        what it was answered with when it was done before; None when it is to be done now.

    Raises:
        Invalid: `idempotency_key_reused` when the key came with another request.
        Conflict: when it was done, and what was answered can no longer be read.
    """
    claim = insert_into(IdempotentCall).values(
        api_key_id=row.id,
        key=key,
        workspace_id=row.workspace_id,
        request_hash=request_hash,
        status_code=0,
        sealed_body=b"",
        created_at=now,
        expires_at=now + KEPT,
    )
    with transaction():
        db.session.execute(
            delete(IdempotentCall).where(
                IdempotentCall.api_key_id == row.id, IdempotentCall.key == key, IdempotentCall.expires_at <= now
            )
        )
        if db.session.execute(claim.on_conflict_do_nothing().returning(IdempotentCall.key)).first() is not None:
            return None
        known = db.session.scalars(
            select(IdempotentCall).where(IdempotentCall.api_key_id == row.id, IdempotentCall.key == key)
        ).one()
    if not hmac.compare_digest(known.request_hash, request_hash):
        words = "This idempotency key came with another request before. Use a new one for each request."
        raise Invalid(words, code="idempotency_key_reused")
    return Done(known.status_code, _opened(known))


def finish(
    row: ApiKey, key: str, *, status_code: int, body: bytes, customer_id: uuid.UUID | None, now: datetime
) -> None:
    """Keep what a call was answered with, in the transaction that did it.

    Args:
        customer_id: whom the answer speaks of: it goes when they are erased.
    """
    with transaction():
        db.session.execute(
            update(IdempotentCall)
            .where(IdempotentCall.api_key_id == row.id, IdempotentCall.key == key)
            .values(
                status_code=status_code,
                sealed_body=signing.seal(body, bound_to=_bound_to(row.id, key)),
                customer_id=customer_id,
                expires_at=now + KEPT,
            )
        )


def clear_expired(*, now: datetime) -> None:
    """Forget calls that nobody will send again."""
    with transaction():
        db.session.execute(delete(IdempotentCall).where(IdempotentCall.expires_at <= now))


def _opened(call: IdempotentCall) -> bytes:
    try:
        return signing.unseal(call.sealed_body, bound_to=_bound_to(call.api_key_id, call.key))
    except InvalidTag:
        # The server's secret was replaced within the day, and the one before is not known any more.
        raise Conflict("This was done before, and what was answered can no longer be read.") from None


def _bound_to(key_id: uuid.UUID, key: str) -> bytes:
    return key_id.bytes + key.encode()
