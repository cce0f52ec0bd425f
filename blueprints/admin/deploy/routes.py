"""Deploy on My Site."""

from flask import Blueprint

bp = Blueprint("deploy", __name__, url_prefix="/admin/agents")
