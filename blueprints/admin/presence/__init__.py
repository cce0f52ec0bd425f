"""Whether one takes conversations: in the menu of each page, and when, in how many languages, on a page of its own."""

from blueprints.admin.presence.routes import bp

__all__ = ["bp"]
