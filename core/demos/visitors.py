"""Signs a made-up customer in on the demo's page, as a shop would do with its own."""

from datetime import datetime, timedelta

from core import connections, identity_keys, signing
from core.demos.shop_connections import TITLE
from models.agents import Agent
from models.teammates import Workspace

INES = {"sub": "LL-34550", "name": "Ines Calder", "email": "ines.calder@mail.example"}
"""Whoever tries the demo may be her: she is nobody, and has not chatted yet."""
_LASTS = timedelta(hours=1)
_PURPOSE = "demo-visitors"


def let_sign_in(workspace: Workspace, *, now: datetime) -> None:
    """Make the key live with which the demo's page signs its visitor, unless it is."""
    if not identity_keys.live(workspace):
        identity_keys.configure(workspace, {"alg": "HS256", "secret": _secret()}, now=now)


def can_sign_in(agent: Agent) -> bool:
    """Whether the demo is connected to the made-up shop, so that signing in shows something."""
    return any(row.title == TITLE for row in connections.listed(agent))


def token(*, now: datetime) -> str:
    """A customer token for Ines (RFC 7519, HS256)."""
    from joserfc import jwt
    from joserfc.jwk import OctKey

    issued = int(now.timestamp())
    claims = INES | {"iat": issued, "exp": issued + int(_LASTS.total_seconds())}
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(_secret()), ["HS256"])


def _secret() -> str:
    return signing.derived_key(_PURPOSE).hex()
