"""Checks tokens against the live keys."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from core import customer_tokens, jwks
from core.customer_tokens import TokenRefused, VerifiedCustomer
from core.customer_tokens.compact import read_compact
from core.errors import Unauthenticated
from core.identity_keys.descriptions import Source, content_of
from models import db, transaction
from models.customers import IdentityKey

_NOTED_EVERY = timedelta(minutes=1)


def verify(workspace_id: uuid.UUID, token: object, *, now: datetime) -> VerifiedCustomer:
    """The customer whom a token names.

    Raises:
        Unauthenticated: `customer_token_refused`, with the reason in words; the token is never echoed.
    """
    trial = _Trial(workspace_id, token, now)
    try:
        verified = customer_tokens.verify_with_any(token, trial.keys(), now=now.timestamp())
    except TokenRefused as refusal:
        reason = trial.trouble or refusal.reason
    else:
        _note_use(trial.tried[-1], now=now)
        return verified
    if not trial.tried and not trial.trouble:
        reason = "This workspace has no key to check customer tokens with."
    raise Unauthenticated(reason, code="customer_token_refused")


def used_by(row: IdentityKey, token: object, *, now: datetime) -> Mapping[str, Any]:
    """A key as `customer_tokens.verify` takes it for this token, with the key set of its address read.

    Raises:
        jwks.Unreadable: when the address gives none.
    """
    key = content_of(row)
    address = key.pop(Source.JWKS_URL, None)
    if address is None:
        return key
    return key | {"jwks": jwks.current(row, address, key["alg"], kid=_kid(token, key["alg"]), now=now)}


class _Trial:
    """One token's way through the live keys; an address is only asked when the keys before did not fit."""

    def __init__(self, workspace_id: uuid.UUID, token: object, now: datetime) -> None:
        self._workspace_id = workspace_id
        self._token = token
        self._now = now
        self.tried: list[IdentityKey] = []
        self.trouble = ""

    def keys(self) -> Iterator[Mapping[str, Any]]:
        for row in _live(self._workspace_id):
            try:
                key = used_by(row, self._token, now=self._now)
            except jwks.Unreadable as problem:
                self.trouble = str(problem)
                continue
            self.tried.append(row)
            yield key


def _kid(token: object, algorithm: str) -> object:
    """The key that a token names, if it could be a token of this algorithm at all: else no address is asked for it."""
    try:
        header = read_compact(token).header
    except TokenRefused:
        return None
    return header.get("kid") if header.get("alg") == algorithm else None


def _note_use(row: IdentityKey, *, now: datetime) -> None:
    if row.last_used_at is not None and now - row.last_used_at < _NOTED_EVERY:
        return
    is_old = or_(IdentityKey.last_used_at.is_(None), IdentityKey.last_used_at <= now - _NOTED_EVERY)
    with transaction():
        db.session.execute(update(IdentityKey).where(IdentityKey.id == row.id, is_old).values(last_used_at=now))


def _live(workspace_id: uuid.UUID) -> list[IdentityKey]:
    found = select(IdentityKey).where(IdentityKey.workspace_id == workspace_id, IdentityKey.retired_at.is_(None))
    return list(db.session.scalars(found.order_by(IdentityKey.id)))
