"""Customers in the admin. Importing this package gives the blueprint its routes."""

from blueprints.admin.customers import conversation_routes, data_routes, memory_routes, merge_routes
from blueprints.admin.customers.routes import bp

__all__ = ["bp", "conversation_routes", "data_routes", "memory_routes", "merge_routes"]
