"""The widget's frame."""

from flask import Blueprint

bp = Blueprint("widget_frame", __name__)
