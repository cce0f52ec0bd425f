"""Who answers: how conversations are given, and who is there to get them."""

from blueprints.admin.routing.routes import bp

__all__ = ["bp"]
