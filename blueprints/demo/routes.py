"""A pretend shop page with the widget on it."""

from flask import Blueprint

bp = Blueprint("demo", __name__)
