"""Conversations with customers."""

from flask import Blueprint

from core.permissions import Permission
from web.access import requires

bp = Blueprint("conversations", __name__, url_prefix="/admin/conversations")


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    return "conversations"
