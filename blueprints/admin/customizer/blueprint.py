"""The blueprint that the customizer's routes share."""

from flask import Blueprint

bp = Blueprint("customizer", __name__, url_prefix="/admin/agents")
