"""What may be shown of a key: never the key itself."""

import enum
import json
from dataclasses import dataclass
from typing import Any

from core import signing
from models.customers import IdentityKey


class Source(enum.StrEnum):
    """Where a key comes from, named as the member that holds it."""

    SECRET = "secret"  # noqa: S105 - the name of a member
    PUBLIC_KEY = "public_key"
    JWKS = "jwks"
    JWKS_URL = "jwks_url"

    @property
    def in_words(self) -> str:
        return _KINDS[self]


_KINDS = {
    Source.SECRET: "Shared secret",
    Source.PUBLIC_KEY: "Public key",
    Source.JWKS: "Key set",
    Source.JWKS_URL: "Keys at an address",
}


@dataclass(frozen=True)
class Description:
    """A key as its owner recognises it."""

    algorithm: str
    source: Source
    audiences: tuple[str, ...]
    issuer: str | None
    address: str
    """Of the key set, where it is read from one."""
    can_sign: bool
    """Whether what we hold could sign a token, too."""
    title: str
    """The name that it was given, or else what tells it from others."""


def described(row: IdentityKey) -> Description:
    """What may be shown of a key."""
    key = content_of(row)
    source = source_of(key)
    return Description(
        algorithm=key["alg"],
        source=source,
        audiences=_audiences(key.get("audience")),
        issuer=key.get("issuer") or None,
        address=key.get(Source.JWKS_URL, ""),
        can_sign=key["alg"] == "HS256" and row.retired_at is None,
        title=row.name or f"{source.in_words} of {row.created_at.strftime('%-d %B')}",
    )


def content_of(row: IdentityKey) -> dict[str, Any]:
    """The whole key, opened."""
    content: dict[str, Any] = json.loads(signing.unseal(row.sealed_key))
    return content


def source_of(key: dict[str, Any]) -> Source:
    return next(source for source in Source if key.get(source) is not None)


def _audiences(audience: Any) -> tuple[str, ...]:
    return (audience,) if isinstance(audience, str) and audience else tuple(audience or ())
