"""gunicorn's own log, without the links that let somebody in."""

import re
from typing import Any

from gunicorn.glogging import Logger

# Whoever has one of these addresses has what it opens: an account, a new password, a page for a developer.
_SECRET_PATH = re.compile(r"(/(?:invitations|reset-password|handovers)/)[^/?#\s]+")


class ServerLog(Logger):  # type: ignore[misc]
    """Hides what stands in the path of a mailed link, in the access log as well as in debugging messages."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: hidden(value) for name, value in found.items()}

    def debug(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().debug(hidden(msg), *(hidden(value) for value in args), **kwargs)


def hidden(value: Any) -> Any:
    """The same without the secret of a mailed link."""
    return _SECRET_PATH.sub(r"\1…", value) if isinstance(value, str) else value
