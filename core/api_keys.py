"""The keys that a site's own programs come with: what each may do, and until when."""

import enum
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from core import audits, signing
from core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from core.texts import clean_line
from models import db, transaction
from models.api_keys import ApiKey
from models.teammates import Teammate, Workspace

PREFIX = "pl_"
"""How each key begins, so that people and scanners know one where it should not be."""
LONGEST_NAME = 60
MOST_KEYS = 50
DAYS = (30, 90, 365)
"""For how long a key may be good; None is for ever."""
_HINT = 8
# Written once a minute at most: a key may be used many times a second.
_SEEN_EVERY = timedelta(minutes=1)


class Thing(enum.StrEnum):
    """What a key may be good for."""

    CUSTOMERS = "customers"
    CONVERSATIONS = "conversations"
    KNOWLEDGE = "knowledge"
    AGENTS = "agents"
    EVENTS = "events"
    WEBHOOKS = "webhooks"


READ_ONLY = frozenset({Thing.EVENTS})
"""What nobody can write."""
SCOPES: tuple[str, ...] = tuple(
    f"{thing}:{right}" for thing in Thing for right in ("read", "write") if right == "read" or thing not in READ_ONLY
)


@dataclass(frozen=True)
class Made:
    """A new key, and what to come with; that is known only now."""

    row: ApiKey
    secret: str


def make(
    workspace: Workspace,
    *,
    name: str,
    scopes: Iterable[str],
    days: int | None,
    by: Teammate | None,
    now: datetime,
) -> Made:
    """Make a key.

    Args:
        scopes: some of `SCOPES`; whoever may write a thing may read it.
        days: for how many days it is good; None for ever.

    Raises:
        Invalid: without a name or a scope, or when there are too many keys.
    """
    name = clean_line(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"Give the key a name of up to {LONGEST_NAME} letters, such as that of the program that uses it.")
    granted = _granted(scopes)
    secret = PREFIX + signing.new_secret()
    row = ApiKey(
        workspace_id=workspace.id,
        name=name,
        hint=secret[:_HINT],
        key_hash=signing.hash_secret(secret),
        scopes=granted,
        created_by_id=by.id if by else None,
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    with transaction():
        # Two people who make a key at once take turns.
        db.session.refresh(workspace, with_for_update={"key_share": True})
        if _count_live(workspace, now=now) >= MOST_KEYS:
            raise Invalid(f"There are {MOST_KEYS} keys already. Revoke one that nothing uses any more.")
        db.session.add(row)
        db.session.flush()
        told = {"may": granted, "until": row.expires_at.isoformat() if row.expires_at else "for ever"}
        audits.record(workspace.id, "api_key.make", by=by, subject=("api_key", row.id, name), after=told, now=now)
    return Made(row, secret)


def revoke(row: ApiKey, *, by: Teammate | None, now: datetime) -> None:
    """Take a key back, at once and for good."""
    if row.revoked_at is not None:
        return
    with transaction():
        row.revoked_at = now
        subject = ("api_key", row.id, row.name)
        audits.record(row.workspace_id, "api_key.revoke", by=by, subject=subject, now=now)


def listed(workspace: Workspace) -> Sequence[ApiKey]:
    """All keys of a workspace, the newest first; those that are over as well."""
    return db.session.scalars(
        select(ApiKey).where(ApiKey.workspace_id == workspace.id).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
    ).all()


def find(workspace: Workspace, key_id: uuid.UUID) -> ApiKey:
    """A key of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    row = db.session.get(ApiKey, key_id)
    if row is None or row.workspace_id != workspace.id:
        raise NotFound("There is no such key.")
    return row


def is_live(row: ApiKey, *, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def authenticate(secret: str, *, now: datetime) -> ApiKey:
    """The key that somebody comes with; notes that it was used.

    Raises:
        Unauthenticated: `key_invalid`, `key_revoked` or `key_expired`.
    """
    row = None
    if secret.startswith(PREFIX):
        row = db.session.scalar(select(ApiKey).where(ApiKey.key_hash == signing.hash_secret(secret)))
    if row is None:
        raise Unauthenticated("This API key is not known. Check that it was copied as a whole.", code="key_invalid")
    if row.revoked_at is not None:
        raise Unauthenticated("This API key was revoked. Make another one in the settings.", code="key_revoked")
    if not is_live(row, now=now):
        raise Unauthenticated("This API key has run out. Make another one in the settings.", code="key_expired")
    _note_use(row, now=now)
    return row


def check(row: ApiKey, scope: str) -> None:
    """Refuse what a key was not made for.

    Raises:
        Forbidden: `scope_missing`, naming what is missing.
    """
    if scope not in row.scopes:
        raise Forbidden(f"This API key may not do that: it lacks the scope {scope}.", code="scope_missing")


def maker(row: ApiKey) -> Teammate | None:
    """Who made the key, as long as they are in the team."""
    return row.created_by if row.created_by is not None and row.created_by.is_active else None


def _granted(scopes: Iterable[str]) -> list[Any]:
    wanted = set(scopes)
    if unknown := sorted(wanted - set(SCOPES)):
        raise Invalid(f"There is no scope {unknown[0]}.")
    wanted |= {scope.replace(":write", ":read") for scope in wanted}
    if not wanted:
        raise Invalid("Choose at least one thing that the key may read or write.")
    return [scope for scope in SCOPES if scope in wanted]


def _count_live(workspace: Workspace, *, now: datetime) -> int:
    is_good = ApiKey.expires_at.is_(None) | (ApiKey.expires_at > now)
    live = select(func.count()).where(ApiKey.workspace_id == workspace.id, ApiKey.revoked_at.is_(None), is_good)
    return db.session.scalar(live) or 0


def _note_use(row: ApiKey, *, now: datetime) -> None:
    before = now - _SEEN_EVERY
    if row.last_used_at is not None and row.last_used_at > before:
        return
    with transaction():
        db.session.execute(
            update(ApiKey)
            .where(ApiKey.id == row.id, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= before))
            .values(last_used_at=now)
        )
