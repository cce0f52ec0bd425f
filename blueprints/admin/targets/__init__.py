"""How soon customers should be answered: what is wanted, and the clock in the inbox."""

from blueprints.admin.targets.routes import bp

__all__ = ["bp"]
