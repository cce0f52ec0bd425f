"""Holds up those who guess passwords, without letting them lock anybody out.

Wrong passwords for one e-mail are counted apart for browsers in which it has signed in before (OWASP, device
cookies): a stranger who uses up the tries of all strangers does not hold up the person whose account it is.
"""

import hmac
import ipaddress
import secrets
import time

from flask import after_this_request, request
from limits import RateLimitItem, parse
from werkzeug.wrappers import Response

from core.errors import TooMany
from core.signing import derived_key
from web.extensions import limiter

_COOKIE = "porchlight_browser"
_A_YEAR = 365 * 24 * 3600
_BY_STRANGERS = parse("20 per hour")
_MAILS = parse("3 per hour")
_BY_A_KNOWN_BROWSER = parse("10 per 10 minutes")


def network() -> str:
    """Who asks, as far as limits go: an IPv4 address, or the /64 that one IPv6 customer is given."""
    address = request.remote_addr or "127.0.0.1"
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


def check(email: str) -> None:
    """Refuse another try when there were too many wrong ones.

    Raises:
        TooMany: with the time to wait.
    """
    limit, *names = _counter(email)
    if not limiter.limiter.test(limit, *names):
        wait = max(1, int(limiter.limiter.get_window_stats(limit, *names).reset_time - time.time()))
        minutes = -(-wait // 60)
        raise TooMany(
            f"There were too many wrong passwords for this e-mail. Try again in {minutes} min, or set a new password.",
            retry_after=wait,
        )


def count_wrong_password(email: str) -> None:
    limit, *names = _counter(email)
    limiter.limiter.hit(limit, *names)


def may_be_mailed(email: str) -> bool:
    """Whether one more link may go to this address; nobody's mailbox is filled by strangers."""
    return limiter.limiter.hit(_MAILS, "mail", _name_of(email))


def know_browser(email: str) -> None:
    """Remember in this browser that the person with this e-mail has proven it here."""
    browser = secrets.token_urlsafe(16)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _COOKIE,
            f"{browser}.{_seal(browser, email)}",
            max_age=_A_YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _counter(email: str) -> tuple[RateLimitItem, str, str]:
    browser, _, seal = request.cookies.get(_COOKIE, "").partition(".")
    if hmac.compare_digest(seal.encode(), _seal(browser, email).encode()):
        return _BY_A_KNOWN_BROWSER, "sign-in-known", browser
    return _BY_STRANGERS, "sign-in", _name_of(email)


def _name_of(email: str) -> str:
    # Addresses may be shown by tools that look into Redis, and be of any length.
    return hmac.new(derived_key("attempts"), email.encode(), "sha256").hexdigest()


def _seal(browser: str, email: str) -> str:
    return hmac.new(derived_key("known-browser"), f"{browser}:{email}".encode(), "sha256").hexdigest()
