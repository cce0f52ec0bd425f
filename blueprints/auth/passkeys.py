"""Signing in with a passkey alone."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.auth.routes import bp
from core import passkeys
from core.clock import utc_now
from core.errors import Invalid
from core.second_factors import Method
from web import attempts, passkey_requests
from web.access import public, safe_path
from web.extensions import limiter
from web.fragments import go_to
from web.sign_ins import sign_in_here


@bp.post("/sign-in/passkey/options")
@limiter.limit("30 per minute", key_func=attempts.network)
@public
def ask_for_passkey() -> ResponseReturnValue:
    asked = passkeys.ask_for_known(passkey_requests.site(), purpose=passkeys.SIGN_IN, now=utc_now())
    return passkey_requests.ask(asked)


@bp.post("/sign-in/passkey")
@limiter.limit("30 per minute", key_func=attempts.network)
@public
def create_session_by_passkey() -> ResponseReturnValue:
    try:
        answer = passkey_requests.answer()
        teammate = passkeys.recognise(
            answer.credential,
            challenge=answer.challenge,
            site=passkey_requests.site(),
            purpose=passkeys.SIGN_IN,
            now=utc_now(),
        )
    except Invalid as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".sign_in", next=request.args.get("next")))
    sign_in_here(teammate, method=Method.PASSKEY)
    return go_to(safe_path(request.args.get("next")))
