"""Confirming that it is still the same person who sits there."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.admin.confirmation.forms import ConfirmationForm
from core import accounts, teammate_sessions
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from web.access import current_session, current_teammate, requires, safe_path
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("confirmation", __name__, url_prefix="/admin/confirmation")


@bp.get("")
@requires(Permission.VIEW)
def show() -> ResponseReturnValue:
    return render_page("admin/confirmation/show.html", form=ConfirmationForm(), next=_next())


@bp.post("")
@limiter.shared_limit(
    "10 per 10 minutes",
    scope="account-password",
    key_func=lambda: str(current_teammate().id),
    deduct_when=lambda answer: answer.status_code == 422,
)
@requires(Permission.VIEW)
def create() -> ResponseReturnValue:
    form = ConfirmationForm()
    if not form.validate():
        return show_problem("admin/confirmation/show.html", form=form, next=_next())
    try:
        accounts.check_password(current_teammate(), form.password.data)
    except Invalid as refusal:
        form.password.errors = [refusal.message]
        return show_problem("admin/confirmation/show.html", form=form, next=_next())
    teammate_sessions.confirm(current_session(), now=utc_now())
    return go_to(_next())


def _next() -> str:
    return safe_path(request.args.get("next"))
