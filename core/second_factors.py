"""What a teammate shows besides the password: an authenticator app or a passkey, and codes on paper for bad days."""

import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from core import audits, authenticators, passkeys, recovery_codes, teammate_sessions
from core.errors import Conflict
from core.passkey_sites import Site
from models import db, transaction
from models.second_factors import Authenticator, Passkey
from models.teammates import Teammate, Workspace


class Method(enum.StrEnum):
    """How somebody proved who they are, as the audit log tells it."""

    PASSWORD = "password"  # noqa: S105 - the word itself
    APP = "password and a code of the app"
    PASSKEY = "passkey"
    BOTH = "password and passkey"
    RECOVERY_CODE = "password and a recovery code"
    INVITATION = "invitation"
    FIRST_ACCOUNT = "first account"


@dataclass(frozen=True)
class SecondFactors:
    """What one teammate has."""

    authenticator: Authenticator | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def is_there(self) -> bool:
        return bool(self.authenticator or self.passkeys)

    @property
    def are_codes_few(self) -> bool:
        return self.is_there and self.codes_left <= recovery_codes.FEW


def of(teammate: Teammate) -> SecondFactors:
    return SecondFactors(authenticators.find(teammate), passkeys.listed(teammate), recovery_codes.left(teammate))


def has_one(teammate: Teammate) -> bool:
    """Whether the password alone does not let them in."""
    return bool(db.session.scalar(select(_has_one(teammate.id))))


def those_with_one(workspace: Workspace) -> set[uuid.UUID]:
    """The ids of the workspace's teammates who have one."""
    found = select(Teammate.id).where(Teammate.workspace_id == workspace.id, _has_one(Teammate.id))
    return set(db.session.scalars(found))


def is_missing(teammate: Teammate) -> bool:
    """Whether the workspace asks everybody for one and this teammate has none."""
    return teammate.workspace.requires_second_factor and not has_one(teammate)


def take_code(teammate: Teammate, code: str, *, now: datetime) -> bool:
    """Whether this code of their app proves it; it does so once."""
    return authenticators.take(teammate, code, now=now)


def take_recovery_code(teammate: Teammate, code: str, *, address: str = "", now: datetime) -> bool:
    """Whether this code on paper proves it; it does so once."""
    with transaction():
        if not recovery_codes.take(teammate, code, now=now):
            return False
        left = {"codes left": recovery_codes.left(teammate)}
        _record(teammate, "recovery_code.use", by=teammate, after=left, address=address, now=now)
    return True


def set_up_authenticator(teammate: Teammate, secret: str, code: str, *, now: datetime) -> Sequence[str]:
    """Take an authenticator app into use, or another in its place.

    Returns:
        Recovery codes to be shown once, with the first second factor; else nothing.

    Raises:
        Invalid: the code is not the app's.
    """
    with transaction():
        _hold(teammate)
        had_one = authenticators.find(teammate) is not None
        codes = _codes_for_the_first(teammate, now=now)
        authenticators.set_up(teammate, secret, code, now=now)
        _record(teammate, "authenticator.replace" if had_one else "authenticator.add", by=teammate, now=now)
    return codes


def add_passkey(
    teammate: Teammate,
    credential: Mapping[str, Any],
    *,
    challenge: bytes,
    site: Site,
    purpose: str,
    name: str,
    now: datetime,
) -> Sequence[str]:
    """Take a passkey into use.

    Returns:
        Recovery codes to be shown once, with the first second factor; else nothing.

    Raises:
        Invalid: it does not answer what was asked.
        Conflict: it is known already.
    """
    passkey = passkeys.read_new(
        teammate, credential, challenge=challenge, site=site, purpose=purpose, name=name, now=now
    )
    with transaction():
        _hold(teammate)
        codes = _codes_for_the_first(teammate, now=now)
        passkeys.add(passkey)
        _record(teammate, "passkey.add", by=teammate, name=passkey.name, now=now)
    return codes


