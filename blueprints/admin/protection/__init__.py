"""Settings → Protection, with Blocked visitors beneath it, and blocking from a conversation."""

from blueprints.admin.protection.blocked_routes import bp as blocked
from blueprints.admin.protection.conversation_routes import bp as visitor_blocks
from blueprints.admin.protection.routes import bp as protection

__all__ = ["blocked", "protection", "visitor_blocks"]
