"""Where those are led who still need a second factor, and the codes for the day the device is lost."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.account.blueprint import bp, show_codes
from core import second_factors
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from web import mails, passkey_requests
from web.access import current_teammate, current_workspace, open_without_second_factor, requires
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page


@bp.get("/second-factor")
@requires(Permission.VIEW)
@open_without_second_factor
def second_factor() -> ResponseReturnValue:
    if second_factors.has_one(current_teammate()):
        return redirect(url_for(".show"), 303)
    return render_page(
        "admin/account/second_factor.html",
        workspace=current_workspace(),
        obstacle=passkey_requests.site().obstacle,
    )


@bp.post("/recovery-codes")
@requires(Permission.VIEW)
@freshly_confirmed
def create_recovery_codes() -> ResponseReturnValue:
    try:
        codes = second_factors.renew_codes(current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".show"))
    mails.tell_second_factor_changed(current_teammate(), "New recovery codes were made for your Porchlight account")
    return show_codes(codes)
