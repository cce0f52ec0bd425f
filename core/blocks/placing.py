"""Blocking somebody, and letting them chat again."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from core import audits, customers, networks, refresh_secrets
from core.blocks.finding import active_at, is_active, recent_lengths
from core.errors import Conflict, Invalid
from core.texts import clean_line
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.customers import Customer, WidgetSession
from models.protection import Block
from models.teammates import Teammate, Workspace

LONGEST_REASON = 200
_MOST_ANNOUNCED = 500


class Risky(Conflict):
    """A range that may hold one's own machines; it is blocked only by somebody who knows that."""

    code = "range_is_own"


def block_network(
    workspace: Workspace,
    text: str,
    *,
    reason: str,
    until: datetime | None,
    by: Teammate | None,
    now: datetime,
    own_addresses: Iterable[str] = (),
    is_understood: bool = False,
) -> Block:
    """Keep an address or a range out.

    Args:
        text: an address or a CIDR range, of IPv4 or IPv6.
        until: None is for good.
        own_addresses: of the person who asks, and of the proxy in front.
        is_understood: that it holds one's own machines was said, and is meant.

    Raises:
        Invalid: when it is no range, or one that shuts out everybody.
        Risky: when it holds private addresses or one of `own_addresses`, unless `is_understood`.
    """
    network = networks.canonical(text)
    if not is_understood:
        _check_not_own(network, own_addresses)
    fresh = Block(workspace_id=workspace.id, network=network)
    return _place(fresh, networks.in_words(network), reason=reason, until=until, by=by, now=now)


def block_customer(
    customer: Customer, *, reason: str, until: datetime | None, by: Teammate | None, now: datetime
) -> Block:
    """Keep a customer out, in whichever browser they come."""
    fresh = Block(workspace_id=customer.workspace_id, customer_id=customer.id)
    return _place(fresh, customers.neutral_name(customer), reason=reason, until=until, by=by, now=now)


def lift(block: Block, *, by: Teammate, now: datetime) -> None:
    """Let them chat again, at once."""
    with transaction():
        db.session.refresh(block, with_for_update=True)
        if not is_active(block, now):
            return
        block.lifted_at = now
        _audit(block, "block.lift", _neutral(block), by=by, before=_told(block), after=None, now=now)


def block_again(block: Block, *, until: datetime | None, by: Teammate, now: datetime) -> Block:
    """Block whom an earlier block was about, for the same reason."""
    workspace = db.session.get_one(Workspace, block.workspace_id)
    if block.customer is not None:
        return block_customer(block.customer, reason=block.reason, until=until, by=by, now=now)
    network = block.network or ""
    return block_network(workspace, network, reason=block.reason, until=until, by=by, now=now, is_understood=True)


def _check_not_own(network: str, own_addresses: Iterable[str]) -> None:
    shown = networks.in_words(network)
    if any(networks.overlaps(network, address) for address in own_addresses):
        raise Risky(
            f"{shown} holds the address that you have at the moment, or that of the proxy in front. "
            "If you block it, everybody there is kept out of the chat."
        )
    if networks.touches_inside(network):
        raise Risky(
            f"{shown} is an address inside a network, such as a proxy of your own has. "
            "If your visitors come through it, all of them are kept out."
        )


def _place(
    fresh: Block, name: str, *, reason: str, until: datetime | None, by: Teammate | None, now: datetime
) -> Block:
    """Store a block, or give the one that holds already its new reason and end."""
    reason = _checked(reason)
    with transaction():
        # Of two who block the same at once, the second changes what the first has made.
        db.session.get_one(Workspace, fresh.workspace_id, with_for_update={"key_share": True}, populate_existing=True)
        earlier = _earlier(fresh, now)
        before = _told(earlier) if earlier else None
        block = earlier or fresh
        block.reason, block.expires_at, block.created_by = reason, until, by
        block.created_at = earlier.created_at if earlier else now
        db.session.add(block)
        db.session.flush()
        action = "block.change" if earlier else "block.add"
        _audit(block, action, name, by=by, before=before, after=_told(block), now=now)
        topics = _topics(block)
        after_commit(lambda: _announce(block.workspace_id, topics))
    return block


def _earlier(fresh: Block, now: datetime) -> Block | None:
    concerned = Block.customer_id == fresh.customer_id if fresh.customer_id else Block.network == fresh.network
    return db.session.scalar(
        select(Block).where(Block.workspace_id == fresh.workspace_id, active_at(now), concerned).limit(1)
    )


def _checked(text: str) -> str:
    reason = clean_line(text)
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Use at most {LONGEST_REASON} letters for the reason.")
    return reason


def _audit(
    block: Block,
    action: str,
    name: str,
    *,
    by: Teammate | None,
    before: dict[str, str | None] | None,
    after: dict[str, str | None] | None,
    now: datetime,
) -> None:
    subject = ("block", block.id, name)
    audits.record(block.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)


def _neutral(block: Block) -> str:
    return customers.neutral_name(block.customer) if block.customer else networks.in_words(block.network or "")


def _told(block: Block) -> dict[str, str | None]:
    return {
        "network": block.network,
        "customer": str(block.customer_id) if block.customer_id else None,
        "reason": block.reason,
        "until": block.expires_at.isoformat() if block.expires_at else None,
    }


def _topics(block: Block) -> list[str]:
    """Where open chats are told to look whether they are still allowed."""
    if block.customer_id is None:
        return [refresh_secrets.workspace_topic(block.workspace_id)]
    families = db.session.scalars(
        select(WidgetSession.family_id)
        .where(WidgetSession.customer_id == block.customer_id, WidgetSession.revoked_at.is_(None))
        .distinct()
        .limit(_MOST_ANNOUNCED)
    )
    return [refresh_secrets.topic(family_id) for family_id in families]


def _announce(workspace_id: uuid.UUID, topics: Iterable[str]) -> None:
    recent_lengths.forget(workspace_id)
    for topic in topics:
        current_bus().publish(topic, {"kind": "session"})
