"""Web push: a message to one browser, encrypted for it (RFC 8291), by the service of its maker (RFC 8030, 8292)."""

import base64
import enum
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateways.outgoing import Limits, OutgoingError, fetch

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (SEC 2, 2.4.2)."""
_GOOD_FOR = 12 * 3600
_KEPT_FOR = 3600
_LIMITS = Limits(seconds=10, bytes=64 * 1024, redirects=0)
_LONGEST = 3_000
"""Bytes: services take 4,096 with what encryption adds."""


class Outcome(enum.Enum):
    """What became of a message."""

    TAKEN = "taken"
    GONE = "gone"
    """The browser wants no more; its address is to be forgotten."""
    FAILED = "failed"


@dataclass(frozen=True)
class Address:
    """Where a browser takes messages, and what they are encrypted with; whoever has it can write to it."""

    endpoint: str
    p256dh: str
    auth: str


class Signer:
    """A key pair that tells push services who sends (VAPID), made of a secret so that every process has the same.

    Args:
        secret: 32 bytes that nobody else knows.
    """

    def __init__(self, secret: bytes) -> None:
        # 16 bytes more than the order has, so that no number is likelier than another (FIPS 186-5, A.2.1).
        wide = HKDF(hashes.SHA256(), length=48, salt=None, info=b"vapid").derive(secret)
        self._key = ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """What a browser is given when it subscribes."""
        return _text(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def authorization(self, endpoint: str, *, contact: str) -> str:
        """The header that says who sends this.

        Args:
            contact: where whoever runs the service can complain, `https:` or `mailto:`.
        """
        from joserfc import jwt
        from joserfc.jwk import ECKey

        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + _GOOD_FOR, "sub": contact}
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(self._key), algorithms=["ES256"])
        return f"vapid t={token}, k={self.public_key}"


def send(
    address: Address,
    content: Mapping[str, Any],
    *,
    signer: Signer,
    contact: str,
    topic: str,
    allow_private: bool,
) -> Outcome:
    """Send one message.

    Args:
        topic: up to 32 letters and digits; a later message of the same takes the place of one that waits.
        allow_private: whether services on the own network are spoken to.
    """
    headers = {
        "Authorization": signer.authorization(address.endpoint, contact=contact),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT_FOR),
        "Urgency": "high",
        "Topic": topic,
    }
    try:
        body = encrypted(json.dumps(content).encode(), address)
        answer = fetch(
            address.endpoint,
            method="POST",
            headers=headers,
            body=body,
            limits=_LIMITS,
            follows=False,
            allow_private=allow_private,
        )
    except (OutgoingError, ValueError):
        return Outcome.FAILED
    if answer.status in (404, 410):
        return Outcome.GONE
    return Outcome.TAKEN if 200 <= answer.status < 300 else Outcome.FAILED


def encrypted(content: bytes, address: Address) -> bytes:
    """For this browser alone (RFC 8291).

    Raises:
        ValueError: when it is too long, or the browser's keys are none.
    """
    import http_ece

    if len(content) > _LONGEST:
        raise ValueError("This is too long for a push message.")
    whole: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(address.p256dh),
        auth_secret=_bytes(address.auth),
        version="aes128gcm",
    )
    return whole


def check_keys(address: Address) -> None:
    """Refuse what no browser would send.

    Raises:
        ValueError: when a key is no point of the curve, or the secret has another length than it must.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(address.p256dh))
        is_long_enough = len(_bytes(address.auth)) == 16
    except ValueError:
        is_long_enough = False
    if not is_long_enough:
        raise ValueError("These are no keys of a browser.")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
