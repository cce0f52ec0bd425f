"""The browsers in which teammates are signed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from core import audits
from core.signing import hash_secret, new_secret
from models import db, transaction
from models.teammates import Teammate, TeammateSession

LIFETIME = timedelta(days=30)
_TOUCH_EVERY = timedelta(minutes=5)


def start(teammate: Teammate, *, browser: str, address: str = "", method: str = "", now: datetime) -> str:
    """Sign a browser in; returns the token it has to show, of which only a hash is kept.

    Args:
        method: how they proved who they are, for the audit log.
    """
    token = new_secret()
    with transaction():
        db.session.add(
            TeammateSession(
                teammate_id=teammate.id,
                token_hash=hash_secret(token),
                browser=browser[:120],
                address=address,
                created_at=now,
                confirmed_at=now,
                last_seen_at=now,
                expires_at=now + LIFETIME,
            )
        )
        if method:
            _record("browser.sign_in", browser, by=teammate, after={"how": method}, address=address, now=now)
    return token


def find(token: str, *, now: datetime) -> TeammateSession | None:
    """The live session that this token opens, if its teammate still belongs to the team."""
    session = db.session.scalar(select(TeammateSession).where(TeammateSession.token_hash == hash_secret(token)))
    if session is None or session.ended_at or session.expires_at <= now or not session.teammate.is_active:
        return None
    if now - session.last_seen_at > _TOUCH_EVERY:
        with transaction():
            session.last_seen_at = now
    return session


def listed(teammate: Teammate, *, now: datetime) -> Sequence[TeammateSession]:
    """Where a teammate is signed in, the latest first."""
    return db.session.scalars(
        select(TeammateSession)
        .where(
            TeammateSession.teammate_id == teammate.id,
            TeammateSession.ended_at.is_(None),
            TeammateSession.expires_at > now,
        )
        .order_by(TeammateSession.last_seen_at.desc())
    ).all()


def confirm(session: TeammateSession, *, now: datetime) -> None:
    """Note that the person has just proved again that it is them."""
    with transaction():
        session.confirmed_at = now


def end(session: TeammateSession, *, now: datetime) -> None:
    """Sign this browser out."""
    with transaction():
        session.ended_at = now


def end_other(session: TeammateSession, *, by: Teammate, now: datetime) -> None:
    """Sign another of one's own browsers out."""
    with transaction():
        end(session, now=now)
        _record("browser.sign_out", session.browser, by=by, now=now)


def end_others(by: Teammate, *, here: TeammateSession, now: datetime) -> None:
    """Sign oneself out everywhere but here."""
    with transaction():
        end_all(by, now=now, but=here)
        _record("browser.sign_out_others", here.browser, by=by, now=now)


def end_all(teammate: Teammate, *, now: datetime, but: TeammateSession | None = None) -> None:
    """Sign a teammate out everywhere, except perhaps here."""
    ended = update(TeammateSession).where(
        TeammateSession.teammate_id == teammate.id, TeammateSession.ended_at.is_(None)
    )
    if but is not None:
        ended = ended.where(TeammateSession.id != but.id)
    with transaction():
        db.session.execute(ended.values(ended_at=now))


def _record(action: str, browser: str, *, by: Teammate, now: datetime, **details: Any) -> None:
    audits.record(by.workspace_id, action, by=by, subject=("browser", None, browser), now=now, **details)
