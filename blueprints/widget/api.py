"""The widget's api."""

from flask import Blueprint

bp = Blueprint("widget_api", __name__)
