"""Teams, which take a part of the conversations."""

from blueprints.admin.teams.routes import bp

__all__ = ["bp"]
