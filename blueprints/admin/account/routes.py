"""A teammate's own account: name, e-mail, password, and where they are signed in."""

import uuid
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.account import authenticator_routes, passkey_routes, second_factor_routes
from blueprints.admin.account.blueprint import bp
from blueprints.admin.account.forms import EmailForm, NameForm, PasswordForm
from core import accounts, password_resets, passwords, second_factors, teammate_sessions
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Permission
from models.teammates import TeammateSession
from web import mails, passkey_requests
from web.access import current_session, current_teammate, requires
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem

__all__ = ["authenticator_routes", "bp", "passkey_routes", "second_factor_routes"]

# A browser left open must not be a place to guess the password at leisure.
_guesses = limiter.shared_limit(
    "10 per 10 minutes",
    scope="account-password",
    key_func=lambda: str(current_teammate().id),
    deduct_when=lambda answer: answer.status_code == 422,
)


@bp.get("/")
@requires(Permission.VIEW)
def show() -> ResponseReturnValue:
    return render_page("admin/account/index.html", **_shown())


@bp.post("/name")
@requires(Permission.VIEW)
def change_name() -> ResponseReturnValue:
    form = NameForm(prefix="name")
    if not form.validate():
        return _show_problem(name_form=form)
    accounts.rename(current_teammate(), form.name.data, now=utc_now())
    flash("Your name is changed.", "success")
    return go_to(url_for(".show"))


@bp.post("/email")
@_guesses
@requires(Permission.VIEW)
def change_email() -> ResponseReturnValue:
    form = EmailForm(prefix="email")
    if not form.validate():
        return _show_problem(email_form=form)
    before = current_teammate().email
    try:
        accounts.change_email(current_teammate(), form.email.data, password=form.password.data, now=utc_now())
    except Invalid as refusal:
        form.password.errors = [refusal.message]
        return _show_problem(email_form=form)
    except Conflict as refusal:
        form.email.errors = [refusal.message]
        return _show_problem(email_form=form)
    if current_teammate().email != before:
        mails.tell_email_changed(current_teammate(), before=before)
    flash(f"You sign in with {current_teammate().email} from now on.", "success")
    return go_to(url_for(".show"))


@bp.post("/password")
@_guesses
@requires(Permission.VIEW)
def change_password() -> ResponseReturnValue:
    form = PasswordForm(prefix="password")
    if not form.validate():
        return _show_problem(password_form=form)
    try:
        password_resets.change(
            current_teammate(), current=form.current.data, new=form.new.data, here=current_session(), now=utc_now()
        )
    except passwords.TooWeak as refusal:
        form.new.errors = [refusal.message]
        return _show_problem(password_form=form)
    except Invalid as refusal:
        form.current.errors = [refusal.message]
        return _show_problem(password_form=form)
    mails.tell_password_changed(current_teammate())
    flash("Your password is changed. All your other browsers are signed out.", "success")
    return go_to(url_for(".show"))


@bp.post("/browsers/<uuid:session_id>/end")
@requires(Permission.VIEW)
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    session = _own_session(session_id)
    if session.id == current_session().id:
        teammate_sessions.end(session, now=utc_now())
        return go_to(url_for("auth.sign_in"))
    teammate_sessions.end_other(session, by=current_teammate(), now=utc_now())
    flash(f"{session.browser} is signed out.", "success")
    return go_to(url_for(".show"))


@bp.post("/browsers/others/end")
@requires(Permission.VIEW)
def end_other_sessions() -> ResponseReturnValue:
    teammate_sessions.end_others(current_teammate(), here=current_session(), now=utc_now())
    flash("All your other browsers are signed out.", "success")
    return go_to(url_for(".show"))


def _shown(**forms: Any) -> dict[str, Any]:
    teammate = current_teammate()
    fresh = {
        "name_form": NameForm(prefix="name", formdata=None, name=teammate.name),
        "email_form": EmailForm(prefix="email", formdata=None, email=teammate.email),
        "password_form": PasswordForm(prefix="password", formdata=None),
        "me": teammate,
        "here": current_session(),
        "mine": second_factors.of(teammate),
        "obstacle": passkey_requests.site().obstacle,
        "sessions": teammate_sessions.listed(teammate, now=utc_now()),
    }
    return fresh | forms


def _show_problem(**forms: Any) -> ResponseReturnValue:
    return show_problem("admin/account/index.html", **_shown(**forms))


def _own_session(session_id: uuid.UUID) -> TeammateSession:
    for session in teammate_sessions.listed(current_teammate(), now=utc_now()):
        if session.id == session_id:
            return session
    raise NotFound("This browser is signed out already.")
