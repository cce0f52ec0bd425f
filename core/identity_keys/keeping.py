"""Which keys are live, and who made them so."""

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audits, jwks, refresh_secrets, signing
from core.errors import Conflict, Invalid, NotFound
from core.identity_keys.descriptions import Description, Source, content_of, described, source_of
from core.identity_keys.reading import checked
from core.texts import clean_line
from models import db, transaction
from models.customers import IdentityKey
from models.teammates import Teammate, Workspace

MOST_LIVE = 2
LONGEST_NAME = 60


def new_secret() -> str:
    """A secret for HS256: 256 random bits as 64 letters and digits, which no shell and no settings file trips over."""
    return secrets.token_hex(32)


def add(
    workspace: Workspace,
    key: Mapping[str, Any],
    *,
    by: Teammate | None,
    now: datetime,
    name: str = "",
    instead_of: uuid.UUID | None = None,
) -> IdentityKey:
    """Make a key live, beside the one that it is going to replace.

    Args:
        key: `{alg, secret | public_key | jwks | jwks_url, audience?, issuer?}` as in design.md 5.1.
        instead_of: the live key to retire, needed when there are two.

    Raises:
        Invalid: when it is no key that could check a token safely.
        Conflict: when two are live and none of them is named to make room.
    """
    content, document = checked(key)
    with transaction():
        _hold(workspace)
        if instead_of is not None:
            retire(_among(live(workspace), instead_of), by=by, now=now)
        if len(live(workspace)) >= MOST_LIVE:
            raise Conflict("Two keys are live already. Choose the one that the new key takes the place of.")
        return _made(workspace, content, document, by=by, now=now, name=name)


def configure(workspace: Workspace, key: Mapping[str, Any], *, now: datetime) -> IdentityKey:
    """Make a key live from the command line; the oldest is retired when there would be more than two.

    Args:
        key: as for `add`, and `required`: whether only verified customers may chat.
    """
    content, document = checked(key)
    with transaction():
        _hold(workspace)
        for oldest in live(workspace)[: -(MOST_LIVE - 1)]:
            retire(oldest, by=None, now=now)
        made = _made(workspace, content, document, by=None, now=now)
        set_required(workspace, bool(key.get("required")), by=None, now=now)
    return made


def retire(row: IdentityKey, *, by: Teammate | None, now: datetime) -> None:
    """Accept no more tokens of a key, for good: what it was made of is erased.

    Sessions that began with it go on; whoever fears for the key signs everyone out.

    Raises:
        Conflict: when it is the last one while only verified customers may chat.
    """
    if row.retired_at is not None:
        return
    workspace = db.session.get_one(Workspace, row.workspace_id)
    if workspace.requires_verified and len(live(workspace)) == 1:
        raise Conflict(
            "Only verified customers may chat, and this is the last key. Make another key first, or let everybody chat."
        )
    told = _told(row)
    key = content_of(row)
    source = source_of(key)
    erased = {**key, source: key[source] if source is Source.JWKS_URL else ""}
    with transaction():
        row.retired_at = now
        row.sealed_key, row.jwks = _sealed(erased), None
        _note(row, "identity_key.retire", by=by, now=now, before=told)


def set_required(workspace: Workspace, is_required: bool, *, by: Teammate | None, now: datetime) -> None:
    """Say whether only verified customers may chat. Open chats of others end at once.

    Raises:
        Conflict: when there is no key, so that nobody could chat.
    """
    if workspace.requires_verified == is_required:
        return
    if is_required and not live(workspace):
        raise Conflict("Make a key first. Without one nobody could prove who they are, and nobody could chat.")
    with transaction():
        before, workspace.requires_verified = workspace.requires_verified, is_required
        audits.record(
            workspace.id,
            "customer_sign_in.require",
            by=by,
            subject=("workspace", workspace.id, workspace.name),
            before={"only_verified": before},
            after={"only_verified": is_required},
            now=now,
        )
        refresh_secrets.announce_all(workspace.id)


def is_required(workspace_id: uuid.UUID) -> bool:
    """Whether only verified customers may chat; were there no key to verify them with, nobody could."""
    return db.session.get_one(Workspace, workspace_id).requires_verified


def live(workspace: Workspace) -> Sequence[IdentityKey]:
    """The keys whose tokens are accepted, the oldest first."""
    return _of(workspace.id, is_live=True)


def retired(workspace: Workspace) -> Sequence[IdentityKey]:
    """The keys of before, the last retired first."""
    return sorted(_of(workspace.id, is_live=False), key=lambda row: row.retired_at or row.created_at, reverse=True)


def find(workspace: Workspace, key_id: uuid.UUID) -> IdentityKey:
    """A live key of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    return _among(live(workspace), key_id)


def reread(row: IdentityKey, *, now: datetime) -> None:
    """Read a key's address again.

    Raises:
        Invalid: when it has none, or it gives no key set; what was read before stays.
    """
    description: Description = described(row)
    if description.source is not Source.JWKS_URL:
        raise Invalid("This key is not read from an address.")
    try:
        jwks.reread(row, description.address, description.algorithm, now=now)
    except jwks.Unreadable as problem:
        raise Invalid(f"The key set could not be read. {problem} What was read before is still used.") from None


def _made(
    workspace: Workspace,
    content: dict[str, Any],
    document: dict[str, Any] | None,
    *,
    by: Teammate | None,
    now: datetime,
    name: str = "",
) -> IdentityKey:
    row = IdentityKey(
        workspace_id=workspace.id,
        sealed_key=_sealed(content),
        name=clean_line(name)[:LONGEST_NAME],
        jwks=document,
        jwks_read_at=now if document is not None else None,
        created_at=now,
        created_by_id=by.id if by else None,
    )
    with transaction():
        db.session.add(row)
        db.session.flush()
        _note(row, "identity_key.add", by=by, now=now, after=_told(row))
    return row


def _note(
    row: IdentityKey,
    action: str,
    *,
    by: Teammate | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = ("identity_key", row.id, described(row).title)
    audits.record(row.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)


def _told(row: IdentityKey) -> dict[str, Any]:
    description = described(row)
    told = {"algorithm": description.algorithm, "from": description.source.value, "address": description.address}
    return told | {"audience": list(description.audiences), "issuer": description.issuer}


def _sealed(content: Mapping[str, Any]) -> bytes:
    return signing.seal(json.dumps(dict(content)).encode())


def _hold(workspace: Workspace) -> None:
    # Two people who add a key at once take turns, so that there are never three.
    db.session.refresh(workspace, with_for_update={"key_share": True})


def _among(rows: Sequence[IdentityKey], key_id: uuid.UUID) -> IdentityKey:
    for row in rows:
        if row.id == key_id:
            return row
    raise NotFound("There is no such key, or it was retired already.")


def _of(workspace_id: uuid.UUID, *, is_live: bool) -> Sequence[IdentityKey]:
    condition = IdentityKey.retired_at.is_(None) if is_live else IdentityKey.retired_at.is_not(None)
    return db.session.scalars(
        select(IdentityKey).where(IdentityKey.workspace_id == workspace_id, condition).order_by(IdentityKey.id)
    ).all()
