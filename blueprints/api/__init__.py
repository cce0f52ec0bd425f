"""The API for the site's own programs (docs/api.md): each operation is declared once, and documented from that."""

from blueprints.api import (
    agent_routes,
    conversation_routes,
    customer_routes,
    document_routes,
    entry_routes,
    event_routes,
    key_routes,
    message_routes,
    source_routes,
    team_routes,
    webhook_routes,
)
from blueprints.api.blueprint import bp

__all__ = [
    "agent_routes",
    "bp",
    "conversation_routes",
    "customer_routes",
    "document_routes",
    "entry_routes",
    "event_routes",
    "key_routes",
    "message_routes",
    "source_routes",
    "team_routes",
    "webhook_routes",
]
