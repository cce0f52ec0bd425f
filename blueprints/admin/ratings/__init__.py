"""How content customers were: what is asked, and where it is shown."""

from blueprints.admin.ratings.routes import bp

__all__ = ["bp"]
