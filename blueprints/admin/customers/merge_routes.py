"""Making one customer of two."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customers import words
from blueprints.admin.customers.routes import bp
from core import customer_lists, customers, merges
from core.clock import utc_now
from core.customer_lists import Wanted
from core.permissions import Permission
from models.customers import Customer, Standing
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page


@bp.get("/<uuid:customer_id>/merge")
@requires(Permission.MANAGE_CUSTOMERS)
def find_twin(customer_id: uuid.UUID) -> str:
    customer = customers.find(current_workspace(), customer_id)
    search = request.args.get("search", "").strip()[:100]
    return render_page(
        "admin/customers/merge.html",
        fragment="candidates",
        customer=customer,
        search=search,
        found=_found(customer, search) if search else merges.likely(customer),
        words=words,
    )


@bp.get("/<uuid:customer_id>/merge/<uuid:other_id>")
@requires(Permission.MANAGE_CUSTOMERS)
@freshly_confirmed
def show_merge(customer_id: uuid.UUID, other_id: uuid.UUID) -> str:
    customer, other = _both(customer_id, other_id)
    plan = merges.planned(customer, other, now=utc_now())
    return render_page("admin/customers/merge_plan.html", customer=customer, other=other, plan=plan, words=words)


@bp.post("/<uuid:customer_id>/merge/<uuid:other_id>")
@requires(Permission.MANAGE_CUSTOMERS)
@freshly_confirmed
def create_merge(customer_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    customer, other = _both(customer_id, other_id)
    kept = merges.merge(customer, other, by=current_teammate(), now=utc_now())
    flash("These two are one customer now.", "success")
    return go_to(url_for(".show", customer_id=kept.id))


def _both(customer_id: uuid.UUID, other_id: uuid.UUID) -> tuple[Customer, Customer]:
    workspace = current_workspace()
    return customers.find(workspace, customer_id), customers.find(workspace, other_id)


def _found(customer: Customer, search: str) -> list[Customer]:
    page = customer_lists.page(current_workspace(), Wanted(search=search), now=utc_now())
    return [row.customer for row in page.rows if _may_merge(customer, row.customer)]


def _may_merge(one: Customer, other: Customer) -> Any:
    return one.id != other.id and not one.standing is other.standing is Standing.VERIFIED
