"""Looks at a token check by check, for the people who have to find out why it is refused."""

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.customer_tokens import claims as rules
from core.customer_tokens.compact import CompactToken, read_compact
from core.customer_tokens.keys import InvalidKey, algorithm_of, audiences_of, issuer_of
from core.customer_tokens.refusals import TokenRefused
from core.customer_tokens.verification import (
    check_algorithm,
    check_header,
    check_signature,
    find_signing_key,
    read_claims,
)


class Step(enum.StrEnum):
    """What is checked, in this order."""

    SHAPE = "shape"
    HEADER = "header"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    CONTENT = "content"
    EXPIRES = "exp"
    STARTS = "nbf"
    ISSUED = "iat"
    AUDIENCE = "aud"
    ISSUER = "iss"
    SUBJECT = "sub"


@dataclass(frozen=True)
class Check:
    """How one check went: `passed` is None where an earlier failure left nothing to look at."""

    step: Step
    passed: bool | None
    found: str = ""
    """What the token says there, in words; only for whoever pasted it."""
    code: str = ""
    mend: str = ""


def examine(token: object, key: object, *, now: float) -> list[Check]:
    """Check a token as `verify` does, but go on after a failure as far as there is something to look at.

    It passes as a whole exactly when `verify` accepts it. Unlike a refusal of `verify`, the answer holds parts of the
    token: it is for the person who pasted it, never for a log.

    Args:
        token: the JWT.
        key: as for `verify`.
        now: POSIX seconds.
    Returns:
        one check for each step, in order.
    """
    seen = _Examination(token, key, now)
    for step, look in seen.looks():
        seen.take(step, look)
    return seen.checks


class _Examination:
    def __init__(self, token: object, key: object, now: float) -> None:
        self._token, self._key, self._now = token, key, now
        self._parts: CompactToken | None = None
        self._signing_key: Any = None
        self._claims: dict[str, Any] | None = None
        self.checks: list[Check] = []

    def looks(self) -> list[tuple[Step, Callable[[], str | None]]]:
        return [
            (Step.SHAPE, self._shape),
            (Step.HEADER, self._header),
            (Step.ALGORITHM, self._algorithm),
            (Step.KEY, self._find_key),
            (Step.SIGNATURE, self._signature),
            (Step.CONTENT, self._content),
            (Step.EXPIRES, self._expires),
            (Step.STARTS, lambda: self._time("nbf", "Valid since {}")),
            (Step.ISSUED, lambda: self._time("iat", "Made {}")),
            (Step.AUDIENCE, self._audience),
            (Step.ISSUER, self._issuer),
            (Step.SUBJECT, self._subject),
        ]

    def take(self, step: Step, look: Callable[[], str | None]) -> None:
        """Look, and note what was found; None means that there is nothing to look at."""
        try:
            found = look()
            check = Check(step, None) if found is None else Check(step, True, found)
        except TokenRefused as refusal:
            check = Check(step, False, self._said(step), refusal.code, refusal.reason)
        except InvalidKey as invalid:
            check = Check(step, False, "", "bad_key", f"The key that is configured here cannot be used. {invalid}")
        self.checks.append(check)

    def _shape(self) -> str:
        self._parts = read_compact(self._token)
        return "Three parts, joined by dots"

    def _header(self) -> str | None:
        if self._parts is None:
            return None
        check_header(self._parts.header)
        unused = sorted({"jwk", "jku", "x5u", "x5c"} & self._parts.header.keys())
        return f"Fine; {', '.join(unused)} is never used" if unused else "Nothing in it that cannot be understood"

    def _algorithm(self) -> str | None:
        if self._parts is None:
            return None
        check_algorithm(self._parts.header, algorithm_of(self._key))
        return algorithm_of(self._key)

    def _find_key(self) -> str | None:
        if self._parts is None or self._has_failed(Step.ALGORITHM):
            return None
        self._signing_key = find_signing_key(self._key, self._parts.header)
        return "The key that the token names" if "kid" in self._parts.header else "The configured key"

    def _signature(self) -> str | None:
        if self._parts is None or self._signing_key is None:
            return None
        check_signature(self._parts, self._signing_key)
        return "Made with the configured key"

    def _content(self) -> str | None:
        if self._parts is None:
            return None
        self._claims = read_claims(self._parts)
        return f"{len(self._claims)} {'claim' if len(self._claims) == 1 else 'claims'}"

    def _expires(self) -> str | None:
        if self._claims is None:
            return None
        alone = {name: value for name, value in self._claims.items() if name == "exp"}
        expires = rules.check_times(alone, now=self._now)
        return f"Valid until {_moment(expires, self._now)}"

    def _time(self, name: str, words: str) -> str | None:
        if self._claims is None:
            return None
        if name not in self._claims:
            return "Not in the token, and not needed"
        # With an expiry that cannot fail, so that this claim is judged by itself.
        rules.check_times({name: self._claims[name], "exp": self._now}, now=self._now)
        return words.format(_moment(self._claims[name], self._now))

    def _audience(self) -> str | None:
        wanted = audiences_of(self._key)
        if self._claims is None:
            return None
        rules.check_addressing(self._claims, audiences=wanted, issuer=None)
        return ", ".join(wanted) if wanted else "Not asked for by the key"

    def _issuer(self) -> str | None:
        wanted = issuer_of(self._key)
        if self._claims is None:
            return None
        rules.check_addressing(self._claims, audiences=(), issuer=wanted)
        return wanted or "Not asked for by the key"

    def _subject(self) -> str | None:
        if self._claims is None:
            return None
        return rules.customer_of(self._claims, expires_at=self._now).customer_id

    def _has_failed(self, step: Step) -> bool:
        return any(check.step is step and check.passed is False for check in self.checks)

    def _said(self, step: Step) -> str:
        """What the token says where it failed, for comparison."""
        if step is Step.ALGORITHM and self._parts is not None:
            return _shown(self._parts.header.get("alg"))
        if self._claims is None or step not in self._claims:
            return ""
        value = self._claims[step]
        is_time = step in (Step.EXPIRES, Step.STARTS, Step.ISSUED) and isinstance(value, int | float)
        return _moment(value, self._now) if is_time and not isinstance(value, bool) else _shown(value)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text[:200]


def _moment(seconds: float, now: float) -> str:
    """A time, with how far away it is, as in *22 Nov 2026, 12:00:05 UTC, 3 minutes ago*."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"{_shown(seconds)}, which is no time on any calendar"
    return f"{moment}, {_distance(seconds - now)}"


def _distance(seconds: float) -> str:
    if abs(seconds) < 1:
        return "now"
    size, name = next((size, name) for size, name in _UNITS if abs(seconds) >= size)
    count = math.floor(abs(seconds) / size)
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
