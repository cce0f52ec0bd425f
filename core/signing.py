"""Tokens of every kind, each with a salt of its own so that none passes as another; and sealed secrets."""

import enum
import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.errors import Unauthenticated


class Kind(enum.StrEnum):
    """What a token is for; also its salt."""

    TICKET = "porchlight.ticket"
    SESSION = "porchlight.session"
    PREVIEW = "porchlight.preview"


_SEALING = "sealing"
# The newest first.
_secrets: list[bytes] = []


def use_secret(secret: str, *, previous: Iterable[str] = ()) -> None:
    """Make this the process's secret; every key below is derived from it.

    Args:
        previous: secrets of before, newest first: what was signed or sealed with them is still read.
    """
    _secrets[:] = [one.encode() for one in (secret, *previous)]


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose (HMAC-SHA256 of its name under the secret)."""
    return derived_keys(purpose)[0]


def derived_keys(purpose: str) -> list[bytes]:
    """As `derived_key`, under each secret, the newest first: for reading what may be from before a rotation."""
    return [_derived(secret, purpose) for secret in _secrets]


@lru_cache(maxsize=200)
def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, purpose.encode(), "sha256")


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
    return successors_of(secret)[0]


def successors_of(secret: str) -> list[str]:
    """As `successor_of`, under each secret of the server, the newest first."""
    content = secret.encode("utf-8", "replace")
    return [hmac.new(key, content, "sha256").hexdigest() for key in derived_keys("refresh-successor")]


def seal(content: bytes, *, bound_to: bytes = b"") -> bytes:
    """Encrypt for the database (AES-256-GCM, NIST SP 800-38D, random 96-bit nonce in front).

    Args:
        bound_to: what it belongs to, such as the id of its row: moved to another one, it stays closed.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return nonce + AESGCM(derived_key(_SEALING)).encrypt(nonce, content, bound_to)


def unseal(sealed: bytes, *, bound_to: bytes = b"") -> bytes:
    """Decrypt what `seal` made, with whichever of the server's secrets opens it.

    Raises:
        cryptography.exceptions.InvalidTag: when it was changed, moved, or sealed under a secret that is not known.
    """
    content, _is_newest = _opened(sealed, bound_to)
    return content


def resealed(sealed: bytes, *, bound_to: bytes = b"") -> bytes | None:
    """The same content under the newest secret; None when it is already.

    Raises:
        cryptography.exceptions.InvalidTag: as `unseal`.
    """
    content, is_newest = _opened(sealed, bound_to)
    return None if is_newest else seal(content, bound_to=bound_to)


def _opened(sealed: bytes, bound_to: bytes) -> tuple[bytes, bool]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    for number, key in enumerate(derived_keys(_SEALING)):
        try:
            # The authentication tag tells whether this was the key.
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to), number == 0
        except InvalidTag:
            continue
    raise InvalidTag


def _serializer(kind: Kind) -> URLSafeTimedSerializer:
    return _serializer_under(kind, tuple(_secrets))


@lru_cache(maxsize=16)
def _serializer_under(kind: Kind, _secrets: tuple[bytes, ...]) -> URLSafeTimedSerializer:
    # Made once: each request of a chat reads its token.
    return URLSafeTimedSerializer(
        # The last one signs, any one is read.
        derived_keys("tokens")[::-1],
        salt=kind.value,
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
