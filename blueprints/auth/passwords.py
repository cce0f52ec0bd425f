"""A new password for somebody who forgot theirs."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.auth.forms import ForgotPasswordForm, NewPasswordForm
from blueprints.auth.routes import bp
from core import accounts, password_resets
from core.clock import utc_now
from core.errors import Invalid, NotFound
from web import attempts, mails
from web.access import public
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem


@bp.get("/forgot-password")
@public
def forgot_password() -> ResponseReturnValue:
    return render_page("auth/forgot_password.html", **_asking(ForgotPasswordForm()))


@bp.post("/forgot-password")
@limiter.limit("5 per minute; 30 per hour", key_func=attempts.network)
@public
def create_password_reset() -> ResponseReturnValue:
    form = ForgotPasswordForm()
    if not form.validate():
        return show_problem("auth/forgot_password.html", **_asking(form))
    email = accounts.normal_email(form.email.data)
    if attempts.may_be_mailed(email):
        mails.ask_for_password_reset(email)
    return render_page("auth/forgot_password.html", **_asking(form, is_asked=True))


@bp.get("/reset-password/<token>")
@public
def reset_password(token: str) -> ResponseReturnValue:
    try:
        reset = password_resets.find(token, now=utc_now())
    except NotFound as refusal:
        return _gone(refusal)
    return render_page("auth/reset_password.html", form=NewPasswordForm(), email=reset.teammate.email)


@bp.post("/reset-password/<token>")
@limiter.limit("10 per minute", key_func=attempts.network)
@public
def create_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    try:
        reset = password_resets.find(token, now=utc_now())
        email = reset.teammate.email
        if not form.validate():
            return show_problem("auth/reset_password.html", form=form, email=email)
        password_resets.finish(reset, form.password.data, now=utc_now())
    except NotFound as refusal:
        return _gone(refusal)
    except Invalid as refusal:
        form.password.errors = [refusal.message]
        return show_problem("auth/reset_password.html", form=form, email=email)
    mails.tell_password_changed(reset.teammate)
    attempts.know_browser(email)
    flash("Your new password is set. Sign in with it.", "success")
    return go_to(url_for(".sign_in"))


def _asking(form: ForgotPasswordForm, *, is_asked: bool = False) -> dict[str, Any]:
    return {"form": form, "is_asked": is_asked, "mails_leave": mails.mails_leave_the_server()}


def _gone(refusal: NotFound) -> ResponseReturnValue:
    return render_page("auth/link_gone.html", message=refusal.message, is_reset=True), 404
