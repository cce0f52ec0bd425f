"""The blueprint that the routes of customer sign-in share."""

from flask import Blueprint

bp = Blueprint("sign_in", __name__, url_prefix="/admin/settings/sign-in")
