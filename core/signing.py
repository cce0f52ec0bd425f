"""Tokens of every kind, each with a salt of its own so that none passes as another; and sealed secrets."""

import enum
import hashlib
import hmac
import os
import secrets
import uuid
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.errors import Unauthenticated


class Kind(enum.StrEnum):
    """What a token is for; also its salt."""

    TICKET = "porchlight.ticket"
    SESSION = "porchlight.session"
    PREVIEW = "porchlight.preview"


_secret: list[bytes] = []


def use_secret(secret: str) -> None:
    """Make this the process's secret; every key below is derived from it."""
    _secret[:] = [secret.encode()]


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose (HMAC-SHA256 of its name under the secret)."""
    return hmac.digest(_secret[0], purpose.encode(), "sha256")


def sign(kind: Kind, content: dict[str, Any]) -> str:
    return _serializer(kind).dumps(content)


def read(kind: Kind, token: str, *, max_age: int) -> dict[str, Any]:
    """The content of a token of this kind.

    Args:
        max_age: seconds since it was signed.

    Raises:
        Unauthenticated: `token_invalid` when it was not signed by us as this kind, `token_expired` when too old.
    """
    try:
        content = _serializer(kind).loads(token.encode("ascii", "replace"), max_age=max_age)
    except SignatureExpired:
        raise Unauthenticated("This session has run out. Open the chat again.", code="token_expired") from None
    except BadSignature:
        raise Unauthenticated("This session is not valid. Open the chat again.", code="token_invalid") from None
    if not isinstance(content, dict):
        raise Unauthenticated("This session is not valid. Open the chat again.", code="token_invalid")
    return content


def session_of(token: str) -> uuid.UUID | None:
    """The session that a token of ours is for, whether or not it is still good."""
    if len(token) > 2_000:
        return None
    is_ours, content = _serializer(Kind.SESSION).loads_unsafe(token)
    return uuid.UUID(hex=content["session"]) if is_ours and isinstance(content, dict) else None


def new_secret() -> str:
    """256 random bits, url-safe."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is stored of a random secret: its SHA-256; it has too many bits to be guessed from that."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def successor_of(secret: str) -> str:
    """The refresh secret that follows this one: always the same, and only the server can tell it."""
    return hmac.new(derived_key("refresh-successor"), secret.encode("utf-8", "replace"), "sha256").hexdigest()


def seal(content: bytes) -> bytes:
    """Encrypt for the database (AES-256-GCM, NIST SP 800-38D, random 96-bit nonce in front)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return nonce + AESGCM(derived_key("sealing")).encrypt(nonce, content, None)


def unseal(sealed: bytes) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        cryptography.exceptions.InvalidTag: when it was changed, or sealed under another secret.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(derived_key("sealing")).decrypt(sealed[:12], sealed[12:], None)


def _serializer(kind: Kind) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        derived_key("tokens"),
        salt=kind.value,
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
