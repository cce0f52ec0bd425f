"""Authenticator apps: codes that change every 30 seconds (TOTP, RFC 6238)."""

import hmac
from datetime import datetime

import pyotp
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, update

from core.errors import Invalid
from core.signing import seal, unseal
from models import db, transaction
from models.second_factors import Authenticator
from models.teammates import Teammate

log = structlog.get_logger()

ISSUER = "Porchlight"
_WRONG = "That is not the code that your app shows now. Look again, and check the clock of your phone."
# A clock may be half a minute off, and typing takes time (RFC 6238, 5.2).
_STEPS_AROUND = (0, -1, 1)


def new_secret() -> str:
    """A secret for one app, in base 32: 160 bits (RFC 4226, 4, R6)."""
    return pyotp.random_base32()


def address_for(teammate: Teammate, secret: str) -> str:
    """The `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=teammate.email, issuer_name=ISSUER)


def find(teammate: Teammate) -> Authenticator | None:
    return db.session.get(Authenticator, teammate.id, populate_existing=True)


def set_up(teammate: Teammate, secret: str, code: str, *, now: datetime) -> None:
    """Take an app in the place of the one before, now that its first code has shown that it has the secret.

    Raises:
        Invalid: the code is not the app's.
    """
    step = _step_of(secret, code, now=now)
    if step is None:
        raise Invalid(_WRONG)
    with transaction():
        remove(teammate)
        db.session.add(
            Authenticator(teammate_id=teammate.id, sealed_secret=seal(secret.encode()), created_at=now, last_step=step)
        )


def take(teammate: Teammate, code: str, *, now: datetime) -> bool:
    """Whether this is a code of the teammate's app that was not used before; it cannot be used again.

    Source: RFC 6238, 5.2.
    """
    authenticator = find(teammate)
    secret = _secret_of(authenticator) if authenticator else None
    if authenticator is None or secret is None:
        return False
    step = _step_of(secret, code, now=now)
    return step is not None and _use(authenticator, step)


def remove(teammate: Teammate) -> None:
    with transaction():
        db.session.execute(
            delete(Authenticator)
            .where(Authenticator.teammate_id == teammate.id)
            .execution_options(synchronize_session="fetch")
        )


def _secret_of(authenticator: Authenticator) -> str | None:
    """What the app was given; None when it was sealed under a key that the server no longer has."""
    try:
        return unseal(authenticator.sealed_secret).decode()
    except InvalidTag:
        log.error("authenticator_unreadable", teammate=str(authenticator.teammate_id))
        return None


def _step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, among the present one and those beside it."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    app = pyotp.TOTP(secret)
    here = app.timecode(now)
    # All are compared, so that the time tells nothing.
    matching = [here + by for by in _STEPS_AROUND if hmac.compare_digest(app.generate_otp(here + by).encode(), typed)]
    return matching[0] if matching else None


def _use(authenticator: Authenticator, step: int) -> bool:
    # Of two who show the same code at once, one gets in.
    with transaction():
        used = db.session.scalar(
            update(Authenticator)
            .where(Authenticator.teammate_id == authenticator.teammate_id, Authenticator.last_step < step)
            .values(last_step=step)
            .returning(Authenticator.teammate_id)
            .execution_options(synchronize_session=False)
        )
    return used is not None
