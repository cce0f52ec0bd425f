"""The blueprint that the deploy dialog's routes share."""

from flask import Blueprint

bp = Blueprint("deploy", __name__, url_prefix="/admin/agents")
