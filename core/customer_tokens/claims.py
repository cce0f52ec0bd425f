"""What a proven token says: about itself, and about the customer."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.customer_tokens.refusals import TokenRefused

LEEWAY = 60
"""Seconds by which the clocks of the website and ours may differ."""

_REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}  # RFC 7519, 4.1
_ABOUT_THE_SIGN_IN = {"nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash", "sid"}  # OpenID Connect Core
_NOT_ATTRIBUTES = _REGISTERED | _ABOUT_THE_SIGN_IN | {"email", "name", "attributes", "customAttributes"}
_MOST_ATTRIBUTES = 50
_LONGEST_ATTRIBUTE = 1000
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,253}")


@dataclass(frozen=True)
class VerifiedCustomer:
    """Who a website says is chatting, and has proven to have said."""

    customer_id: str
    """The `sub` claim, letter by letter: the customer's identity within one workspace."""
    email: str | None
    """Profile only, never a key to anything; None where the claim is missing or no e-mail address."""
    name: str | None
    attributes: dict[str, Any]
    """The website's other claims, with `attributes` and `customAttributes` unfolded; what is too large is left out."""
    expires_at: float
    """POSIX seconds, from `exp`; the leeway is not added."""


def check_times(claims: Mapping[str, Any], *, now: float) -> float:
    """Check `exp`, `nbf` and `iat` and return `exp`.

    Valid while `nbf - 60 <= now < exp + 60` and `iat <= now + 60`.

    Raises:
        TokenRefused: `missing_claim`, `bad_claim`, `expired` or `not_yet_valid`.
    Source: RFC 7519, 4.1.4 to 4.1.6.
    """
    expires, starts, issued = (_read_time(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is None:
        raise TokenRefused("missing_claim", "The token has no “exp”, the time until which it is valid.")
    # Each is written so that a `now` that is no number refuses.
    if not now < expires + LEEWAY:
        raise TokenRefused("expired", "The token has expired. Sign a new one for each page, and check your clock.")
    if starts is not None and not now >= starts - LEEWAY:
        raise TokenRefused("not_yet_valid", "The token is not valid yet (“nbf”). Check your server's clock.")
    if issued is not None and not now >= issued - LEEWAY:
        raise TokenRefused("not_yet_valid", "The token was made in the future (“iat”). Check your server's clock.")
    return expires


def check_addressing(claims: Mapping[str, Any], *, audiences: tuple[str, ...], issuer: str | None) -> None:
    """Check `aud` and `iss` where they are configured (RFC 7519, 4.1.1 and 4.1.3)."""
    named = claims.get("aud")
    named = [named] if isinstance(named, str) else named
    if audiences and not (
        isinstance(named, list)
        and all(isinstance(name, str) for name in named)
        and any(audience in named for audience in audiences)
    ):
        raise TokenRefused("wrong_audience", "The token's “aud” is not the audience that is configured here.")
    if issuer is not None and claims.get("iss") != issuer:
        raise TokenRefused("wrong_issuer", "The token's “iss” is not the issuer that is configured here.")


def customer_of(claims: Mapping[str, Any], *, expires_at: float) -> VerifiedCustomer:
    """Read the customer.

    Raises:
        TokenRefused: `missing_claim` without `sub`; `bad_subject` when it is not 1 to 255 characters of text, is
            blank, or holds control, format or surrogate characters.
    """
    if "sub" not in claims:
        raise TokenRefused("missing_claim", "The token has no “sub”, your own id of the customer.")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or not subject.strip():
        raise TokenRefused("bad_subject", "“sub” is a text of 1 to 255 characters (write a number as text).")
    if _has(subject, {"Cc", "Cf", "Cs"}):
        raise TokenRefused("bad_subject", "“sub” holds invisible characters. Use your plain customer id.")
    email, name = _read_email(claims.get("email")), _read_name(claims.get("name"))
    return VerifiedCustomer(subject, email, name, _read_attributes(claims), expires_at)


def _read_time(claims: Mapping[str, Any], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    try:
        seconds = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        seconds = math.inf
    if not math.isfinite(seconds):
        raise TokenRefused("bad_claim", f"“{name}” is a number of seconds since 1970, not text and not a date.")
    return seconds


def _read_email(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > 254 or not _EMAIL.fullmatch(value):
        return None
    return None if _has(value, {"Cc", "Cf", "Cs"}) else value


def _read_name(value: object) -> str | None:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 200:
        return None
    # Persian names and emoji are written with joiners; other format characters can turn the line around.
    unjoined = value.replace("\u200c", "").replace("\u200d", "")
    return None if not unjoined.strip() or _has(unjoined, {"Cc", "Cf", "Cs", "Zl", "Zp"}) else value.strip()


def _read_attributes(claims: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in claims.items() if name not in _NOT_ATTRIBUTES}
    for folded in (claims.get("attributes"), claims.get("customAttributes")):
        told |= folded if isinstance(folded, dict) else {}
    kept = ((name, value) for name, value in told.items() if _is_plain(name, longest=64) and _fits(value))
    return dict(islice(kept, _MOST_ATTRIBUTES))


def _fits(value: object, depth: int = 3) -> bool:
    """Whether an attribute is small and plain enough to be stored, searched and shown."""
    if isinstance(value, str):
        return _is_plain(value, longest=_LONGEST_ATTRIBUTE)
    if isinstance(value, list):
        return depth > 0 and len(value) <= _MOST_ATTRIBUTES and all(_fits(item, depth - 1) for item in value)
    if isinstance(value, dict):
        named = all(_is_plain(name, longest=64) for name in value)
        return named and _fits(list(value.values()), depth)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) < 2**63


def _is_plain(text: str, *, longest: int) -> bool:
    return len(text) <= longest and not _has(re.sub(r"[\n\r\t]", " ", text), {"Cc", "Cs"})


def _has(text: str, categories: set[str]) -> bool:
    return any(unicodedata.category(character) in categories for character in text)
