"""The one cookie of the widget: the refresh secret."""

from datetime import datetime

from flask import Response, request

from blueprints.widget.requests import is_secure
from models.agents import Agent

_SECURE = "__Host-porchlight-"
_PLAIN = "porchlight-"


def secret_from_cookie(agent: Agent) -> str | None:
    return request.cookies.get(_name(agent))


def keep_in_cookie(response: Response, agent: Agent, secret: str, expires_at: datetime) -> None:
    """Keep the secret where no script reaches it, apart for each website that embeds the frame (CHIPS).

    Over plain http browsers take neither `__Host-` nor `SameSite=None`; there it works on one's own machine only.
    """
    is_https = is_secure()
    response.set_cookie(
        _name(agent),
        secret,
        expires=expires_at,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="None" if is_https else "Lax",
        partitioned=is_https,
    )


def drop_cookie(response: Response, agent: Agent) -> None:
    is_https = is_secure()
    response.delete_cookie(
        _name(agent),
        path="/",
        secure=is_https,
        httponly=True,
        samesite="None" if is_https else "Lax",
        partitioned=is_https,
    )


def agents_with_cookie() -> list[str]:
    """The public ids of the agents whose cookies came along."""
    prefix = _SECURE if is_secure() else _PLAIN
    return [name.removeprefix(prefix) for name in request.cookies if name.startswith(prefix)]


def _name(agent: Agent) -> str:
    return (_SECURE if is_secure() else _PLAIN) + agent.public_id
