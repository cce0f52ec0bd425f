"""Signing a browser in, in one step or two, and out."""

import hmac
import time
import uuid

from flask import request, session
from flask_login import current_user, login_user, logout_user

from core import teammate_sessions
from core.clock import utc_now
from core.errors import Unauthenticated
from core.second_factors import Method
from core.signing import derived_key
from models import db
from models.teammates import Teammate
from web import attempts
from web.access import SignedIn
from web.browsers import browser_in_words

_HALF = "half_signed_in"
_HALF_GOOD_FOR = 5 * 60
_WITH_SECOND_FACTOR = {Method.APP, Method.PASSKEY, Method.BOTH, Method.RECOVERY_CODE}


def sign_in_here(teammate: Teammate, *, method: Method) -> None:
    """Make this browser one of the teammate's. Nothing of what it held before is kept (session fixation)."""
    sign_out_here()
    now = utc_now()
    token = teammate_sessions.start(
        teammate,
        browser=browser_in_words(request.user_agent.string),
        address=request.remote_addr or "",
        method=method,
        now=now,
    )
    started = teammate_sessions.find(token, now=now)
    if started is None:
        return
    session.permanent = True
    login_user(SignedIn(started, token))
    attempts.know_browser(teammate.email, by_second_factor=method in _WITH_SECOND_FACTOR)


def sign_out_here() -> None:
    """End this browser's session, if it has one."""
    if current_user.is_authenticated:
        teammate_sessions.end(current_user.session, now=utc_now())
        logout_user()
    session.clear()


def begin_second_step(teammate: Teammate) -> None:
    """Remember for five minutes that the password was right. It opens nothing until the second factor was shown."""
    sign_out_here()
    session[_HALF] = {"teammate": teammate.id.hex, "at": int(time.time()), "proof": _proof(teammate)}


def half_signed_in() -> Teammate:
    """Whose password was right in this browser just now.

    Raises:
        Unauthenticated: nobody's, or it is too long ago, or the password has changed since.
    """
    half = session.get(_HALF) or {}
    if time.time() - half.get("at", 0) <= _HALF_GOOD_FOR:
        teammate = db.session.get(Teammate, uuid.UUID(hex=half["teammate"]))
        if teammate is not None and teammate.is_active and hmac.compare_digest(half["proof"], _proof(teammate)):
            return teammate
    session.pop(_HALF, None)
    raise Unauthenticated("That took too long. Sign in again.")


def _proof(teammate: Teammate) -> str:
    """Changes with the password, so that a half that was stolen ends with it."""
    content = f"{teammate.id}:{teammate.password_hash}".encode()
    return hmac.new(derived_key("half-signed-in"), content, "sha256").hexdigest()
