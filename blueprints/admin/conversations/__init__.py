"""Conversations in the admin. Importing this package gives the blueprint its routes."""

from blueprints.admin.conversations import (
    file_routes,
    message_routes,
    note_routes,
    presence_routes,
    reveal_routes,
    why_routes,
    writing_routes,
)
from blueprints.admin.conversations.routes import bp

__all__ = [
    "bp",
    "file_routes",
    "message_routes",
    "note_routes",
    "presence_routes",
    "reveal_routes",
    "why_routes",
    "writing_routes",
]
