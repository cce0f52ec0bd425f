"""The keys with which a website signs: what the owner gives us, checked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.customer_tokens.signatures import SigningKey

ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA")
_MOST_KEYS = 100
_SOURCES = ("secret", "public_key", "jwks")


class InvalidKey(ValueError):
    """This key cannot prove anything; the message says in plain words what to mend, and repeats no key."""


class UnknownKey(LookupError):
    """The set of keys has not exactly one key of the name that the token gives."""


def check_key(key: object) -> None:
    """Check what an owner configures for customer sign-in, before it is saved.

    Args:
        key: `{"alg", "secret" | "public_key" | "jwks", "audience"?, "issuer"?, "required"?}`; a public key is PEM
            text or a JWK, `audience` one text or a list of them.
    Raises:
        InvalidKey: it is anything else, a secret of less than 32 bytes, an RSA key of less than 2048 bits, a key
            of another kind or curve, or a private one.
    Source: RFC 7517, RFC 7518 (3.2, 3.3, 3.4), RFC 8037, RFC 8725 (3.1, 3.5).
    """
    settings = _settings(key)
    kid = None
    if settings.get("jwks") is not None:
        kid = _first_usable_kid(settings["alg"], settings["jwks"])
    find_key(settings, kid)
    audiences_of(settings)
    issuer_of(settings)
    if not isinstance(settings.get("required"), bool | None):
        raise InvalidKey("“required” is true or false.")


def algorithm_of(key: object) -> str:
    """Tell the one algorithm that is configured."""
    algorithm: str = _settings(key)["alg"]
    return algorithm


def find_key(key: object, kid: object) -> "SigningKey":
    """Find the key that a token must be signed with.

    Args:
        key: as for `check_key`.
        kid: the key name in the token's header; it counts only with a JWKS.
    Raises:
        UnknownKey: the JWKS has no such key, or two of them.
        InvalidKey: the configured key cannot be used.
    """
    from core.customer_tokens import signatures

    settings = _settings(key)
    algorithm, secret, jwks = settings["alg"], settings.get("secret"), settings.get("jwks")
    if jwks is not None:
        return signatures.key_of_jwk(algorithm, _named(jwks, kid))
    if algorithm == "HS256":
        return signatures.key_of_secret(secret)
    if isinstance(settings["public_key"], Mapping):
        return signatures.key_of_jwk(algorithm, settings["public_key"])
    return signatures.key_of_pem(algorithm, settings["public_key"])


def audiences_of(key: object) -> tuple[str, ...]:
    """List the audiences of which a token must name one; empty when none is configured."""
    audience = _settings(key).get("audience")
    wanted = () if audience in (None, "") else (audience,) if isinstance(audience, str) else audience
    if not isinstance(wanted, list | tuple) or not all(isinstance(name, str) and name for name in wanted):
        raise InvalidKey("“audience” is a text, or a list of texts.")
    if audience == []:
        raise InvalidKey("“audience” is an empty list, which no token could meet. Leave it out to accept all.")
    return tuple(wanted)


def issuer_of(key: object) -> str | None:
    """Tell the issuer that a token must name; None when none is configured."""
    issuer = _settings(key).get("issuer")
    if not isinstance(issuer, str | None):
        raise InvalidKey("“issuer” is a text.")
    return issuer or None


def _settings(key: object) -> Mapping[str, Any]:
    if not isinstance(key, Mapping):
        raise InvalidKey("A key is an object with “alg” and one of “secret”, “public_key” and “jwks”.")
    algorithm = key.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidKey("“alg” is one of HS256, RS256, ES256 and EdDSA.")
    given = [source for source in _SOURCES if key.get(source) is not None]
    fitting = {"secret" if algorithm == "HS256" else "public_key", "jwks"}
    if len(given) != 1 or given[0] not in fitting:
        wanted = "a secret" if algorithm == "HS256" else "a public key"
        raise InvalidKey(f"With {algorithm}, give exactly one of {wanted} and a key set (JWKS).")
    return key


def _named(jwks: object, kid: object) -> Mapping[str, Any]:
    if not isinstance(kid, str) or not kid:
        raise UnknownKey
    named = [jwk for jwk in _members(jwks) if jwk.get("kid") == kid]
    if len(named) != 1:
        raise UnknownKey
    return named[0]


def _first_usable_kid(algorithm: str, jwks: object) -> str:
    """Find a key that could sign a token; others may stand beside it, for other uses (RFC 7517, 5)."""
    refusals: list[str] = []
    for jwk in _members(jwks):
        try:
            find_key({"alg": algorithm, "jwks": jwks}, jwk.get("kid"))
            return str(jwk["kid"])
        except UnknownKey:
            refusals.append("Each key needs a name (“kid”) of its own.")
        except InvalidKey as refusal:
            refusals.append(str(refusal))
    reason = f" {refusals[0]}" if refusals else ""
    raise InvalidKey(f"The key set (JWKS) has no key that could sign with {algorithm}.{reason}")


def _members(jwks: object) -> list[Mapping[str, Any]]:
    members = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(members, list) or len(members) > _MOST_KEYS:
        raise InvalidKey(f"A key set (JWKS) is an object with a list named “keys”, of at most {_MOST_KEYS} keys.")
    return [member for member in members if isinstance(member, Mapping)]
