"""Addresses of the site that are told what happens, as programs know them."""

import uuid
from typing import Annotated

from pydantic import Field

from blueprints.api.shapes.base import Listed, Moment, Shape
from core.occurrences import Kind
from core.shown_addresses import without_keys
from models.webhooks import Webhook

Events = Annotated[list[Kind], Field(min_length=1, max_length=len(Kind), description="Of what it is told.")]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Address = Annotated[str, Field(min_length=1, max_length=2_000, description="It has to begin with `https://`.")]


class WebhookShown(Shape):
    """An address of the site that is told what happens."""

    id: uuid.UUID
    name: str
    address: Annotated[str, Field(description="Keys in it are shown as `…`; sent back like that, they are kept.")]
    events: list[str]
    is_on: bool
    problem: Annotated[str | None, Field(description="Why Porchlight has switched it off.")]
    created_at: Moment

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookShown":
        return cls(
            id=webhook.id,
            name=webhook.name,
            address=without_keys(webhook.address),
            events=list(webhook.kinds),
            is_on=webhook.is_on,
            problem=webhook.problem,
            created_at=webhook.created_at,
        )


class WebhookPage(Listed):
    """Webhooks, the newest first."""

    data: list[WebhookShown]


class SecretShown(Shape):
    """What signs each message to a webhook; shown this once."""

    id: Annotated[uuid.UUID, Field(description="Of the webhook.")]
    secret: Annotated[str, Field(description="As Standard Webhooks writes it: `whsec_…`.")]


class WebhookMade(WebhookShown):
    """A new webhook, and what signs each message to it."""

    secret: Annotated[str, Field(description="Shown this once: `whsec_…`.")]


class NewWebhook(Shape):
    """An address to tell, from now on."""

    name: Annotated[Name, Field(description="Left out, the host of the address.")] | None = None
    address: Address
    events: Events


class ChangedWebhook(Shape):
    """What is to be changed; what is left out stays."""

    name: Name | None = None
    address: Address | None = None
    events: Events | None = None
    is_on: bool | None = None
