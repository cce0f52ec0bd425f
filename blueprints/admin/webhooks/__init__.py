"""Settings → Webhooks: which servers of the site are told what happens, and how that went."""

from blueprints.admin.webhooks import delivery_routes, routes
from blueprints.admin.webhooks.blueprint import bp

__all__ = ["bp", "delivery_routes", "routes"]
