"""Who may use a route. Each one says it; one that does not is refused, and a test reads the whole map."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core import second_factors, teammate_sessions
from core.clock import utc_now
from core.errors import Forbidden
from core.permissions import Permission, may
from models.teammates import Teammate, TeammateSession, Workspace
from web.extensions import login_manager
from web.fragments import go_to

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only teammates with this permission in; others get a 403, strangers the sign-in page."""

    def mark(view: View) -> View:
        cast(Any, view).access = permission
        return view

    return mark


def public(view: View) -> View:
    """Let everybody in. The view answers for itself what it shows to whom."""
    cast(Any, view).access = PUBLIC
    return view


def open_without_second_factor(view: View) -> View:
    """Leave the way open for those who still have to set up a second factor that their workspace asks for."""
    cast(Any, view).is_open_without_second_factor = True
    return view


def access_of(view: Callable[..., Any]) -> Permission | str | None:
    return getattr(view, "access", None)


class SignedIn:
    """What flask-login carries through a request: a teammate in one of their sessions."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, session: TeammateSession, token: str) -> None:
        self.session = session
        self.teammate = session.teammate
        self._token = token

    def get_id(self) -> str:
        return self._token


def current_teammate() -> Teammate:
    """The teammate of this request; only for routes that require a permission."""
    return cast(SignedIn, current_user).teammate


def current_session() -> TeammateSession:
    return cast(SignedIn, current_user).session


def current_workspace() -> Workspace:
    return current_teammate().workspace


def is_allowed(permission: Permission) -> bool:
    """Whether the person who looks at the page may do this; for templates."""
    # Looked up once: a list asks for each of its rows.
    user: object = current_user._get_current_object()
    return isinstance(user, SignedIn) and may(user.teammate.role, permission)


def guard(app: Flask) -> None:
    """Check every request against what its route says, and tell flask-login how to know a teammate."""
    login_manager.user_loader(_load)
    app.before_request(_check_access)
    app.jinja_env.globals.update(is_allowed=is_allowed, Permission=Permission)


def _load(token: str) -> SignedIn | None:
    session = teammate_sessions.find(token, now=utc_now())
    return SignedIn(session, token) if session else None


def _check_access() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access == PUBLIC:
        return None
    if access is None:
        current_app.logger.error("The route %s does not say who may use it.", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if _has_to_set_up_second_factor():
        return go_to(url_for("account.second_factor"))
    if not may(current_teammate().role, Permission(access)):
        raise Forbidden("Your role does not allow this. Ask an admin of your workspace.")
    return None


def _has_to_set_up_second_factor() -> bool:
    view = current_app.view_functions[request.endpoint or ""]
    return second_factors.is_missing(current_teammate()) and not getattr(view, "is_open_without_second_factor", False)


def _ask_to_sign_in() -> ResponseReturnValue:
    wanted = request.headers.get("HX-Current-URL") or request.url
    address = url_for("auth.sign_in", next=safe_path(wanted))
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    if request.method not in ("GET", "HEAD"):
        return redirect(url_for("auth.sign_in"), 303)
    return redirect(address, 303)


def safe_path(address: str | None) -> str:
    """The path and query of an address on this server, so that *next* never leads elsewhere."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return "/admin/"
    path = parts.path
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return "/admin/"
    return f"{path}?{parts.query}" if parts.query else path
