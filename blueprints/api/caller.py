"""Who calls: a program with a key, and how often it may."""

from typing import cast

from flask import g, request

from core import api_keys
from core.clock import utc_now
from core.errors import Conflict, TooMany, Unauthenticated
from core.permissions import Permission, may
from gateways.counters import current_counters
from models.api_keys import ApiKey
from models.teammates import Teammate, Workspace

CALLS, SECONDS = 600, 60
"""So many calls a key may make in so many seconds."""
_LONGEST_KEY = 200


def identify(scope: str | None) -> ApiKey:
    """The key of this call, which has to be good for a scope.

    Raises:
        Unauthenticated: `key_required`, or as `api_keys.authenticate`.
        TooMany: when the key was used too often.
        Forbidden: when it lacks the scope.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Send an API key, as in “Authorization: Bearer pl_…”.", code="key_required")
    key = api_keys.authenticate(secret.strip()[:_LONGEST_KEY], now=utc_now())
    g.api_key = key
    if not current_counters().hit(CALLS, SECONDS, *_counter(key)):
        wait = current_counters().wait(CALLS, SECONDS, *_counter(key))
        raise TooMany(f"This key has made {CALLS} calls within a minute. Wait {wait} seconds.", retry_after=wait)
    if scope is not None:
        api_keys.check(key, scope)
    return key


def current_key() -> ApiKey:
    return cast(ApiKey, g.api_key)


def current_workspace() -> Workspace:
    return current_key().workspace


def author() -> Teammate | None:
    """In whose name things are done: whoever made the key, while they are in the team."""
    return api_keys.maker(current_key())


def writer() -> Teammate:
    """In whose name customers are written to.

    Raises:
        Conflict: when whoever made the key is no longer there, or may not answer.
    """
    teammate = author()
    if teammate is None or not may(teammate.role, Permission.ANSWER):
        raise Conflict("Whoever made this key can no longer answer customers. Say by `teammateId` who writes.")
    return teammate


def limits_left(key: ApiKey) -> dict[str, str]:
    """What is left to a key, in the words of draft-ietf-httpapi-ratelimit-headers-10."""
    counters = current_counters()
    left = counters.left(CALLS, SECONDS, *_counter(key))
    wait = counters.wait(CALLS, SECONDS, *_counter(key))
    return {"RateLimit-Policy": f'"key";q={CALLS};w={SECONDS}', "RateLimit": f'"key";r={left};t={wait}'}


def _counter(key: ApiKey) -> tuple[str, str]:
    return "api", key.id.hex
