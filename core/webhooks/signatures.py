"""How a receiver knows that it was us: Standard Webhooks, version 1 (HMAC-SHA256 over id, time and body)."""

import base64
import secrets
from datetime import datetime, timedelta

from standardwebhooks import Webhook as Signer

from core import signing
from models.webhooks import Webhook, WebhookDelivery

OVERLAP = timedelta(days=1)
"""For so long after a change of the secret the former one signs, too."""

_PREFIX = "whsec_"


def renew(webhook: Webhook, *, now: datetime) -> str:
    """Give an address a new secret; the one it has stays good for a day.

    Returns:
        the secret as receivers take it: it can be shown this once only.
    """
    secret = secrets.token_bytes(32)
    if webhook.sealed_secret is not None:
        webhook.sealed_former_secret, webhook.former_until = webhook.sealed_secret, now + OVERLAP
    webhook.sealed_secret = signing.seal(secret, bound_to=webhook.id.bytes)
    return _PREFIX + base64.b64encode(secret).decode()


def headers(webhook: Webhook, delivery: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    """What stands above the body: the event's id, the time of this try, and a signature under each good secret.

    Raises:
        cryptography.exceptions.InvalidTag: when the server's own secret is not the one that sealed it.
    """
    event_id = str(delivery.event_id)
    sealed = [webhook.sealed_secret]
    if webhook.sealed_former_secret is not None and webhook.former_until is not None and now < webhook.former_until:
        sealed.append(webhook.sealed_former_secret)
    signers = [Signer(signing.unseal(one, bound_to=webhook.id.bytes)) for one in sealed]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Porchlight-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signer.sign(event_id, now, delivery.body) for signer in signers),
    }
