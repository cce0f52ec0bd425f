"""Signing a browser in and out."""

from flask import request, session
from flask_login import current_user, login_user, logout_user

from core import teammate_sessions
from core.clock import utc_now
from models.teammates import Teammate
from web.access import SignedIn
from web.browsers import browser_in_words


def sign_in_here(teammate: Teammate) -> None:
    """Make this browser one of the teammate's. Nothing of what it held before is kept (session fixation)."""
    sign_out_here()
    now = utc_now()
    token = teammate_sessions.start(teammate, browser=browser_in_words(request.user_agent.string), now=now)
    started = teammate_sessions.find(token, now=now)
    if started is None:
        return
    session.permanent = True
    login_user(SignedIn(started, token))


def sign_out_here() -> None:
    """End this browser's session, if it has one."""
    if current_user.is_authenticated:
        teammate_sessions.end(current_user.session, now=utc_now())
        logout_user()
    session.clear()
