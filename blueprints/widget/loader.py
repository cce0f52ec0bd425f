"""The widget's loader."""

from flask import Blueprint

bp = Blueprint("widget_loader", __name__)
