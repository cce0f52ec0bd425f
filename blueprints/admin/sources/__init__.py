"""Pages and files that an agent has learned from."""

from blueprints.admin.sources import page_routes, routes
from blueprints.admin.sources.blueprint import bp

__all__ = ["bp", "page_routes", "routes"]
