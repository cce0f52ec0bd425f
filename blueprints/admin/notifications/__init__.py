"""What a teammate is told: the bell, the list behind it, and how it reaches them."""

from blueprints.admin.notifications.routes import bp

__all__ = ["bp"]
