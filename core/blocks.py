"""Blocked visitors: who may not chat, why, until when, and how often they tried."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import contains_eager

from core import audits, customers, networks, refresh_secrets
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.recent_values import RecentValues
from core.tallies import Tally
from core.texts import clean_line
from gateways.bus import current_bus
from models import after_commit, db, revisions, transaction
from models.base import UtcDateTime
from models.customers import Customer, WidgetSession, folded
from models.protection import Block
from models.teammates import Teammate, Workspace

PAGE = 25
LONGEST_REASON = 200
_REMEMBERED = timedelta(days=90)
_MOST_ANNOUNCED = 500
_CALM = "You cannot use this chat at the moment. If you think that this is a mistake, contact the website's owner."

_hits: Tally[uuid.UUID] = Tally()


@dataclass(frozen=True)
class Page:
    """Some blocks of a list, and how many there are in all."""

    rows: Sequence[Block]
    total: int
    number: int

    @property
    def count(self) -> int:
        """Of pages."""
        return max(1, -(-self.total // PAGE))


class Risky(Conflict):
    """A range that may hold one's own machines; it is blocked only by somebody who knows that."""

    code = "range_is_own"


def refusal() -> Forbidden:
    """What a blocked visitor is told."""
    return Forbidden(_CALM, code="blocked")


def find(workspace: Workspace, block_id: uuid.UUID) -> Block:
    """A block of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    block = db.session.scalar(select(Block).where(Block.id == block_id, Block.workspace_id == workspace.id))
    if block is None:
        raise NotFound("There is no such block.")
    return block


def active_for(
    workspace_id: uuid.UUID, *, addresses: Iterable[str] = (), customer_id: uuid.UUID | None = None, now: datetime
) -> Sequence[Block]:
    """The blocks that hold for a customer or any of these addresses, the longest first.

    A range of a length that the workspace did not block before holds in other processes within five seconds.
    """
    if not revisions.kept("blocks", workspace_id, workspace_id, lambda: _has_any(workspace_id)):
        return []
    lengths = _recent_lengths.of(workspace_id)
    covering = [network for address in addresses for network in networks.covering(address, lengths)]
    if not covering and customer_id is None:
        return []
    concerned = {"workspace_id": workspace_id, "covering": covering, "customer_id": customer_id}
    return db.session.scalars(_HOLDING, {**concerned, "now": now, "last": now + timedelta(days=36500)}).all()


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


def note_hit(block: Block, *, now: datetime) -> None:
    """Count that a blocked visitor tried; a flood of tries is written down every few seconds."""
    if times := _hits.add(block.id):
        _write_hits(block.id, times, now=now)


def listed(workspace: Workspace, *, are_active: bool, search: str = "", number: int = 1, now: datetime) -> Page:
    """A page of the blocks that hold, or of those that are over; the newest first.

    Args:
        search: part of an address, a reason or a customer's name, or an address that a range holds.
    """
    wanted = [
        Block.workspace_id == workspace.id,
        _is_active(now) if are_active else ~_is_active(now),
        *([_matches(search)] if search else []),
    ]
    total = db.session.scalar(select(func.count()).select_from(Block).outerjoin(Block.customer).where(*wanted)) or 0
    number = max(1, min(number, -(-total // PAGE)))
    rows = db.session.scalars(
        select(Block)
        .outerjoin(Block.customer)
        .options(contains_eager(Block.customer))
        .where(*wanted)
        .order_by(Block.created_at.desc(), Block.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return Page(rows, total, number)


def is_active(block: Block, now: datetime) -> bool:
    return block.lifted_at is None and (block.expires_at is None or block.expires_at > now)


def name_of(block: Block) -> str:
    """Whom a block is about, in words."""
    return customers.name_as_known(block.customer) if block.customer else networks.in_words(block.network or "")


def clear_old(*, now: datetime) -> None:
    """Write down the tries that wait, and forget blocks that ended long ago: they hold addresses of people."""
    for block_id, times in _hits.take_all().items():
        _write_hits(block_id, times, now=now)
    before = now - _REMEMBERED
    with transaction():
        db.session.execute(delete(Block).where(or_(Block.expires_at < before, Block.lifted_at < before)))


def _neutral(block: Block) -> str:
    return customers.neutral_name(block.customer) if block.customer else networks.in_words(block.network or "")


def _has_any(workspace_id: uuid.UUID) -> bool:
    """Whether anybody is blocked, or was until a moment that may be over."""
    known = select(Block.id).where(Block.workspace_id == workspace_id, Block.lifted_at.is_(None)).limit(1)
    return db.session.scalar(known) is not None


def _lengths_of(workspace_id: uuid.UUID) -> frozenset[tuple[int, int]]:
    """Of which IP version and length the blocked ranges of a workspace are: mostly none, or one or two."""
    is_v6 = Block.network.contains(":")
    length = func.substr(Block.network, func.length(func.rtrim(Block.network, "0123456789")) + 1)
    rows = db.session.execute(
        select(is_v6, length)
        .where(Block.workspace_id == workspace_id, Block.network.is_not(None), Block.lifted_at.is_(None))
        .distinct()
    )
    return frozenset((6 if row[0] else 4, int(row[1])) for row in rows)


_recent_lengths = RecentValues(_lengths_of)


def _is_active(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Block.lifted_at.is_(None), or_(Block.expires_at.is_(None), Block.expires_at > now))


# Made once, as each message asks for it. The workspace stands where the network does, and a customer has only one:
# asked for beside the OR, it would have both databases read every block of the workspace instead of one index each.
_HOLDING = (
    select(Block)
    .where(
        or_(
            and_(
                Block.workspace_id == bindparam("workspace_id"),
                Block.network.in_(bindparam("covering", expanding=True)),
            ),
            Block.customer_id == bindparam("customer_id"),
        ),
        _is_active(bindparam("now", type_=UtcDateTime())),
    )
    .order_by(func.coalesce(Block.expires_at, bindparam("last", type_=UtcDateTime())).desc(), Block.id)
)


def _matches(search: str) -> ColumnElement[bool]:
    return or_(
        Block.network.icontains(search, autoescape=True),
        Block.reason.icontains(search, autoescape=True),
        Customer.search_text.contains(folded(search), autoescape=True),
        Block.network.in_(networks.covering(search)),
    )


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
        select(Block).where(Block.workspace_id == fresh.workspace_id, _is_active(now), concerned).limit(1)
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
    _recent_lengths.forget(workspace_id)
    for topic in topics:
        current_bus().publish(topic, {"kind": "session"})


def _write_hits(block_id: uuid.UUID, times: int, *, now: datetime) -> None:
    with transaction():
        db.session.execute(
            update(Block)
            .where(Block.id == block_id)
            .values(hits=Block.hits + times, last_hit_at=now)
            .execution_options(synchronize_session=False, porchlight_counts_only=True)
        )
