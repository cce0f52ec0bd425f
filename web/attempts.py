"""Holds up those who guess passwords and codes, without letting them lock anybody out.

Tries for one e-mail are counted apart for browsers in which it has signed in before (OWASP, device cookies): a stranger
who uses up the tries of all strangers does not hold up the person whose account it is. For the codes of a second
factor, such a browser is one in which a second factor was shown before.

A try is counted when it begins, so that many at once are as many as one after the other; a right one clears the count.
"""

import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import after_this_request, request
from limits import RateLimitItem, parse, parse_many
from werkzeug.wrappers import Response

from core.errors import TooMany
from core.signing import derived_key, derived_keys
from gateways.queue import current_queue
from web.addresses import network as network  # noqa: PLC0414 - the routes of sign-in count by it, too
from web.extensions import limiter

GUESSED_PASSWORDS = "guessed_passwords"
GUESSED_CODES = "guessed_codes"
_COOKIE = "porchlight_browser"
_A_YEAR = 365 * 24 * 3600
_MAILS = parse("3 per hour")
_PASSWORDS_BY_STRANGERS = parse_many("20 per hour")
_PASSWORDS_BY_A_KNOWN_BROWSER = parse_many("10 per 10 minutes")
# Three of a million codes are good at any time: whoever has the password would need some thirty years of this.
_CODES_BY_STRANGERS = parse_many("10 per hour; 30 per day")
_CODES_BY_A_KNOWN_BROWSER = parse_many("10 per 10 minutes; 40 per day")


@dataclass(frozen=True)
class Tries:
    """The tries that are left to prove to be the person with one e-mail, in this browser."""

    email: str
    limits: Sequence[RateLimitItem]
    names: tuple[str, str]
    refusal: str
    noted_as: str
    """The queue's task that is told of the last wrong one."""

    def take(self) -> None:
        """Use one up.

        Raises:
            TooMany: none is left; with the time to wait.
        """
        if all(limiter.limiter.hit(limit, *self.names) for limit in self.limits):
            return
        wait = self._wait()
        raise TooMany(self.refusal.format(_in_words(wait)), retry_after=wait)

    def were_wrong(self) -> None:
        """Note it when the last one that was left has just been used up by a wrong guess."""
        if not all(limiter.limiter.test(limit, *self.names) for limit in self.limits):
            # Whether anybody has this e-mail is left to the queue: the answer takes equally long.
            current_queue().add(self.noted_as, self.email, request.remote_addr or "")

    def were_right(self) -> None:
        """Count anew."""
        for limit in self.limits:
            limiter.limiter.clear(limit, *self.names)

    def _wait(self) -> int:
        """Seconds until another is there."""
        full = [limit for limit in self.limits if not limiter.limiter.test(limit, *self.names)] or self.limits
        ends = max(limiter.limiter.get_window_stats(limit, *self.names).reset_time for limit in full)
        return max(1, int(ends - time.time()))


def passwords_for(email: str) -> Tries:
    refusal = "There were too many wrong passwords for this e-mail. Try again in {}, or set a new password."
    if browser := _known_browser(email):
        return Tries(email, _PASSWORDS_BY_A_KNOWN_BROWSER, ("sign-in-known", browser), refusal, GUESSED_PASSWORDS)
    return Tries(email, _PASSWORDS_BY_STRANGERS, ("sign-in", _name_of(email)), refusal, GUESSED_PASSWORDS)


def codes_for(email: str) -> Tries:
    refusal = "There were too many wrong codes. Try again in {}."
    if browser := _known_browser(_with_code(email)):
        return Tries(email, _CODES_BY_A_KNOWN_BROWSER, ("code-known", browser), refusal, GUESSED_CODES)
    return Tries(email, _CODES_BY_STRANGERS, ("code", _name_of(email)), refusal, GUESSED_CODES)


def may_be_mailed(email: str) -> bool:
    """Whether one more link may go to this address; nobody's mailbox is filled by strangers."""
    return limiter.limiter.hit(_MAILS, "mail", _name_of(email))


def know_browser(email: str, *, by_second_factor: bool = False) -> None:
    """Remember in this browser that the person with this e-mail has proven it here.

    Args:
        by_second_factor: whether also by more than the password: a stolen mailbox alone makes no browser whose codes
            are counted apart from those of strangers.
    """
    browser = secrets.token_urlsafe(16)
    seals = [_seal(browser, email), *([_seal(browser, _with_code(email))] if by_second_factor else [])]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _COOKIE,
            ".".join((browser, *seals)),
            max_age=_A_YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _known_browser(name: str) -> str:
    """The mark of this browser, if it was given one for this name; else nothing."""
    browser, *seals = request.cookies.get(_COOKIE, "").split(".")
    known = [seal.encode() for seal in _seals(browser, name)]
    return browser if any(hmac.compare_digest(one.encode(), seal) for one in seals[:2] for seal in known) else ""


def _with_code(email: str) -> str:
    # No e-mail holds a line's end, so no e-mail passes as this.
    return f"{email}\nand a code"


def _name_of(email: str) -> str:
    # Addresses may be shown by tools that look into Redis, and be of any length.
    return hmac.new(derived_key("attempts"), email.encode("utf-8", "replace"), "sha256").hexdigest()


def _seal(browser: str, email: str) -> str:
    return _seals(browser, email)[0]


def _seals(browser: str, email: str) -> list[str]:
    """Under each secret of the server, the newest first: a browser stays known when the secret is changed."""
    content = f"{browser}:{email}".encode("utf-8", "replace")
    return [hmac.new(key, content, "sha256").hexdigest() for key in derived_keys("known-browser")]


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{minutes} min" if minutes <= 120 else f"{-(-minutes // 60)} hours"
