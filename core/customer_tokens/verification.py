"""The whole check of a customer token, from text to customer."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from core.customer_tokens.claims import VerifiedCustomer, check_addressing, check_times, customer_of
from core.customer_tokens.compact import CompactToken, read_compact, read_object
from core.customer_tokens.keys import InvalidKey, UnknownKey, algorithm_of, audiences_of, find_key, issuer_of
from core.customer_tokens.refusals import TokenRefused

if TYPE_CHECKING:
    from core.customer_tokens.signatures import SigningKey

_OTHER_KEY = frozenset({"bad_key", "bad_signature", "unknown_key", "wrong_algorithm"})


def verify(token: object, key: object, *, now: float) -> VerifiedCustomer:
    """Check a customer token and tell who is chatting.

    The payload is read only after the signature has been found good. Key material in the token's own header
    (`jwk`, `jku`, `x5u`, `x5c`) is never looked at.

    Args:
        token: the JWT, as JWS compact serialisation.
        key: what `identity configure` takes: `alg`, one of `secret`, `public_key` and `jwks`, and perhaps
            `audience` and `issuer`.
        now: POSIX seconds.
    Returns:
        The customer; `.customer_id` is the token's `sub`.
    Raises:
        TokenRefused: for every token and every key that proves nothing; see its codes.
    Source: RFC 7515 (5.2), RFC 7519 (7.2), RFC 7797, RFC 8725.
    """
    try:
        return _verify(token, key, now)
    except InvalidKey as invalid:
        problem = str(invalid)
    # Raised out here, as everywhere below, so that no other exception hangs on it, not even as context.
    raise TokenRefused("bad_key", f"The key that is configured here cannot be used. {problem}")


def verify_with_any(token: object, keys: Iterable[object], *, now: float) -> VerifiedCustomer:
    """Check a token against the keys that are live at once while one replaces the other.

    Raises:
        TokenRefused: by the key that the token belongs to, if one is found; else by the first key.
    """
    refusals = []
    for key in keys:
        try:
            return verify(token, key, now=now)
        except TokenRefused as refused:
            refusals.append(refused)
    telling = [refusal for refusal in refusals if refusal.code not in _OTHER_KEY]
    nothing = TokenRefused("unknown_key", "No key is configured here that could have signed the token.")
    raise next(iter(telling or refusals), nothing)


def check_algorithm(header: Mapping[str, Any], algorithm: str) -> None:
    """Accept exactly the configured algorithm (RFC 8725, 3.1).

    Raises:
        TokenRefused: `wrong_algorithm`.
    """
    if header.get("alg") != algorithm:
        raise TokenRefused("wrong_algorithm", f"The token is not signed with {algorithm}, which is configured here.")


def check_header(header: Mapping[str, Any]) -> None:
    """Refuse what would change how the token is to be read (RFC 7515, 4.1.11; RFC 7516, 4.1.3; RFC 7797, 3).

    Raises:
        TokenRefused: `unsupported_header`.
    """
    if "crit" in header or "zip" in header or header.get("b64", True) is not True:
        raise TokenRefused("unsupported_header", "Leave “crit”, “zip” and “b64” out of the token's header.")
    kind = header.get("typ", "JWT")
    # A token that says to be of another kind (at+jwt, logout+jwt …) was made for another purpose (RFC 8725, 3.12).
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") != "jwt":
        raise TokenRefused("unsupported_header", "The token's header says another type (“typ”) than JWT.")


def find_signing_key(key: object, header: Mapping[str, Any]) -> "SigningKey":
    """The key that has to have signed a token with this header.

    Raises:
        TokenRefused: `unknown_key`.
        InvalidKey: the configured key cannot be used.
    """
    try:
        return find_key(key, header.get("kid"))
    except UnknownKey:
        pass
    raise TokenRefused("unknown_key", "The token's “kid” names no key, or more than one, of the configured key set.")


def check_signature(parts: CompactToken, key: "SigningKey") -> None:
    """Refuse what this key has not signed.

    Raises:
        TokenRefused: `bad_signature`.
    """
    if not key.has_signed(parts.signing_input, parts.signature):
        raise TokenRefused("bad_signature", "The signature does not fit. Sign with the key that is configured here.")


def read_claims(parts: CompactToken) -> dict[str, Any]:
    """The claims of a token, proven or not.

    Raises:
        TokenRefused: `malformed`.
    """
    claims = read_object(parts.payload)
    if claims is None:
        raise TokenRefused("malformed", "The middle part of the token is not one JSON object with each name once.")
    return claims


def _verify(token: object, key: object, now: float) -> VerifiedCustomer:
    algorithm = algorithm_of(key)
    parts = read_compact(token)
    check_algorithm(parts.header, algorithm)
    check_header(parts.header)
    check_signature(parts, find_signing_key(key, parts.header))
    claims = read_claims(parts)
    check_addressing(claims, audiences=audiences_of(key), issuer=issuer_of(key))
    return customer_of(claims, expires_at=check_times(claims, now=now))
