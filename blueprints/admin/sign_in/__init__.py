"""Settings → Customer sign-in. Importing this package gives the blueprint its routes."""

from blueprints.admin.sign_in import check_routes, key_routes, routes
from blueprints.admin.sign_in.blueprint import bp

__all__ = ["bp", "check_routes", "key_routes", "routes"]
