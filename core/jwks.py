"""Key sets that a site publishes at an address of its own (RFC 7517, 5): read, kept, and read again in time."""

import threading
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from core import customer_tokens
from core.customer_tokens.compact import read_object
from gateways.outgoing import Limits, OutgoingError, fetch
from models import db, transaction
from models.customers import IdentityKey

log = structlog.get_logger()

FRESH = timedelta(minutes=10)
"""How long what was read is used without asking again."""
PAUSE = timedelta(seconds=30)
"""Between two questions to one address, whatever tokens name."""
LONGEST = timedelta(hours=24)
"""How long the last good copy is used while the address does not answer: a key taken off it is then refused."""

_LIMITS = Limits(seconds=5, connect_seconds=3, bytes=256 * 1024, redirects=2)
_PATIENCE = _LIMITS.seconds + 1
# Of each key, only what makes up a public one and says what it is for. Certificates and addresses are never used.
_MEMBERS = ("kty", "kid", "use", "key_ops", "alg", "crv", "x", "y", "n", "e")


class Unreadable(Exception):
    """The address gives no key set that could check a token; the message says why in plain words."""


@dataclass
class _Turn:
    """One process's dealings with one key's address."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked_at: datetime | None = None


_turns: defaultdict[uuid.UUID, _Turn] = defaultdict(_Turn)
_reach: dict[str, bool] = {"allow_private": False}


def reach(*, allow_private: bool) -> None:
    """Say for this process whether addresses of the own network may be asked."""
    _reach["allow_private"] = allow_private


def read(address: str, algorithm: str) -> dict[str, Any]:
    """Read a key set from its address.

    Args:
        algorithm: of which it has to hold at least one key.

    Raises:
        Unreadable: no answer, no key set, or none of its keys could sign with the algorithm.
    """
    if not address.startswith("https://") and not _reach["allow_private"]:
        raise Unreadable("The address has to begin with https://, so that nobody on the way can change the keys.")
    try:
        answer = fetch(
            address, headers={"Accept": "application/json"}, limits=_LIMITS, allow_private=_reach["allow_private"]
        )
    except OutgoingError as error:
        raise Unreadable(str(error)) from None
    if answer.status != 200:
        raise Unreadable(f"The address answered with status {answer.status} in the place of a key set.")
    document = _public_keys(read_object(answer.body))
    try:
        customer_tokens.check_key({"alg": algorithm, "jwks": document})
    except customer_tokens.InvalidKey as error:
        raise Unreadable(str(error)) from None
    return document


def current(row: IdentityKey, address: str, algorithm: str, *, kid: object, now: datetime) -> Mapping[str, Any]:
    """The key set that a token naming `kid` is checked with.

    What was read within ten minutes serves, unless it has no such key. One thread of a process asks at a time, and
    no more than twice a minute; while the address does not answer, the last good copy is used for a day.

    Raises:
        Unreadable: when there is no copy that may still be used.
    """
    if not _is_due(row, kid, now):
        return _kept(row, now)
    turn = _turns[row.id]
    # Whoever could go on with what is there does not wait for who is asking.
    if turn.lock.acquire(timeout=0 if _may_serve(row, kid, now) else _PATIENCE):
        try:
            _refetch(row, address, algorithm, turn, kid=kid, now=now)
        finally:
            turn.lock.release()
    return _kept(row, now)


def reread(row: IdentityKey, address: str, algorithm: str, *, now: datetime) -> None:
    """Read the address again now, because a person wants to know whether it works.

    Raises:
        Unreadable: what is kept stays as it is.
    """
    db.session.commit()
    _turns[row.id].asked_at = now
    _keep(row, read(address, algorithm), now=now)


def holds(document: Mapping[str, Any], kid: object) -> bool:
    return any(key.get("kid") == kid for key in document.get("keys", ()))


def _refetch(row: IdentityKey, address: str, algorithm: str, turn: _Turn, *, kid: object, now: datetime) -> None:
    # Nothing of the database is held while another server is asked.
    db.session.commit()
    db.session.refresh(row)
    if not _is_due(row, kid, now) or (turn.asked_at is not None and now - turn.asked_at < PAUSE):
        return
    turn.asked_at = now
    db.session.commit()
    try:
        document = read(address, algorithm)
    except Unreadable as problem:
        log.warning("jwks_unreadable", key=str(row.id), reason=str(problem))
        return
    _keep(row, document, now=now)


def _keep(row: IdentityKey, document: dict[str, Any], *, now: datetime) -> None:
    with transaction():
        row.jwks, row.jwks_read_at = document, now


def _is_due(row: IdentityKey, kid: object, now: datetime) -> bool:
    if row.jwks is None or row.jwks_read_at is None:
        return True
    if not isinstance(kid, str):
        return False  # No key set could tell whose this token is.
    age = now - row.jwks_read_at
    # A key may have been added since; whoever makes names up must not make us ask without end.
    return age >= FRESH or (age >= PAUSE and not holds(row.jwks, kid))


def _may_serve(row: IdentityKey, kid: object, now: datetime) -> bool:
    is_usable = row.jwks_read_at is not None and now - row.jwks_read_at < LONGEST
    return is_usable and row.jwks is not None and holds(row.jwks, kid)


def _kept(row: IdentityKey, now: datetime) -> Mapping[str, Any]:
    if row.jwks is None or row.jwks_read_at is None or now - row.jwks_read_at >= LONGEST:
        raise Unreadable("The address of the key set does not answer.")
    return row.jwks


def _public_keys(document: Mapping[str, Any] | None) -> dict[str, Any]:
    keys = document.get("keys") if document is not None else None
    if not isinstance(keys, list):
        raise Unreadable("This is no key set (JWKS): an object with a list named “keys”.")
    # A secret, or the private half of a pair, has no place at an address that everybody can read.
    public = [key for key in keys if isinstance(key, dict) and not {"d", "k"} & key.keys()]
    return {"keys": [{name: key[name] for name in _MEMBERS if name in key} for key in public]}
