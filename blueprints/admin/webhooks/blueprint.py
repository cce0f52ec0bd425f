"""The blueprint of the webhooks' pages."""

from flask import Blueprint

bp = Blueprint("webhooks", __name__, url_prefix="/admin/settings/webhooks")
