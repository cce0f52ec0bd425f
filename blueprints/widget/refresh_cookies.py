"""The one cookie of the widget: the refresh secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request

from blueprints.widget.requests import is_secure
from models.agents import Agent


@dataclass(frozen=True)
class _Form:
    """A way to keep the secret where no script reaches it."""

    prefix: str
    attributes: dict[str, Any]


# Apart for each website that embeds the frame (CHIPS), and bound to this very host (RFC 6265bis, 4.1.3.2).
_BOUND = _Form("__Host-porchlight-", {"secure": True, "samesite": "None", "partitioned": True})
# Over plain http most browsers take nothing else, and then only for pages of the same host.
_PLAIN = _Form("porchlight-", {"secure": False, "samesite": "Lax"})
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def secret_from_cookie(agent: Agent) -> str | None:
    return next((found for form in _forms() if (found := request.cookies.get(form.prefix + agent.public_id))), None)


def keep_in_cookie(response: Response, agent: Agent, secret: str, expires_at: datetime) -> None:
    """Have the browser keep the secret, and send it to us alone."""
    for form in _forms():
        response.set_cookie(
            form.prefix + agent.public_id, secret, expires=expires_at, path="/", httponly=True, **form.attributes
        )


def drop_cookie(response: Response, agent: Agent) -> None:
    for form in _forms():
        response.delete_cookie(form.prefix + agent.public_id, path="/", httponly=True, **form.attributes)


def agents_with_cookie() -> list[str]:
    """The public ids of the agents whose cookies came along."""
    found = (
        name.removeprefix(form.prefix) for form in _forms() for name in request.cookies if name.startswith(form.prefix)
    )
    return list(dict.fromkeys(found))


def _forms() -> list[_Form]:
    if is_secure():
        return [_BOUND]
    # On one's own machine Chromium takes the bound form without https, and in foreign frames takes no other.
    return [_PLAIN, _BOUND] if request.host.rsplit(":", 1)[0] in _LOOPBACK else [_PLAIN]
