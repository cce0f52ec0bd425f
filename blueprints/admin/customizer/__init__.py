"""The customizer. Importing this package gives the blueprint its routes."""

from blueprints.admin.customizer import match_routes, picture_routes, routes, trigger_routes
from blueprints.admin.customizer.blueprint import bp

__all__ = ["bp", "match_routes", "picture_routes", "routes", "trigger_routes"]
