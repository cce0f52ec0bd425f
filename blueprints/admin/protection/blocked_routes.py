"""Settings → Protection → Blocked visitors."""

import uuid
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.protection import words
from blueprints.admin.protection.forms import AgainForm, RangeForm
from core import blocks
from core.blocks import Risky
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from models.protection import Block
from web.access import current_teammate, current_workspace, requires
from web.addresses import current_address, proxy_address
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("blocked", __name__, url_prefix="/admin/settings/protection/blocked")

_TEMPLATE = "admin/protection/blocked.html"


@bp.get("/")
@requires(Permission.MANAGE_SECURITY)
def index() -> str:
    form = RangeForm(formdata=None, address=request.args.get("address", "")[:60])
    return render_page(_TEMPLATE, fragment="blocks", **_page(form))


@bp.post("/")
@requires(Permission.MANAGE_SECURITY)
def create() -> ResponseReturnValue:
    form = RangeForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="page_body", **_page(form))
    try:
        block = _block(form)
    except (Invalid, Risky) as refusal:
        form.address.errors = [refusal.message]
        return show_problem(_TEMPLATE, fragment="page_body", **_page(form, asks=isinstance(refusal, Risky)))
    return _changed("page_body", f"{blocks.name_of(block)} is blocked.")


@bp.post("/<uuid:block_id>/lifting")
@requires(Permission.MANAGE_SECURITY)
def lift(block_id: uuid.UUID) -> ResponseReturnValue:
    block = blocks.find(current_workspace(), block_id)
    blocks.lift(block, by=current_teammate(), now=utc_now())
    return _changed("blocks", f"{blocks.name_of(block)} can chat again.")


@bp.post("/<uuid:block_id>/return")
@requires(Permission.MANAGE_SECURITY)
def block_again(block_id: uuid.UUID) -> ResponseReturnValue:
    earlier = blocks.find(current_workspace(), block_id)
    form = AgainForm()
    if not form.validate():
        raise Invalid("Choose for how long.")
    now = utc_now()
    block = blocks.block_again(earlier, until=words.until(form.duration.data, now), by=current_teammate(), now=now)
    return _changed("blocks", f"{blocks.name_of(block)} is blocked again.")


def _block(form: RangeForm) -> Block:
    now = utc_now()
    return blocks.block_network(
        current_workspace(),
        form.address.data,
        reason=form.reason.data or "",
        until=words.until(form.duration.data, now),
        by=current_teammate(),
        now=now,
        own_addresses=(current_address(), proxy_address()),
        is_understood=form.is_understood.data,
    )


def _changed(fragment: str, happened: str) -> ResponseReturnValue:
    if not is_partial():
        flash(happened, "success")
    values = _page(RangeForm(formdata=None), happened=happened)
    return show_change(_TEMPLATE, fragment=fragment, otherwise=url_for(".index"), **values)


def _page(form: RangeForm, **changes: Any) -> dict[str, Any]:
    now = utc_now()
    search = request.values.get("search", "").strip()[:100]
    are_over = request.values.get("list") == "over"
    number = request.values.get("page", 1, type=int)
    page = blocks.listed(current_workspace(), are_active=not are_over, search=search, number=number, now=now)
    return {
        "form": form,
        "again": AgainForm(formdata=None),
        "page": page,
        "search": search,
        "are_over": are_over,
        "name_of": blocks.name_of,
        "here": {key: value for key, value in (("list", "over" if are_over else ""), ("search", search)) if value},
        "happened": "",
        "asks": False,
    } | changes
