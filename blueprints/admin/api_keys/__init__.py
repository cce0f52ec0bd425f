"""Keys for the site's own programs, and a page to try their calls."""

from blueprints.admin.api_keys.routes import bp

__all__ = ["bp"]