def rename_passkey(teammate: Teammate, passkey: Passkey, name: str, *, now: datetime) -> None:
    before = passkey.name
    with transaction():
        passkeys.rename(passkey, name)
        changed: dict[str, Any] = {"before": {"name": before}, "after": {"name": passkey.name}}
        _record(teammate, "passkey.rename", by=teammate, name=passkey.name, now=now, **changed)


def remove_authenticator(teammate: Teammate, *, now: datetime) -> None:
    """Switch the app off.

    Raises:
        Conflict: the workspace asks for a second factor, and this is the last.
    """
    with transaction():
        authenticators.remove(teammate)
        _record(teammate, "authenticator.remove", by=teammate, now=now)
        _settle_what_is_left(teammate)


def remove_passkey(teammate: Teammate, passkey: Passkey, *, now: datetime) -> None:
    """Take a passkey out of use.

    Raises:
        Conflict: the workspace asks for a second factor, and this is the last.
    """
    with transaction():
        passkeys.remove(passkey)
        _record(teammate, "passkey.remove", by=teammate, name=passkey.name, now=now)
        _settle_what_is_left(teammate)


def renew_codes(teammate: Teammate, *, now: datetime) -> Sequence[str]:
    """New recovery codes, to be shown once, in the place of those before.

    Raises:
        Conflict: there is no second factor that they could stand in for.
    """
    if not has_one(teammate):
        raise Conflict("Recovery codes stand in for a second factor. Set one up first.")
    with transaction():
        codes = recovery_codes.renew(teammate, now=now)
        _record(teammate, "recovery_codes.renew", by=teammate, now=now)
    return codes


def forget_all(teammate: Teammate) -> None:
    """Keep nothing of a teammate's second factors."""
    with transaction():
        authenticators.remove(teammate)
        passkeys.remove_all(teammate)
        recovery_codes.remove(teammate)


def reset(teammate: Teammate, *, by: Teammate | None, now: datetime) -> None:
    """Let somebody who has lost their devices sign in with the password alone, and sign them out everywhere.

    Args:
        by: the admin who does it; None on the server's command line.

    Raises:
        Conflict: they have none.
    """
    if not has_one(teammate):
        raise Conflict(f"{teammate.name} has no second factor.")
    with transaction():
        forget_all(teammate)
        teammate_sessions.end_all(teammate, now=now)
        action = "second_factor.reset" if by else "second_factor.reset_on_server"
        _record(teammate, action, by=by, now=now)


def require(workspace: Workspace, *, of_everybody: bool, by: Teammate, now: datetime) -> None:
    """Ask everybody in the workspace for a second factor, or leave it to them.

    Raises:
        Conflict: who asks for it has none themself.
    """
    if of_everybody and not has_one(by):
        raise Conflict("Set up your own second factor first, so that you are not the first to be locked out.")
    if workspace.requires_second_factor == of_everybody:
        return
    with transaction():
        workspace.requires_second_factor = of_everybody
        audits.record(
            workspace.id,
            "second_factor.require" if of_everybody else "second_factor.leave_open",
            by=by,
            subject=("workspace", workspace.id, workspace.name),
            now=now,
        )


def _has_one(teammate_id: Any) -> Any:
    return exists().where(Authenticator.teammate_id == teammate_id) | exists().where(Passkey.teammate_id == teammate_id)


def _hold(teammate: Teammate) -> None:
    # Of a form that is sent twice, the second replaces what the first has set up; of two that are the first, one is.
    db.session.refresh(teammate, with_for_update={"key_share": True})


def _codes_for_the_first(teammate: Teammate, *, now: datetime) -> Sequence[str]:
    return [] if has_one(teammate) else recovery_codes.renew(teammate, now=now)


def _settle_what_is_left(teammate: Teammate) -> None:
    if has_one(teammate):
        return
    if teammate.workspace.requires_second_factor:
        raise Conflict("Everybody in your workspace needs a second factor. Set up another before you remove this one.")
    recovery_codes.remove(teammate)


def _record(
    teammate: Teammate, action: str, *, by: Teammate | None, now: datetime, name: str = "", **changes: Any
) -> None:
    subject = ("teammate", teammate.id, name or teammate.name)
    audits.record(teammate.workspace_id, action, by=by, subject=subject, now=now, **changes)
