"""A small sum for a browser to work out before it may go on (proof of work, ALTCHA v1): cheap once, dear a thousand
times."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from altcha import v1

from core.errors import Forbidden
from core.signing import derived_key
from gateways.counters import current_counters

LIFETIME = timedelta(minutes=5)
PASS_FOR = 600
"""Seconds for which a solved one is enough."""
NUMBERS = 60_000
"""Half of them are tried on the average: well under a second in an old phone's browser."""
_LONGEST = 2_000
_FIELDS = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}


class ChallengeRequired(Forbidden):
    """The browser has to work something out first."""

    code = "challenge_required"

    def __init__(self, challenge: dict[str, Any]) -> None:
        super().__init__("One moment: your browser has to show that it is one. For this it needs JavaScript.")
        self.details = {"challenge": challenge}


def issue(binding: str, *, now: datetime) -> dict[str, Any]:
    """A challenge as the ALTCHA protocol writes it.

    Args:
        binding: for whom it is; nobody else's solution counts.
    """
    options = v1.ChallengeOptions(
        algorithm="SHA-256",
        max_number=NUMBERS,
        hmac_key=derived_key("challenges"),
        expires=now + LIFETIME,
        params={"for": _tag(binding)},
    )
    return dict(v1.create_challenge(options).to_dict())


def is_solved(binding: str, solution: str, *, now: datetime) -> bool:
    """Whether this solves a challenge of ours for this binding; each counts once.

    Args:
        solution: the ALTCHA payload, base64 of JSON, as the browser sends it.
    """
    payload = _read(solution)
    if payload is None or payload["algorithm"] != "SHA-256":
        return False
    is_right, _problem = v1.verify_solution(v1.Payload(**payload), derived_key("challenges"), check_expires=False)
    if not is_right:
        return False
    # The signature covers the salt: what stands in it is what we wrote.
    written = v1.extract_params(v1.Payload(**payload).to_dict())
    is_theirs = hmac.compare_digest(written["for"][0], _tag(binding))
    return is_theirs and int(written["expires"][0]) >= now.timestamp() and _spend(payload["challenge"])


def let_pass(binding: str) -> None:
    """Ask nothing more of this one for a while."""
    current_counters().first(PASS_FOR, "challenge-passed", binding)


def has_passed(binding: str) -> bool:
    return current_counters().seen("challenge-passed", binding)


def _spend(challenge: str) -> bool:
    return current_counters().first(2 * int(LIFETIME.total_seconds()), "challenge-spent", challenge)


def _tag(binding: str) -> str:
    return hmac.new(derived_key("challenge-binding"), binding.encode(), "sha256").hexdigest()[:32]


def _read(solution: str) -> dict[str, Any] | None:
    if len(solution) > _LONGEST:
        return None
    try:
        payload = json.loads(base64.b64decode(solution, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    found = {name: payload.get(name) for name in _FIELDS}
    is_whole = all(type(found[name]) is kind and str(found[name]).isascii() for name, kind in _FIELDS.items())
    return found if is_whole and 0 <= (found["number"] or 0) <= NUMBERS else None
