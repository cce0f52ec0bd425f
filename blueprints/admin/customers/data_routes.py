"""Handing out and erasing what is kept of a customer."""

import json
import uuid

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customers import words
from blueprints.admin.customers.routes import bp
from core import audits, customer_exports, customer_lists, customers, devices, erasures, memory
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page


@bp.post("/<uuid:customer_id>/export")
@requires(Permission.MANAGE_CUSTOMERS)
@freshly_confirmed
def export(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer, now = customers.find(current_workspace(), customer_id), utc_now()
    whole = customer_exports.whole(customer, now=now)
    subject = ("customer", customer.id, customers.neutral_name(customer))
    audits.record(customer.workspace_id, "customer.export", by=current_teammate(), subject=subject, now=now)
    response = Response(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
    name = f"customer-{customer.id.hex[-4:]}-{now:%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<uuid:customer_id>/erasure")
@requires(Permission.MANAGE_CUSTOMERS)
@freshly_confirmed
def show_erasure(customer_id: uuid.UUID) -> str:
    customer, now = customers.find(current_workspace(), customer_id), utc_now()
    return render_page(
        "admin/customers/erasure.html",
        customer=customer,
        talks=customer_lists.conversations_of(customer),
        facts=memory.facts_of(customer, now=now),
        live=[device for device in devices.of(customer, now=now) if device.is_live],
        words=words,
    )


@bp.post("/<uuid:customer_id>/erasure")
@requires(Permission.MANAGE_CUSTOMERS)
@freshly_confirmed
def create_erasure(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = customers.find(current_workspace(), customer_id)
    erasures.erase(customer, by=current_teammate(), now=utc_now())
    flash("The customer is erased, with everything that was kept of them.", "success")
    return go_to(url_for(".index"))
