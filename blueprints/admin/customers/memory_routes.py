"""What is remembered of a customer: seen, added, put right and forgotten."""

import uuid
from datetime import timedelta

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customers.forms import FactForm, NewFactForm
from blueprints.admin.customers.routes import bp, remembered
from core import customers, memory
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from models.customers import Customer, FactSource
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import is_partial, render_block

_MEMORY = "admin/customers/_memory.html"


@bp.post("/<uuid:customer_id>/memory")
@requires(Permission.ANSWER)
def create_fact(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = customers.find(current_workspace(), customer_id)
    form = NewFactForm()
    if form.validate():
        now = utc_now()
        until = now + timedelta(days=form.days.data) if form.days.data else None
        with RefusalsAt(form.text):
            memory.remember(
                customer, form.text.data, source=FactSource.TEAMMATE, by=current_teammate(), expires_at=until, now=now
            )
            return _changed(customer)
    return _problem(customer, form)


@bp.post("/<uuid:customer_id>/memory/<uuid:fact_id>")
@requires(Permission.ANSWER)
def correct_fact(customer_id: uuid.UUID, fact_id: uuid.UUID) -> ResponseReturnValue:
    customer = customers.find(current_workspace(), customer_id)
    fact = memory.find(customer, fact_id)
    form = FactForm()
    if form.validate():
        with RefusalsAt(form.text):
            memory.correct(fact, form.text.data, source=FactSource.TEAMMATE, by=current_teammate(), now=utc_now())
            return _changed(customer)
    return _problem(customer, form, changed=fact_id)


@bp.post("/<uuid:customer_id>/memory/<uuid:fact_id>/removal")
@requires(Permission.ANSWER)
def forget_fact(customer_id: uuid.UUID, fact_id: uuid.UUID) -> ResponseReturnValue:
    customer = customers.find(current_workspace(), customer_id)
    memory.forget(memory.find(customer, fact_id))
    return _changed(customer)


def _changed(customer: Customer) -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for("customers.show", customer_id=customer.id, _anchor="memory"), 303)
    return render_block(_MEMORY, "memory", customer=customer)


def _problem(customer: Customer, form: FactForm, changed: uuid.UUID | None = None) -> ResponseReturnValue:
    if not is_partial():
        raise Invalid(" ".join(problem for field in form for problem in field.errors))
    return render_block(_MEMORY, "memory", customer=customer, remembered=remembered(customer, form, changed)), 422
