"""The tokens of a customer at their shop: had for a code, checked, renewed; sealed, and shown to nobody.

Source: RFC 6749 (4.1.3, 5, 6), RFC 7636 (4.5), OpenID Connect Core 1.0 (3.1.3.7), RFC 9700 (2.1, 4.5).
"""

import hmac
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from core import customer_tokens, jwks, signing
from core.connections import reaches_private
from core.customer_tokens import TokenRefused
from core.customer_tokens.compact import read_compact, read_object
from core.customer_tokens.verification import read_claims
from core.errors import Invalid, Unauthenticated
from gateways.outgoing import Limits, OutgoingError, fetch
from models.shop_accounts import ShopAccounts

# Nothing is followed: a redirect would carry the code, or the token, to where nobody has agreed to.
_LIMITS = Limits(seconds=8, connect_seconds=4, bytes=64 * 1024, redirects=0)
_ALGORITHMS = ("RS256", "ES256", "EdDSA")
_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")
_SHORTEST_LIFE, _LONGEST_LIFE = 30, 24 * 60 * 60
_USUAL_LIFE = 60 * 60
_FAILED = "The shop did not take the sign-in. Please try again."


class Ended(Exception):
    """The shop does not renew the token any more: its customer has to sign in again."""


@dataclass(frozen=True, repr=False)
class Tokens:
    """What a shop gives to whoever has signed in there. It is printed nowhere."""

    access: str
    renewing: str | None
    lifetime: timedelta
    origin: str
    """From where it was asked for, which the shop wants to hear again."""

    def sealed(self, sign_in_id: uuid.UUID) -> bytes:
        told = {"access": self.access, "renewing": self.renewing, "origin": self.origin}
        return signing.seal(json.dumps(told).encode(), bound_to=sign_in_id.bytes)


def opened(sealed: bytes, sign_in_id: uuid.UUID) -> Mapping[str, Any]:
    """What was sealed.

    Raises:
        cryptography.exceptions.InvalidTag: when it is another row's, or the server's secret was changed.
    """
    told: Mapping[str, Any] = json.loads(signing.unseal(sealed, bound_to=sign_in_id.bytes))
    return told


def had_for_code(row: ShopAccounts, code: str, *, verifier: str, nonce: str, callback: str, now: datetime) -> Tokens:
    """Change a code into tokens, and check who says that somebody has signed in.

    Args:
        callback: the address that the shop has sent its customer back to.

    Raises:
        Invalid: the shop does not answer, or refuses.
        Unauthenticated: what it gives does not prove that this very sign-in took place there.
    """
    parts = urlsplit(callback)
    origin = f"{parts.scheme}://{parts.netloc}"
    told = _asked(
        row,
        {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier},
        origin=origin,
    )
    if told is None:
        raise Invalid(_FAILED)
    _check_identity(row, told.get("id_token"), nonce=nonce, now=now)
    return _tokens(told, origin=origin)


def renewed(row: ShopAccounts, known: Mapping[str, Any]) -> Tokens:
    """New tokens for those that have run out.

    Args:
        known: those, as `opened` gives them.

    Raises:
        Ended: the shop refuses, or has given nothing to renew them by.
        Invalid: it does not answer now.
    """
    renewing, origin = known.get("renewing"), known["origin"]
    if not renewing:
        raise Ended
    told = _asked(row, {"grant_type": "refresh_token", "refresh_token": renewing}, origin=origin)
    if told is None:
        raise Ended
    # Shops that do not rotate it leave it out, and it stays good (RFC 6749, 6).
    return _tokens({"refresh_token": renewing, **told}, origin=origin)


def _asked(row: ShopAccounts, fields: Mapping[str, str], *, origin: str) -> Mapping[str, Any] | None:
    """The answer of the shop's token endpoint; None when it refuses."""
    try:
        answer = fetch(
            row.token_url,
            method="POST",
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
                # Shopify takes a public client's word only from one of the origins that are entered with it.
                "Origin": origin,
            },
            body=urlencode({**fields, "client_id": row.client_id}).encode(),
            limits=_LIMITS,
            follows=False,
            allow_private=reaches_private(),
        )
    except OutgoingError:
        raise Invalid("The shop does not answer just now. Please try again in a moment.") from None
    if 400 <= answer.status < 500:
        return None
    told = read_object(answer.body) if answer.status == 200 else None
    if told is None:
        raise Invalid(_FAILED)
    return told


def _tokens(told: Mapping[str, Any], *, origin: str) -> Tokens:
    access, renewing, life = told.get("access_token"), told.get("refresh_token"), told.get("expires_in")
    if not _is_token(access) or str(told.get("token_type", "Bearer")).lower() != "bearer":
        raise Invalid(_FAILED)
    seconds = life if isinstance(life, int) and not isinstance(life, bool) else _USUAL_LIFE
    lifetime = timedelta(seconds=min(max(seconds, _SHORTEST_LIFE), _LONGEST_LIFE))
    return Tokens(str(access), str(renewing) if _is_token(renewing) else None, lifetime, origin)


def _is_token(told: object) -> bool:
    # It goes into a header: nothing may stand in it that ends one.
    return isinstance(told, str) and _TOKEN.fullmatch(told) is not None


def _check_identity(row: ShopAccounts, token: object, *, nonce: str, now: datetime) -> None:
    """Refuse an `id_token` that is not this shop's word, to us, on this very sign-in."""
    try:
        algorithm = read_compact(token).header.get("alg")
        if algorithm not in _ALGORITHMS:
            raise TokenRefused("wrong_algorithm", "")
        key = {
            "alg": algorithm,
            "jwks": jwks.read(row.keys_url, str(algorithm)),
            "issuer": row.issuer,
            "audience": row.client_id,
        }
        customer_tokens.verify(token, key, now=now.timestamp())
        claims = read_claims(read_compact(token))
    except (TokenRefused, jwks.Unreadable):
        raise Unauthenticated("The shop's word on who has signed in could not be checked.") from None
    told = claims.get("nonce")
    is_ours = claims.get("azp", row.client_id) == row.client_id
    if not is_ours or not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise Unauthenticated("The shop's word is on another sign-in than this one.")
