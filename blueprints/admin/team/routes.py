"""The team."""

from flask import Blueprint

from core.permissions import Permission
from web.access import requires

bp = Blueprint("team", __name__, url_prefix="/admin/team")


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    return "team"
