"""Previews: the real widget with the draft look, for who holds a signed link."""

from flask import request

from core import signing
from core.errors import Unauthenticated
from core.signing import Kind
from models.agents import Agent

LIFETIME = 24 * 60 * 60
"""Seconds for which a preview's address is good."""


def previewed(agent: Agent) -> bool:
    """Whether this request carries a preview token of this agent."""
    token = request.args.get("preview", "")
    if not token:
        return False
    try:
        return signing.read(Kind.PREVIEW, token, max_age=LIFETIME).get("agent") == str(agent.id)
    except Unauthenticated:
        return False
