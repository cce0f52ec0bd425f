"""Getting in: first run, sign in and out, password reset, invitations."""

from blueprints.auth import invitations, passkeys, passwords, routes, second_factor

__all__ = ["invitations", "passkeys", "passwords", "routes", "second_factor"]
