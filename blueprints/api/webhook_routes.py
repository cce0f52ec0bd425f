"""Webhooks: listed, added, changed, given another secret, removed."""

import uuid

from sqlalchemy import select

from blueprints.api import caller, versions
from blueprints.api.operations import operation
from blueprints.api.shapes.base import PageQuery
from blueprints.api.shapes.webhooks import (
    ChangedWebhook,
    NewWebhook,
    SecretShown,
    WebhookMade,
    WebhookPage,
    WebhookShown,
)
from core import row_pages, webhooks
from core.clock import utc_now
from models import db
from models.webhooks import Webhook

_WEBHOOK = "/webhooks/<uuid:webhook_id>"


@operation("GET", "/webhooks", summary="List webhooks", scope="webhooks:read", query=PageQuery, answer=WebhookPage)
def list_webhooks(query: PageQuery) -> WebhookPage:
    """Their secrets are not shown again."""
    rows, following = row_pages.page(
        caller.current_workspace(),
        select(Webhook).where(Webhook.workspace_id == caller.current_workspace().id),
        moment=Webhook.created_at,
        number=Webhook.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.created_at, row.id),
    )
    return WebhookPage(data=[WebhookShown.of(row) for row in rows], next=following)


@operation(
    "POST",
    "/webhooks",
    summary="Add a webhook",
    scope="webhooks:write",
    body=NewWebhook,
    answer=WebhookMade,
    status=201,
)
def create_webhook(body: NewWebhook) -> WebhookMade:
    """Keep the secret: it is answered only now, and tells whether a message is from us (docs/webhooks.md)."""
    row, secret = webhooks.add(
        caller.current_workspace(),
        name=body.name or "",
        address=body.address,
        kinds=list(body.events),
        by=caller.author(),
        now=utc_now(),
    )
    return WebhookMade(**WebhookShown.of(row).model_dump(by_alias=False), secret=secret)


@operation("GET", _WEBHOOK, summary="Show a webhook", scope="webhooks:read", answer=WebhookShown, is_versioned=True)
def show_webhook(webhook_id: uuid.UUID) -> WebhookShown:
    return WebhookShown.of(webhooks.find(caller.current_workspace(), webhook_id))


@operation(
    "PATCH",
    _WEBHOOK,
    summary="Change a webhook",
    scope="webhooks:write",
    body=ChangedWebhook,
    answer=WebhookShown,
    is_versioned=True,
)
def change_webhook(webhook_id: uuid.UUID, body: ChangedWebhook) -> WebhookShown:
    """Switched off, it is told nothing, and what it was still owed is given up."""
    row, by, now = webhooks.find(caller.current_workspace(), webhook_id), caller.author(), utc_now()
    versions.check(row, lambda: WebhookShown.of(row))
    name, address, kinds = body.name or row.name, body.address or row.address, body.events or row.kinds
    webhooks.change(row, name=name, address=address, kinds=list(kinds), by=by, now=now)
    if body.is_on is not None:
        db.session.flush()
        webhooks.switch(row, body.is_on, by=by, now=now)
    return WebhookShown.of(row)


@operation("DELETE", _WEBHOOK, summary="Remove a webhook", scope="webhooks:write", status=204)
def remove_webhook(webhook_id: uuid.UUID) -> None:
    """It is told nothing more, and what it was told is forgotten."""
    row = webhooks.find(caller.current_workspace(), webhook_id)
    versions.check(row, lambda: WebhookShown.of(row))
    webhooks.remove(row, by=caller.author(), now=utc_now())


@operation(
    "POST",
    f"{_WEBHOOK}/secret",
    summary="Renew the secret",
    scope="webhooks:write",
    answer=SecretShown,
    status=201,
)
def renew_secret(webhook_id: uuid.UUID) -> SecretShown:
    """For a day the former one signs beside it, so that nothing is lost while you change it."""
    row = webhooks.find(caller.current_workspace(), webhook_id)
    return SecretShown(id=row.id, secret=webhooks.renew_secret(row, by=caller.author(), now=utc_now()))
