"""The second step of signing in: what somebody shows besides the password."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field

from blueprints.auth.forms import CodeForm, RecoveryCodeForm
from blueprints.auth.routes import bp
from core import passkeys, second_factors
from core.clock import utc_now
from core.errors import Invalid, TooMany, Unauthenticated
from core.second_factors import Method
from models.teammates import Teammate
from web import attempts, passkey_requests, second_steps
from web.access import public, safe_path
from web.extensions import limiter
from web.fragments import go_to, render_page
from web.sign_ins import half_signed_in, sign_in_here

View = TypeVar("View", bound=Callable[..., Any])

_a_few = limiter.shared_limit("30 per minute", scope="second-factor", key_func=attempts.network)


def after_the_password(view: View) -> View:
    """Hand the view the teammate whose password was right just now; others begin anew."""

    @wraps(view)
    def checked() -> Any:
        try:
            teammate = half_signed_in()
        except Unauthenticated as refusal:
            flash(refusal.message, "info")
            return go_to(url_for(".sign_in", next=request.args.get("next")))
        return view(teammate)

    return cast(View, checked)


@bp.get("/sign-in/second-factor")
@public
@after_the_password
def second_factor(teammate: Teammate) -> ResponseReturnValue:
    return _page(teammate)


@bp.post("/sign-in/second-factor/code")
@_a_few
@public
@after_the_password
def show_code(teammate: Teammate) -> ResponseReturnValue:
    form = CodeForm()
    return _take(teammate, Method.APP, second_steps.take_code, form.code, code_form=form)


@bp.post("/sign-in/second-factor/recovery-code")
@_a_few
@public
@after_the_password
def show_recovery_code(teammate: Teammate) -> ResponseReturnValue:
    form = RecoveryCodeForm()
    return _take(
        teammate, Method.RECOVERY_CODE, second_steps.take_recovery_code, form.recovery_code, recovery_form=form
    )


@bp.post("/sign-in/second-factor/passkey/options")
@_a_few
@public
@after_the_password
def ask_for_second_passkey(teammate: Teammate) -> ResponseReturnValue:
    purpose = passkeys.purpose_of("second-factor", teammate)
    site = passkey_requests.site()
    return passkey_requests.ask(passkeys.ask_for_known(site, purpose=purpose, teammate=teammate, now=utc_now()))


@bp.post("/sign-in/second-factor/passkey")
@_a_few
@public
@after_the_password
def show_passkey(teammate: Teammate) -> ResponseReturnValue:
    try:
        answer = passkey_requests.answer()
        passkeys.recognise(
            answer.credential,
            challenge=answer.challenge,
            site=passkey_requests.site(),
            purpose=passkeys.purpose_of("second-factor", teammate),
            teammate=teammate,
            now=utc_now(),
        )
    except Invalid as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".second_factor", next=request.args.get("next")))
    return _enter(teammate, Method.BOTH)


def _take(
    teammate: Teammate, method: Method, take: Callable[[Teammate, str], None], field: Field, **named: FlaskForm
) -> ResponseReturnValue:
    """Let a teammate in with what stands in the field of a form, or show the page again with this form."""
    (form,) = named.values()
    if not form.validate():
        return _page(teammate, **named), 422
    try:
        take(teammate, field.data)
    except Invalid as refusal:
        field.errors = [refusal.message]
        return _page(teammate, **named), 422
    except TooMany as refusal:
        field.errors = [refusal.message]
        return _held_up(refusal, _page(teammate, **named))
    return _enter(teammate, method)


def _enter(teammate: Teammate, method: Method) -> ResponseReturnValue:
    sign_in_here(teammate, method=method)
    if second_factors.of(teammate).are_codes_few:
        flash("Few recovery codes are left. Make new ones on the page of your account.", "warning")
    return go_to(safe_path(request.args.get("next")))


def _page(teammate: Teammate, **forms: Any) -> str:
    fresh = {"code_form": CodeForm(formdata=None), "recovery_form": RecoveryCodeForm(formdata=None)}
    values: dict[str, Any] = {
        "mine": second_factors.of(teammate),
        "obstacle": passkey_requests.site().obstacle,
        "next": request.args.get("next"),
    }
    return render_page("auth/second_factor.html", **(values | fresh | forms))


def _held_up(refusal: TooMany, page: str) -> ResponseReturnValue:
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
