"""Customers in the admin. Importing this package gives the blueprint its routes."""

from blueprints.admin.customers import data_routes, memory_routes, merge_routes
from blueprints.admin.customers.routes import bp

__all__ = ["bp", "data_routes", "memory_routes", "merge_routes"]
