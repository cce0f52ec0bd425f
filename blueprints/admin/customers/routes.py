"""Customers: who they are, what they said, and from where."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customers import words
from blueprints.admin.customers.forms import FactForm, NewFactForm
from core import attachments, customer_lists, customers, devices, memory, profiles, sessions
from core.clock import utc_now
from core.customer_lists import Wanted
from core.permissions import Permission
from models.customers import Customer, Standing
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page

bp = Blueprint("customers", __name__, url_prefix="/admin/customers")
_INDEX = "admin/customers/index.html"
_SHOW = "admin/customers/show.html"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    choice, before = _choice(), request.args.get("before")
    page = customer_lists.page(current_workspace(), choice.wanted, before=before, now=utc_now())
    fragment = "customer_rows" if before else "customer_list"
    is_empty = not page.rows and not customer_lists.is_anybody_there(current_workspace())
    return render_page(_INDEX, fragment=fragment, page=page, choice=choice, is_empty=is_empty, words=words)


@bp.get("/<uuid:customer_id>")
@requires(Permission.VIEW)
def show(customer_id: uuid.UUID) -> str:
    customer = customers.find(current_workspace(), customer_id)
    return render_page(
        _SHOW,
        customer=customer,
        profile=profiles.of(customer),
        talks=customer_lists.conversations_of(customer),
        devices=devices.of(customer, now=utc_now()),
        files=attachments.of_customer(customer),
        reader=current_teammate(),
        words=words,
    )


@bp.post("/<uuid:customer_id>/sign-out")
@requires(Permission.MANAGE_CUSTOMERS)
def sign_out(customer_id: uuid.UUID) -> ResponseReturnValue:
    customer = customers.find(current_workspace(), customer_id)
    ended = sessions.end_of_customer(customer, by=current_teammate(), now=utc_now())
    told = "one browser" if ended == 1 else f"{ended} browsers"
    flash(f"Signed out of {told}." if ended else "They were signed in nowhere any more.", "success")
    return go_to(url_for(".show", customer_id=customer_id))


@dataclass(frozen=True)
class Choice:
    """Which customers somebody looks at."""

    wanted: Wanted

    @property
    def address(self) -> dict[str, Any]:
        """What an address needs to come back to it."""
        wanted = self.wanted
        chosen = {
            "search": wanted.search,
            "standing": wanted.standing.value if wanted.standing else "",
            "seen": wanted.seen_days or "",
            "waiting": "1" if wanted.is_waiting else "",
        }
        return {name: content for name, content in chosen.items() if content}


@dataclass(frozen=True)
class Remembered:
    """The memory of one customer, with the form that adds to it."""

    facts: Any
    form: FactForm
    changed: uuid.UUID | None = None
    """The fact that `form` changes; None while it adds one."""


@bp.app_context_processor
def _for_the_panel() -> dict[str, Any]:
    return {"memory_of": remembered, "profile_of": profiles.of, "customer_words": words}


def remembered(customer: Customer, form: FactForm | None = None, changed: uuid.UUID | None = None) -> Remembered:
    """What the memory of a customer shows."""
    return Remembered(memory.facts_of(customer, now=utc_now()), form or NewFactForm.empty(), changed)


def _choice() -> Choice:
    standing, seen = request.args.get("standing", ""), request.args.get("seen", type=int)
    return Choice(
        Wanted(
            search=request.args.get("search", "").strip()[:100],
            standing=Standing(standing) if standing in list(Standing) else None,
            is_waiting=bool(request.args.get("waiting")),
            seen_days=seen if seen in words.SEEN else None,
        )
    )
