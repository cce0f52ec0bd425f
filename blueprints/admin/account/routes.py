"""A teammate's own account."""

from flask import Blueprint

from core.permissions import Permission
from web.access import requires

bp = Blueprint("account", __name__, url_prefix="/admin/account")


@bp.get("/")
@requires(Permission.VIEW)
def show() -> str:
    return "account"
