"""Setting up an authenticator app, and switching it off."""

import base64
import time

import segno
from flask import flash, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.admin.account.blueprint import after_new_factor, bp
from blueprints.admin.account.forms import AuthenticatorForm
from core import authenticators, second_factors
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.signing import seal, unseal
from web import mails
from web.access import current_teammate, open_without_second_factor, requires
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page

_WAITING = "new_authenticator"
_GOOD_FOR = 15 * 60


@bp.get("/authenticator")
@requires(Permission.VIEW)
@open_without_second_factor
@freshly_confirmed
def new_authenticator() -> ResponseReturnValue:
    return _page(AuthenticatorForm(formdata=None))


@bp.post("/authenticator")
@requires(Permission.VIEW)
@open_without_second_factor
@freshly_confirmed
def create_authenticator() -> ResponseReturnValue:
    form = AuthenticatorForm()
    if not form.validate():
        return _page(form), 422
    try:
        codes = second_factors.set_up_authenticator(
            current_teammate(), _waiting_secret(), form.code.data, now=utc_now()
        )
    except Invalid as refusal:
        form.code.errors = [refusal.message]
        return _page(form), 422
    session.pop(_WAITING, None)
    return after_new_factor("An authenticator app was set up for your Porchlight account", codes)


@bp.post("/authenticator/removal")
@requires(Permission.VIEW)
@freshly_confirmed
def remove_authenticator() -> ResponseReturnValue:
    try:
        second_factors.remove_authenticator(current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".show"))
    what = "The authenticator app of your Porchlight account was switched off"
    mails.tell_second_factor_changed(current_teammate(), what)
    flash(f"{what}.", "success")
    return go_to(url_for(".show"))


def _page(form: AuthenticatorForm) -> str:
    secret = _waiting_secret()
    return render_page(
        "admin/account/authenticator.html",
        form=form,
        mine=second_factors.of(current_teammate()),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        address=authenticators.address_for(current_teammate(), secret),
        qr_code=_qr_code(authenticators.address_for(current_teammate(), secret)),
    )


def _waiting_secret() -> str:
    """The secret that waits for its first code. It stays in this browser, sealed, so that an app that is in use goes
    on working until another has shown that it does."""
    waiting = session.get(_WAITING)
    if waiting is None or time.time() - waiting["at"] > _GOOD_FOR:
        sealed = base64.b64encode(seal(authenticators.new_secret().encode())).decode()
        waiting = session[_WAITING] = {"sealed": sealed, "at": int(time.time())}
    return unseal(base64.b64decode(waiting["sealed"])).decode()


def _qr_code(address: str) -> Markup:
    """A QR code (ISO/IEC 18004, error correction M) as inline SVG without a style attribute, which our CSP refuses."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, svgclass="qr-code", lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - segno writes numbers only
