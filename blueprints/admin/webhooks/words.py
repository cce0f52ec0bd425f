"""What the pages say about webhooks and what they were told."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from core.webhooks import KINDS, TEST
from models.webhooks import DeliveryStatus, Webhook, WebhookAttempt, WebhookDelivery

STATUSES: Mapping[DeliveryStatus, str] = MappingProxyType(
    {
        DeliveryStatus.WAITING: "Not taken yet",
        DeliveryStatus.DELIVERED: "Delivered",
        DeliveryStatus.FAILED: "Failed",
    }
)


def kind(name: str) -> str:
    """When an event happens."""
    return "A test" if name == TEST else KINDS.get(name, name)


def summary(webhook: Webhook) -> str:
    """How it stands with an address, in a few words."""
    if not webhook.is_on:
        return "Switched off"
    if webhook.failing_since is not None:
        return "Does not take anything"
    count = len(webhook.kinds)
    return f"Told of {count} {'event' if count == 1 else 'events'}"


def result(attempt: WebhookAttempt) -> str:
    """How one try went."""
    if attempt.status_code is None:
        return attempt.problem or "There was no answer."
    return f"It answered {attempt.status_code}."


def document(delivery: WebhookDelivery) -> str:
    """What was sent, laid out for reading."""
    return json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
