"""Confirming that it is still the same person who sits there."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.confirmation.forms import ConfirmationForm
from core import accounts, passkeys, second_factors, teammate_sessions
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from web import passkey_requests, second_steps
from web.access import current_session, current_teammate, open_without_second_factor, requires, safe_path
from web.extensions import limiter
from web.fragments import go_to, render_page

bp = Blueprint("confirmation", __name__, url_prefix="/admin/confirmation")

_a_few = limiter.shared_limit(
    "10 per 10 minutes",
    scope="account-password",
    key_func=lambda: str(current_teammate().id),
    deduct_when=lambda answer: answer.status_code == 422,
)


@bp.get("")
@requires(Permission.VIEW)
@open_without_second_factor
def show() -> ResponseReturnValue:
    return _page(ConfirmationForm(formdata=None))


@bp.post("")
@_a_few
@requires(Permission.VIEW)
@open_without_second_factor
def create() -> ResponseReturnValue:
    form = ConfirmationForm()
    if not form.validate() or not _is_proved(form):
        return _page(form), 422
    return _go_on()


@bp.post("/passkey/options")
@requires(Permission.VIEW)
@open_without_second_factor
def ask_for_passkey() -> ResponseReturnValue:
    site, me = passkey_requests.site(), current_teammate()
    return passkey_requests.ask(passkeys.ask_for_known(site, purpose=_purpose(), teammate=me, now=utc_now()))


@bp.post("/passkey")
@requires(Permission.VIEW)
@open_without_second_factor
def create_by_passkey() -> ResponseReturnValue:
    try:
        answer = passkey_requests.answer()
        passkeys.recognise(
            answer.credential,
            challenge=answer.challenge,
            site=passkey_requests.site(),
            purpose=_purpose(),
            teammate=current_teammate(),
            now=utc_now(),
        )
    except Invalid as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".show", next=_next()))
    return _go_on()


def _is_proved(form: ConfirmationForm) -> bool:
    """Whether password and, where there is one, second factor are right; what is wrong is told at its field."""
    me = current_teammate()
    mine = second_factors.of(me)
    field = form.password
    try:
        accounts.check_password(me, form.password.data)
        if form.recovery_code.data:
            field = form.recovery_code
            second_steps.take_recovery_code(me, form.recovery_code.data)
        elif mine.is_there:
            field = form.code if mine.authenticator else form.recovery_code
            second_steps.take_code(me, form.code.data)
    except Invalid as refusal:
        field.errors = [refusal.message]
        return False
    return True


def _go_on() -> ResponseReturnValue:
    teammate_sessions.confirm(current_session(), now=utc_now())
    return go_to(_next())


def _page(form: ConfirmationForm) -> str:
    values: dict[str, Any] = {
        "form": form,
        "next": _next(),
        "mine": second_factors.of(current_teammate()),
        "obstacle": passkey_requests.site().obstacle,
    }
    return render_page("admin/confirmation/show.html", **values)


def _next() -> str:
    return safe_path(request.args.get("next"))


def _purpose() -> str:
    return passkeys.purpose_of("confirmation", current_teammate())
