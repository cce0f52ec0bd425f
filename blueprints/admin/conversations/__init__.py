"""Conversations in the admin. Importing this package gives the blueprint its routes."""

from blueprints.admin.conversations import reveal_routes
from blueprints.admin.conversations.routes import bp

__all__ = ["bp", "reveal_routes"]
