"""Rooms of Slack, Teams and other services that are told what happens."""

from blueprints.admin.rooms.routes import bp

__all__ = ["bp"]
