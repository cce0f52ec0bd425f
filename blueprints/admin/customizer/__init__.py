"""The customizer. Importing this package gives the blueprint its routes."""

from blueprints.admin.customizer import (
    history_routes,
    match_routes,
    picture_routes,
    preview_routes,
    routes,
    schedule_routes,
    sharing_routes,
    trigger_routes,
    words_routes,
)
from blueprints.admin.customizer.blueprint import bp

__all__ = [
    "bp",
    "history_routes",
    "match_routes",
    "picture_routes",
    "preview_routes",
    "routes",
    "schedule_routes",
    "sharing_routes",
    "trigger_routes",
    "words_routes",
]
