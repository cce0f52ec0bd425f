"""A teammate's passkeys: add, name, remove."""

import uuid

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.account.blueprint import after_new_factor, bp
from blueprints.admin.account.forms import PasskeyForm
from core import passkeys, second_factors
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from web import mails, passkey_requests
from web.access import current_teammate, open_without_second_factor, requires
from web.browsers import browser_in_words
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page


@bp.get("/passkeys/new")
@requires(Permission.VIEW)
@open_without_second_factor
@freshly_confirmed
def new_passkey() -> ResponseReturnValue:
    return _page(PasskeyForm(formdata=None, name=browser_in_words(request.user_agent.string)))


@bp.post("/passkeys/options")
@requires(Permission.VIEW)
@open_without_second_factor
@freshly_confirmed
def ask_for_new_passkey() -> ResponseReturnValue:
    me = current_teammate()
    asked = passkeys.ask_for_new(me, passkey_requests.site(), purpose=_purpose(), now=utc_now())
    return passkey_requests.ask(asked)


@bp.post("/passkeys")
@requires(Permission.VIEW)
@open_without_second_factor
@freshly_confirmed
def create_passkey() -> ResponseReturnValue:
    form = PasskeyForm()
    if not form.validate():
        return _page(form), 422
    try:
        answer = passkey_requests.answer()
        codes = second_factors.add_passkey(
            current_teammate(),
            answer.credential,
            challenge=answer.challenge,
            site=passkey_requests.site(),
            purpose=_purpose(),
            name=form.name.data,
            now=utc_now(),
        )
    except (Invalid, Conflict) as refusal:
        form.form_errors.append(refusal.message)
        return _page(form), 422
    return after_new_factor("A passkey was added to your Porchlight account", codes)


@bp.post("/passkeys/<uuid:passkey_id>/name")
@requires(Permission.VIEW)
def rename_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    passkey = passkeys.find(current_teammate(), passkey_id)
    form = PasskeyForm()
    if not form.validate():
        flash(" ".join(form.name.errors), "danger")
    else:
        second_factors.rename_passkey(current_teammate(), passkey, form.name.data, now=utc_now())
        flash(f"The passkey is called {passkey.name} now.", "success")
    return go_to(url_for(".show"))


@bp.post("/passkeys/<uuid:passkey_id>/removal")
@requires(Permission.VIEW)
@freshly_confirmed
def remove_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    passkey = passkeys.find(current_teammate(), passkey_id)
    try:
        second_factors.remove_passkey(current_teammate(), passkey, now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".show"))
    what = f"The passkey {passkey.name} of your Porchlight account was removed"
    mails.tell_second_factor_changed(current_teammate(), what)
    flash(f"{what}. Delete it in the device, too: it opens nothing any more.", "success")
    return go_to(url_for(".show"))


def _page(form: PasskeyForm) -> str:
    return render_page("admin/account/passkey.html", form=form, obstacle=passkey_requests.site().obstacle)


def _purpose() -> str:
    return passkeys.purpose_of("new-passkey", current_teammate())
