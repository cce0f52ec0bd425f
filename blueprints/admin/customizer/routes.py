"""How the widget looks."""

from flask import Blueprint

bp = Blueprint("customizer", __name__, url_prefix="/admin/agents")
