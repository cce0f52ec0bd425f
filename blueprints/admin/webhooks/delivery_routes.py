"""What an address was told: each try, and telling it again."""

import uuid

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.webhooks import words
from blueprints.admin.webhooks.blueprint import bp
from blueprints.admin.webhooks.routes import find
from core import webhooks
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from web.access import current_teammate, requires
from web.fragments import go_to, render_page


@bp.get("/<uuid:webhook_id>/deliveries/<uuid:delivery_id>")
@requires(Permission.MANAGE_SECURITY)
def show_delivery(webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    delivery = webhooks.find_delivery(row, delivery_id)
    return render_page(
        "admin/webhooks/delivery.html",
        fragment="delivery",
        row=row,
        delivery=delivery,
        attempts=webhooks.attempts_of(delivery),
        document=words.document(delivery),
        words=words,
    )


@bp.post("/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replays")
@requires(Permission.MANAGE_SECURITY)
def create_replay(webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    delivery = webhooks.find_delivery(row, delivery_id)
    try:
        webhooks.replay(delivery, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
    return go_to(url_for(".show_delivery", webhook_id=row.id, delivery_id=delivery.id))


@bp.post("/<uuid:webhook_id>/replays")
@requires(Permission.MANAGE_SECURITY)
def create_replays(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    try:
        count = webhooks.replay_failed(row, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
    else:
        flash(f"{count} {'event is' if count == 1 else 'events are'} sent again.", "success")
    return go_to(url_for(".show", webhook_id=row.id))
