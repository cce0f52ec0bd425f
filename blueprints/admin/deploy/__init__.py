"""Deploy on My Site. Importing this package gives the blueprint its routes."""

from blueprints.admin.deploy import check_routes, handover_routes, routes
from blueprints.admin.deploy.blueprint import bp

__all__ = ["bp", "check_routes", "handover_routes", "routes"]
