"""The admin's cookie stays in the admin."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class AdminCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, but never set or varied on by what customers' browsers and caches get.

    A shared cache that keeps a loader together with a `Set-Cookie` would hand a teammate's session to strangers.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not (request.blueprint or "").startswith("widget_"):
            super().save_session(app, session, response)
