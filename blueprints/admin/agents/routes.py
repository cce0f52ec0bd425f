"""Agents: the list, the page of one, making one."""

from flask import Blueprint

from core.permissions import Permission
from web.access import requires

bp = Blueprint("agents", __name__, url_prefix="/admin")


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    return "agents"
