"""Who is blocked: whether somebody is just now, and lists of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager

from core import customers, networks
from core.errors import Forbidden, NotFound
from core.recent_values import RecentValues
from models import db, revisions
from models.base import UtcDateTime
from models.customers import Customer, folded
from models.protection import Block
from models.teammates import Workspace

PAGE = 25
_CALM = "You cannot use this chat at the moment. If you think that this is a mistake, contact the website's owner."


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
    lengths = recent_lengths.of(workspace_id)
    covering = [network for address in addresses for network in networks.covering(address, lengths)]
    if not covering and customer_id is None:
        return []
    concerned = {"workspace_id": workspace_id, "covering": covering, "customer_id": customer_id}
    return db.session.scalars(_HOLDING, {**concerned, "now": now, "last": now + timedelta(days=36500)}).all()


def listed(workspace: Workspace, *, are_active: bool, search: str = "", number: int = 1, now: datetime) -> Page:
    """A page of the blocks that hold, or of those that are over; the newest first.

    Args:
        search: part of an address, a reason or a customer's name, or an address that a range holds.
    """
    wanted = [
        Block.workspace_id == workspace.id,
        active_at(now) if are_active else ~active_at(now),
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


def refusal() -> Forbidden:
    """What a blocked visitor is told."""
    return Forbidden(_CALM, code="blocked")


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


recent_lengths = RecentValues(_lengths_of)


def active_at(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
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
        active_at(bindparam("now", type_=UtcDateTime())),
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
