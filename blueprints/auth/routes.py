"""Getting in: first run, sign in and out, password reset, invitations."""

from flask import Blueprint

from web.access import public

bp = Blueprint("auth", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> str:
    return "sign in"


@bp.post("/sign-out")
@public
def sign_out() -> str:
    return ""


@bp.get("/icon.svg")
@public
def icon() -> str:
    return ""
