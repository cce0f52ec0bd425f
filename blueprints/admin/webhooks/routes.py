"""Webhooks: made, changed, switched, tried, removed."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.webhooks import words
from blueprints.admin.webhooks.blueprint import bp
from blueprints.admin.webhooks.forms import SwitchForm, WebhookForm
from core import webhooks
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from core.shown_addresses import without_keys
from models.webhooks import DeliveryStatus, Webhook
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.extensions import limiter
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, render_question, show_problem

INDEX = "admin/webhooks/index.html"
NEW = "admin/webhooks/new.html"
SHOW = "admin/webhooks/show.html"
MADE = "admin/webhooks/made.html"


@bp.get("")
@requires(Permission.MANAGE_SECURITY)
def index() -> ResponseReturnValue:
    return render_page(INDEX, rows=webhooks.listed(current_workspace()), words=words, without_keys=without_keys)


@bp.get("/new")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def new() -> ResponseReturnValue:
    return render_page(NEW, form=WebhookForm(formdata=None))


@bp.post("")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def create() -> ResponseReturnValue:
    form = WebhookForm()
    if form.validate():
        with RefusalsAt(form.address):
            row, secret = webhooks.add(current_workspace(), **form.typed(), by=current_teammate(), now=utc_now())
            # Not sent on to another page: the secret is never shown again, so only this answer can show it.
            return render_page(MADE, fragment="made", row=row, secret=secret, is_new=True), 201
    return show_problem(NEW, fragment="form", form=form)


@bp.get("/<uuid:webhook_id>")
@requires(Permission.MANAGE_SECURITY)
def show(webhook_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(SHOW, fragment="more", **page(find(webhook_id)))


@bp.post("/<uuid:webhook_id>")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def change(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row, form = find(webhook_id), WebhookForm()
    if form.validate():
        with RefusalsAt(form.address):
            webhooks.change(row, **form.typed(), by=current_teammate(), now=utc_now())
            flash("Saved.", "success")
            return go_to(url_for(".show", webhook_id=row.id))
    return show_problem(SHOW, fragment="form", **page(row, form))


@bp.post("/<uuid:webhook_id>/use")
@requires(Permission.MANAGE_SECURITY)
def change_use(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    webhooks.switch(row, bool(SwitchForm().is_on.data), by=current_teammate(), now=utc_now())
    return go_to(url_for(".show", webhook_id=row.id))


@bp.post("/<uuid:webhook_id>/secret")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def create_secret(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    secret = webhooks.renew_secret(row, by=current_teammate(), now=utc_now())
    return render_page(MADE, fragment="made", row=row, secret=secret, is_new=False), 201


@bp.post("/<uuid:webhook_id>/tests")
@limiter.limit("20 per minute", key_func=lambda: str(current_teammate().id))
@requires(Permission.MANAGE_SECURITY)
def create_test(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    try:
        sent = webhooks.test(row, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return go_to(url_for(".show", webhook_id=row.id))
    return go_to(url_for(".show_delivery", webhook_id=row.id, delivery_id=sent.id))


@bp.get("/<uuid:webhook_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def confirm_removal(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    return render_question(f"Remove {row.name}", "admin/webhooks/_removal.html", row=row)


@bp.post("/<uuid:webhook_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def remove(webhook_id: uuid.UUID) -> ResponseReturnValue:
    row = find(webhook_id)
    name = row.name
    webhooks.remove(row, by=current_teammate(), now=utc_now())
    flash(f"{name} is removed, and told nothing any more.", "success")
    return go_to(url_for(".index"))


def find(webhook_id: uuid.UUID) -> Webhook:
    """The webhook of this workspace that an address names."""
    return webhooks.find(current_workspace(), webhook_id)


def page(row: Webhook, form: WebhookForm | None = None) -> dict[str, Any]:
    """What the page of one webhook shows."""
    status = request.args.get("status", "")
    wanted = DeliveryStatus(status) if status in {known.value for known in DeliveryStatus} else None
    return {
        "row": row,
        "form": form
        or WebhookForm(formdata=None, name=row.name, address=without_keys(row.address), kinds=list(row.kinds)),
        "without_keys": without_keys,
        "found": webhooks.deliveries(row, status=wanted, before=request.args.get("before")),
        "counts": webhooks.counts(row),
        "status": wanted,
        "words": words,
    }
