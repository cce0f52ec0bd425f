"""The random numbers that passkeys sign: each good once, for a few minutes, and for one purpose."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from core.signing import hash_secret
from models import db, transaction
from models.second_factors import PasskeyChallenge

LIFETIME = timedelta(minutes=5)


def issue(purpose: str, *, now: datetime) -> bytes:
    """A new challenge of 256 bits (WebAuthn Level 3, 13.4.3).

    Args:
        purpose: what it is for and for whom, such as `sign-in`; what was signed for one is worth nothing for another.
    """
    challenge = secrets.token_bytes(32)
    with transaction():
        db.session.add(PasskeyChallenge(challenge_hash=_hash(purpose, challenge), expires_at=now + LIFETIME))
    return challenge


def take(purpose: str, challenge: bytes, *, now: datetime) -> bool:
    """Whether this challenge was issued for this purpose and has not been used; from now on it has been."""
    with transaction():
        expires_at = db.session.scalar(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.challenge_hash == _hash(purpose, challenge))
            .returning(PasskeyChallenge.expires_at)
            .execution_options(synchronize_session=False)
        )
    return expires_at is not None and expires_at > now


def clear_expired(*, now: datetime) -> None:
    """Forget challenges that nobody answered."""
    with transaction():
        db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))


def _hash(purpose: str, challenge: bytes) -> str:
    return hash_secret(f"{purpose}:{challenge.hex()}")
