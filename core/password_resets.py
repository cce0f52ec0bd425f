"""New passwords: by the old one, or by a mailed link for those who forgot it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from core import accounts, audits, passwords, teammate_sessions
from core.errors import NotFound
from core.signing import hash_secret, new_secret
from models import db, transaction
from models.teammates import PasswordReset, Teammate, TeammateSession

LIFETIME = timedelta(hours=1)
_NO_SUCH_LINK = "This link has been used or has run out. Ask for a new one."


def start(teammate: Teammate, *, now: datetime) -> str:
    """Make the secret of a link that sets a new password, once and within an hour; only its hash is kept."""
    secret = new_secret()
    with transaction():
        db.session.add(
            PasswordReset(
                teammate_id=teammate.id, token_hash=hash_secret(secret), created_at=now, expires_at=now + LIFETIME
            )
        )
    return secret


def find(secret: str, *, now: datetime) -> PasswordReset:
    """The request for a new password to which this link belongs.

    Raises:
        NotFound: it was used, has run out, or never was.
    """
    reset = db.session.scalar(select(PasswordReset).where(PasswordReset.token_hash == hash_secret(secret)))
    if reset is None or reset.used_at or reset.expires_at <= now or not reset.teammate.is_active:
        raise NotFound(_NO_SUCH_LINK)
    return reset


def finish(reset: PasswordReset, password: str, *, now: datetime) -> None:
    """Set the new password and sign the teammate out everywhere.

    Raises:
        Invalid: the password is not good enough.
        NotFound: the link was used in the meantime.
    """
    teammate = reset.teammate
    passwords.check_new(password, email=teammate.email)
    password_hash = passwords.hash_password(password)
    with transaction():
        _use(reset, now=now)
        _store(teammate, password_hash, now=now)
        teammate_sessions.end_all(teammate, now=now)
        _record(teammate, "password.reset", now=now)


def change(teammate: Teammate, *, current: str, new: str, here: TeammateSession, now: datetime) -> None:
    """Set a new password by the current one, and sign the teammate out everywhere but here.

    Raises:
        Invalid: the current one is wrong, or the new one is not good enough.
    """
    accounts.check_password(teammate, current)
    passwords.check_new(new, email=teammate.email)
    password_hash = passwords.hash_password(new)
    with transaction():
        _store(teammate, password_hash, now=now)
        teammate_sessions.end_all(teammate, now=now, but=here)
        _record(teammate, "password.change", now=now)


def clear_expired(*, now: datetime) -> None:
    """Forget links that have run out."""
    with transaction():
        db.session.execute(delete(PasswordReset).where(PasswordReset.expires_at < now - timedelta(days=1)))


def _use(reset: PasswordReset, *, now: datetime) -> None:
    used = db.session.scalar(
        update(PasswordReset)
        .where(PasswordReset.id == reset.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
        .returning(PasswordReset.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise NotFound(_NO_SUCH_LINK)


def _record(teammate: Teammate, action: str, *, now: datetime) -> None:
    subject = ("teammate", teammate.id, teammate.name)
    audits.record(teammate.workspace_id, action, by=teammate, subject=subject, now=now)


def _store(teammate: Teammate, password_hash: str, *, now: datetime) -> None:
    """Keep the hash; links that were mailed before are worth nothing any more."""
    teammate.password_hash = password_hash
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.teammate_id == teammate.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
