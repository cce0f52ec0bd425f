"""Why is a token refused? And: does sign-in work at all? For whoever builds it into a site."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core import audits, customer_tokens, jwks
from core.customer_tokens import Check, Step, VerifiedCustomer
from core.customer_tokens.compact import decode_base64url
from core.errors import Conflict
from core.identity_keys.checking import used_by
from core.identity_keys.descriptions import Source, content_of, described
from core.identity_keys.keeping import live
from models.customers import IdentityKey
from models.teammates import Teammate, Workspace

TEST_SUBJECT = "porchlight-test-customer"
TEST_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class Examined:
    """A token, looked at with the key that it belongs to most likely."""

    row: IdentityKey
    checks: Sequence[Check]
    customer: VerifiedCustomer | None
    """Who it names, when every check passed."""

    @property
    def failure(self) -> Check | None:
        """The first check that failed: what to mend first."""
        return next((check for check in self.checks if check.passed is False), None)


def examine(workspace: Workspace, token: str, *, now: datetime) -> Examined:
    """Check a token step by step. Nothing of it is kept, and no session comes of it.

    Raises:
        Conflict: when there is no key to check it with.
    """
    found = [_examined(row, token, now=now) for row in live(workspace)]
    if not found:
        raise Conflict("There is no key yet. Make one first: a token is checked with a key.")
    return max(found, key=_fit)


def trial_token(row: IdentityKey, *, by: Teammate, now: datetime) -> str:
    """A token for a test customer, signed as the site would sign it, good for five minutes.

    Raises:
        Conflict: when we hold only what checks, and not what signs.
    """
    if not described(row).can_sign:
        raise Conflict(
            "Only your own server can sign with this key: what is kept here can check tokens, not make them."
        )
    key = content_of(row)
    header: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}
    secret = key.get(Source.SECRET, "").encode()
    if Source.JWKS in key:
        member = next(one for one in key[Source.JWKS]["keys"] if one.get("kty") == "oct")
        header["kid"], secret = member.get("kid"), decode_base64url(member["k"]) or b""
    claims = _test_claims(row, now=now)
    audits.record(
        row.workspace_id, "identity_key.test", by=by, subject=("identity_key", row.id, described(row).title), now=now
    )
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_base64url(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _test_claims(row: IdentityKey, *, now: datetime) -> dict[str, Any]:
    description = described(row)
    claims: dict[str, Any] = {
        "sub": TEST_SUBJECT,
        "name": "Test customer",
        "email": "test@example.com",
        "iat": int(now.timestamp()),
        "exp": int((now + TEST_LIFETIME).timestamp()),
    }
    if description.audiences:
        claims["aud"] = description.audiences[0]
    if description.issuer:
        claims["iss"] = description.issuer
    return claims


def _examined(row: IdentityKey, token: str, *, now: datetime) -> Examined:
    trouble = ""
    try:
        key = used_by(row, token, now=now)
    except jwks.Unreadable as problem:
        key, trouble = _without_keys(row), str(problem)
    checks = customer_tokens.examine(token, key, now=now.timestamp())
    if trouble:
        checks = [replace(check, code="unreadable", mend=trouble) if _is_unknown(check) else check for check in checks]
    is_proven = all(check.passed for check in checks)
    customer = customer_tokens.verify(token, key, now=now.timestamp()) if is_proven else None
    return Examined(row, checks, customer)


def _without_keys(row: IdentityKey) -> Mapping[str, Any]:
    key = content_of(row)
    del key[Source.JWKS_URL]
    return key | {"jwks": {"keys": []}}


def _is_unknown(check: Check) -> bool:
    return check.step is Step.KEY and check.passed is False


def _fit(examined: Examined) -> tuple[bool, int]:
    """How likely it is that the token was meant for this key."""
    passed = [check.step for check in examined.checks if check.passed]
    return Step.SIGNATURE in passed, len(passed)


def _part(content: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(content).encode())


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
