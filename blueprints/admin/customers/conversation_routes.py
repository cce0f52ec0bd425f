"""A teammate writes first, to a customer who is known."""

import uuid

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customers import words
from blueprints.admin.customers.forms import FirstMessageForm
from blueprints.admin.customers.routes import bp
from core import agents, conversations, customers
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission
from models.agents import Agent
from models.customers import Customer
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, show_problem

_WRITE = "admin/customers/write.html"


@bp.get("/<uuid:customer_id>/conversations/new")
@requires(Permission.ANSWER)
def new_conversation(customer_id: uuid.UUID) -> str:
    customer = customers.find(current_workspace(), customer_id)
    form = FirstMessageForm(formdata=None, client_id=uuid.uuid4().hex)
    return render_page(_WRITE, fragment="write_form", **_page(customer, form))


@bp.post("/<uuid:customer_id>/conversations")
@requires(Permission.ANSWER)
def create_conversation(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer, form = customers.find(current_workspace(), customer_id), FirstMessageForm()
    if form.validate():
        with RefusalsAt(form.text):
            begun = conversations.start_with(
                customer,
                _agent(),
                text=form.text.data,
                client_id=form.client_id.data or None,
                by=current_teammate(),
                now=utc_now(),
            )
            flash("Your message waits for them in the chat.", "success")
            return go_to(url_for("conversations.show", conversation_id=begun.id))
    return show_problem(_WRITE, fragment="write_form", **_page(customer, form))


def _agent() -> Agent:
    try:
        return agents.find(current_workspace(), uuid.UUID(request.form.get("agent", "")))
    except ValueError:
        raise NotFound("Choose the chat in which they will see it.") from None


def _page(customer: Customer, form: FirstMessageForm) -> dict[str, object]:
    chosen = request.form.get("agent", "")
    offered = agents.listed(current_workspace())
    return {"customer": customer, "form": form, "agents": offered, "chosen": chosen, "words": words}
