"""What services sign the mails with that they hand in."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from core.errors import Forbidden, Invalid
from gateways.counters import current_counters

_FRESH = 15 * 60
"""Seconds for which a signature of Mailgun is good; it tries again for hours, and signs each time anew."""


def check_mailgun(form: Mapping[str, str], key: str, *, now: datetime) -> None:
    """Refuse what was not signed with the key of a Mailgun account just now, or comes a second time.

    Raises:
        Forbidden: `signature_refused`.
    """
    stamp, token, signature = (form.get(name, "") for name in ("timestamp", "token", "signature"))
    expected = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    is_fresh = stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and abs(now.timestamp() - int(stamp)) <= _FRESH
    if not is_fresh or not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise _refused()
    # It signs neither the words nor the sender: whoever has seen one could send others with it.
    if not current_counters().first(2 * _FRESH, "mailgun", expected):
        raise Forbidden("This signature was used before.", code="signature_refused")


def check_sendgrid(headers: Mapping[str, str], body: bytes, key: str) -> None:
    """Refuse what was not signed by the security policy of SendGrid's Inbound Parse (ECDSA of its time and its bytes).

    It signs the whole mail: whoever sends one again sends what was taken already, so no time is too late.

    Args:
        body: the request as it came, byte for byte.
        key: the public key of the policy.

    Raises:
        Forbidden: `signature_refused`.
    """
    stamp = headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    try:
        signature = base64.b64decode(headers.get("X-Twilio-Email-Event-Webhook-Signature", ""), validate=True)
        read_key(key).verify(signature, stamp.encode("utf-8", "replace") + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise _refused() from None


def read_key(text: str) -> ec.EllipticCurvePublicKey:
    """The public key of SendGrid, as its security policy shows it (DER in base64) or between lines as in a PEM file.

    Raises:
        Invalid: when it is none.
    """
    lines = [line for line in text.strip().splitlines() if not line.startswith("-----")]
    try:
        key = load_der_public_key(base64.b64decode("".join("".join(lines).split()), validate=True))
    except (UnsupportedAlgorithm, binascii.Error, ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Invalid("This is no public key of SendGrid. It begins with MFkw.")
    return key


def _refused() -> Forbidden:
    return Forbidden("The signature of this mail is not good.", code="signature_refused")
