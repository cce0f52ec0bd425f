"""Conversations in the admin. Importing this package gives the blueprint its routes."""

from blueprints.admin.conversations import (
    bulk_routes,
    correction_routes,
    file_routes,
    list_routes,
    message_routes,
    note_routes,
    presence_routes,
    reveal_routes,
    saved_view_routes,
    why_routes,
    work_routes,
    writing_routes,
)
from blueprints.admin.conversations.routes import bp

__all__ = [
    "bp",
    "bulk_routes",
    "correction_routes",
    "file_routes",
    "list_routes",
    "message_routes",
    "note_routes",
    "presence_routes",
    "reveal_routes",
    "saved_view_routes",
    "why_routes",
    "work_routes",
    "writing_routes",
]
