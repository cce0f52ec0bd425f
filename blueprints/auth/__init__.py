"""Getting in: first run, sign in and out, password reset, invitations."""

from blueprints.auth import invitations, passwords, routes

__all__ = ["invitations", "passwords", "routes"]
