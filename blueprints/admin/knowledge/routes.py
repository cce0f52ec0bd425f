"""Questions and answers."""

from flask import Blueprint

bp = Blueprint("knowledge", __name__, url_prefix="/admin/agents")
