"""Signing in at a shop from the chat: the button, the window that it opens, and the way back (docs/security.md).

A frame cannot show a shop's sign-in, so that it takes a window of its own. The window is told by the chat that has
opened it, and by nobody else, which sign-in it is for; from there on, this browser's cookie says so.
"""

import secrets
import uuid

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.widget.languages import voice_for
from blueprints.widget.limits import PER_ADDRESS, check_not_blocked, within
from blueprints.widget.requests import json_body, require_same_origin
from core import sessions, shop_accounts, shop_answers
from core.clock import utc_now
from core.errors import DomainError, Invalid, NotFound
from core.shop_accounts.logins import LIFETIME
from core.widget_configs import WidgetConfig
from models.customers import WidgetSession
from web.access import public
from web.assets import asset_url
from web.extensions import csrf
from web.origins import is_secure, own_origin

bp = Blueprint("widget_shop_sign_ins", __name__)
csrf.exempt(bp)

_OFTEN = "10/minute;60/hour"


@bp.post("/api/v1/widget/shop-sign-ins")
@within(session=_OFTEN, address=PER_ADDRESS)
@public
def begin() -> ResponseReturnValue:
    """The button was pressed: what the window that the chat opens has to show."""
    session = _session()
    try:
        connection_id = uuid.UUID(str(json_body().get("shop")))
    except ValueError:
        raise Invalid("Say at which shop.") from None
    return jsonify(secret=shop_accounts.begin(session, connection_id, now=utc_now())), 201


@bp.delete("/api/v1/widget/shop-sign-ins")
@within(session=_OFTEN, address=PER_ADDRESS)
@public
def end() -> ResponseReturnValue:
    shop_accounts.end_of_session(_session())
    return "", 204


@bp.get("/shop-sign-in")
@within(address=PER_ADDRESS)
@public
def show() -> ResponseReturnValue:
    """The window: it says nothing of any sign-in before the chat that has opened it does."""
    return _page("waiting")


@bp.post("/api/v1/widget/shop-sign-ins/window")
@within(address=PER_ADDRESS)
@public
def arm() -> ResponseReturnValue:
    """The window knows which sign-in it is for: bind it to this browser, and tell where it goes on."""
    require_same_origin()
    armed = shop_accounts.arm(json_body().get("secret"), public_url=own_origin(), now=utc_now())
    response = jsonify(url=armed.url)
    response.set_cookie(
        _cookie(),
        armed.browser,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=is_secure(),
        httponly=True,
        # The way back is a link on the shop's pages.
        samesite="Lax",
    )
    return response


@bp.get("/shop-sign-in/<uuid:shop_id>/return")
@within(address=PER_ADDRESS)
@public
def finish(shop_id: uuid.UUID) -> ResponseReturnValue:
    """Where the shop sends its customers back to. Nothing in the address leads anywhere from here."""
    browser, now = request.cookies.get(_cookie()), utc_now()
    try:
        row = shop_accounts.finish(shop_id, request.args, browser=browser, now=now)
        shop_answers.signed_in(row, now=now)
    except DomainError as refusal:
        response = _page("failed", status=_status(refusal))
    else:
        response = _page("done")
    response.delete_cookie(_cookie(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    return response


def _session() -> WidgetSession:
    # Not by a mailed link: whoever the mail was passed on to would look into somebody's orders.
    session = sessions.find(request.headers.get("X-Widget-Token"), now=utc_now())
    check_not_blocked(session)
    return session


def _page(state: str, *, status: int = 200) -> Response:
    nonce = secrets.token_urlsafe(16)
    page = render_template(
        "widget/shop_sign_in.html",
        state=state,
        script=asset_url("shop-sign-in.js"),
        nonce=nonce,
        **voice_for(WidgetConfig()).for_template(),
    )
    response = make_response(page, status)
    headers = response.headers
    headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types porchlight"
    )
    # What stands in the address is told to nobody; and the window has to know the chat that has opened it, which
    # stands on another website's page, or on a page of ours that lets nobody else near.
    headers["Referrer-Policy"] = "no-referrer"
    if request.args.get("from") != "link":
        headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _status(refusal: DomainError) -> int:
    return 404 if isinstance(refusal, NotFound) else 400


def _cookie() -> str:
    # Of this very host, by https alone, wherever there is https (RFC 6265bis, 4.1.3.2).
    return "__Host-porchlight-shop" if is_secure() else "porchlight-shop"
