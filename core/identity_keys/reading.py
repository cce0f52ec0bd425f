"""Reads the key that an owner pastes."""

import json
from collections.abc import Mapping
from typing import Any

from core import customer_tokens, jwks
from core.customer_tokens.compact import read_object
from core.errors import Invalid
from core.identity_keys.descriptions import Source
from models import db

_KNOWN = ("alg", *Source, "audience", "issuer")
_PUBLIC_ALGORITHMS = ("RS256", "ES256", "EdDSA")
LONGEST = 100_000
_FORBIDDEN = "A secret has no place at an address that everybody can read. Choose RS256, ES256 or EdDSA."


def read_key(text: str) -> dict[str, Any]:
    """Find out what a pasted key is: PEM, a JWK or a key set (JWKS), and which algorithm it is for.

    Returns:
        `{alg, public_key | jwks}`.

    Raises:
        Invalid: when it could check no token, with what to paste instead.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid("Paste the public key: PEM text, a JWK, or a key set (JWKS).")
    source: dict[str, Any] = {Source.PUBLIC_KEY.value: text}
    if text.startswith("{"):
        document = read_object(text.encode("utf-8", "replace"))
        if document is None:
            raise Invalid("This JSON cannot be read. Copy it whole, from the first { to the last }.")
        source = {Source.JWKS.value if "keys" in document else Source.PUBLIC_KEY.value: document}
    refusals = []
    for algorithm in _PUBLIC_ALGORITHMS:
        try:
            customer_tokens.check_key({"alg": algorithm, **source})
        except customer_tokens.InvalidKey as refusal:
            refusals.append(str(refusal))
        else:
            return {"alg": algorithm, **source}
    raise Invalid(_most_telling(refusals))


def checked(key: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Check a key before it is kept, and read its address where it has one.

    Returns:
        what is kept of it, and the key set from its address.

    Raises:
        Invalid: when it could not check a token safely.
    """
    kept = {name: key[name] for name in _KNOWN if key.get(name) is not None}
    document = None
    against = {**kept, "required": key.get("required")}
    if Source.JWKS_URL in kept:
        if len([source for source in Source if source in kept]) > 1:
            raise Invalid("Give a key, or the address of a key set, and not both.")
        document = _read(kept)
        against = {**against, "jwks": document}
    try:
        customer_tokens.check_key(against)
    except customer_tokens.InvalidKey as error:
        raise Invalid(str(error)) from None
    # What has no other spelling in JSON (a lone surrogate) cannot be sealed, either.
    json.dumps(kept).encode()
    return kept, document


def _read(key: Mapping[str, Any]) -> dict[str, Any]:
    address, algorithm = key[Source.JWKS_URL], key.get("alg")
    if not isinstance(address, str) or len(address) > 2_000:
        raise Invalid("“jwks_url” is the address of a key set, as text.")
    if algorithm == "HS256":
        raise Invalid(_FORBIDDEN)
    if algorithm not in _PUBLIC_ALGORITHMS:
        raise Invalid("“alg” is one of RS256, ES256 and EdDSA for a key set at an address.")
    # Nothing of the database is held while another server is asked.
    db.session.commit()
    try:
        return jwks.read(address, algorithm)
    except jwks.Unreadable as problem:
        raise Invalid(f"The key set could not be read from this address. {problem}") from None


def _most_telling(refusals: list[str]) -> str:
    """Each algorithm refused the key for a reason of its own; those that only say that it is another's tell least."""
    telling = [refusal for refusal in refusals if "another kind" not in refusal and "another algorithm" not in refusal]
    return (telling or ["This key is of a kind that cannot be used. Use RSA, P-256 or Ed25519."])[0]
