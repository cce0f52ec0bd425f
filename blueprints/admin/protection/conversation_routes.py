"""Blocking the visitor of a conversation, and why they look suspicious, beside the conversation."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.protection import words
from blueprints.admin.protection.forms import VisitorForm
from core import blocks, conversations, networks, protection
from core.blocks import Risky
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from core.risks import Score
from models import transaction
from models.conversations import Conversation
from models.customers import Standing
from models.protection import Block
from web.access import current_teammate, current_workspace, is_allowed, requires
from web.addresses import current_address, proxy_address
from web.fragments import is_partial, render_block

bp = Blueprint("visitor_blocks", __name__, url_prefix="/admin/conversations")

_TEMPLATE = "admin/conversations/_block.html"


@dataclass(frozen=True)
class Shown:
    """What a teammate sees of a conversation's visitor."""

    score: Score
    blocks: Sequence[Block]
    address: str
    """As it would be blocked; empty when it is not the visitor's own."""
    form: VisitorForm
    asks: bool = False
    """Whether to ask if the block is meant, although it may hit one's own machines."""

    @property
    def own_blocks(self) -> list[Block]:
        """Those that may be lifted from here: not the ranges that hold others, too."""
        return [block for block in self.blocks if block.network is None or block.network == self.network]

    @property
    def network(self) -> str:
        return networks.canonical(self.address) if self.address else ""


@bp.app_context_processor
def _for_the_panel() -> dict[str, Any]:
    return {"protection_of": _shown, "name_of_block": blocks.name_of}


@bp.post("/<uuid:conversation_id>/block")
@requires(Permission.ANSWER)
def create(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    form = VisitorForm()
    if not form.validate():
        return _problem(conversation, form)
    try:
        _block(conversation, form)
    except (Invalid, Risky) as refusal:
        form.form_errors.append(refusal.message)
        return _problem(conversation, form, asks=isinstance(refusal, Risky) and is_allowed(Permission.MANAGE_SECURITY))
    return _answer(conversation)


@bp.post("/<uuid:conversation_id>/block/lifting")
@requires(Permission.ANSWER)
def lift(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    with transaction():
        for block in _shown(conversation).own_blocks:
            blocks.lift(block, by=current_teammate(), now=utc_now())
    return _answer(conversation)


def _block(conversation: Conversation, form: VisitorForm) -> None:
    address = _address(conversation)
    if not form.this_customer.data and not (form.their_address.data and address):
        raise Invalid("Choose whom to block: the customer, their address, or both.")
    now, by, reason = utc_now(), current_teammate(), form.reason.data or ""
    until = words.until(form.duration.data, now)
    with transaction():
        if form.their_address.data and address:
            blocks.block_network(
                current_workspace(),
                address,
                reason=reason,
                until=until,
                by=by,
                now=now,
                own_addresses=(current_address(), proxy_address()),
                is_understood=form.is_understood.data and is_allowed(Permission.MANAGE_SECURITY),
            )
        if form.this_customer.data:
            blocks.block_customer(conversation.customer, reason=reason, until=until, by=by, now=now)


def _shown(conversation: Conversation, form: VisitorForm | None = None, *, asks: bool = False) -> Shown:
    now = utc_now()
    visitor = protection.visitor_behind(conversation)
    found = blocks.active_for(
        conversation.workspace_id, addresses=[visitor.address], customer_id=conversation.customer_id, now=now
    )
    return Shown(
        protection.score_of(visitor, now=now), found, _address(conversation), form or _fresh(conversation), asks
    )


def _fresh(conversation: Conversation) -> VisitorForm:
    is_anonymous = conversation.customer.standing is Standing.ANONYMOUS
    address = _address(conversation)
    is_mine = bool(address) and networks.overlaps(networks.canonical(address), current_address())
    return VisitorForm(formdata=None, this_customer=True, their_address=bool(address) and is_anonymous and not is_mine)


def _address(conversation: Conversation) -> str:
    address = protection.visitor_behind(conversation).address
    return "" if networks.is_inside(address) else networks.counted(address)


def _problem(conversation: Conversation, form: VisitorForm, *, asks: bool = False) -> ResponseReturnValue:
    if not is_partial():
        raise Invalid(" ".join([*form.form_errors, *(problem for field in form for problem in field.errors)]))
    return render_block(
        _TEMPLATE, "visitor_block", opened=conversation, guarded=_shown(conversation, form, asks=asks)
    ), 422


def _answer(conversation: Conversation) -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for("conversations.show", conversation_id=conversation.id, _anchor="customer"), 303)
    return render_block(_TEMPLATE, "visitor_block", opened=conversation, guarded=_shown(conversation))
