"""Making one customer of two that are the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.exc import InvalidRequestError

from core import audits, customers, memory, refresh_secrets, return_links, risks
from core.conversations import PREVIEW, workspace_topic
from core.errors import Conflict, NotFound
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.connections import ToolCall
from models.conversations import Conversation
from models.customers import Customer, Fact, RefreshFamily, Standing, WidgetSession, folded
from models.mails import Mail
from models.protection import Block, RiskMark
from models.teammates import Teammate

_RANKS = (Standing.ANONYMOUS, Standing.IDENTIFIED, Standing.VERIFIED)


@dataclass(frozen=True)
class Plan:
    """What making one of two would do."""

    kept: Customer
    gone: Customer
    conversations: int
    """Those in which something was said, which move."""
    facts: Sequence[Fact]
    """What is remembered of the one that goes and not yet of the one that stays."""
    facts_too_many: int
    """How many of these there is no room for."""
    browsers: int
    """In how many browsers the one that goes is signed out."""
    blocks: int
    filled: Sequence[str]
    """What is told of the one that goes and not known of the one that stays: name, e-mail, number, attributes."""


def likely(customer: Customer, *, most: int = 5) -> Sequence[Customer]:
    """Others who look like the same person: by the same e-mail address or the same number."""
    numbers = [number for number in (customer.external_id, customer.told_id) if number]
    same: list[ColumnElement[bool]] = []
    if numbers:
        same += [Customer.external_id.in_(numbers), Customer.told_id.in_(numbers)]
    if customer.email:
        same.append(func.lower(Customer.email) == customer.email.lower())
    if not same:
        return []
    return db.session.scalars(
        select(Customer)
        .where(Customer.workspace_id == customer.workspace_id, Customer.id != customer.id, or_(*same))
        .where(*(() if customer.standing is not Standing.VERIFIED else (Customer.standing != Standing.VERIFIED,)))
        .order_by(Customer.last_seen_at.desc(), Customer.id.desc())
        .limit(most)
    ).all()


def check(one: Customer, other: Customer) -> None:
    """Refuse two that may never become one.

    Raises:
        Conflict: for one and the same, and for two whom the site has signed as two.
        NotFound: for one of another workspace.
    """
    if one.workspace_id != other.workspace_id:
        raise NotFound("There is no such customer. They may have been erased.")
    if one.id == other.id:
        raise Conflict("Choose another customer: this is the same one.")
    if one.standing is other.standing is Standing.VERIFIED:
        raise Conflict("Your website has signed these as two different customers, so they cannot become one.")


def planned(one: Customer, other: Customer, *, now: datetime) -> Plan:
    """What `merge` would do. A verified customer stays, then who is known by name, then the first of the two.

    Raises:
        Conflict, NotFound: as `check`.
    """
    check(one, other)
    kept, gone = (other, one) if _rank(other) > _rank(one) else (one, other)
    known = {folded(fact.text) for fact in memory.facts_of(kept, now=now)}
    facts = [fact for fact in memory.facts_of(gone, now=now) if folded(fact.text) not in known]
    of_gone = (Conversation.customer_id == gone.id, Conversation.last_message_at.is_not(None))
    live = (RefreshFamily.customer_id == gone.id, RefreshFamily.revoked_at.is_(None), RefreshFamily.expires_at > now)
    return Plan(
        kept=kept,
        gone=gone,
        conversations=_count(Conversation, *of_gone, Conversation.channel != PREVIEW),
        facts=facts,
        facts_too_many=max(0, len(known) + len(facts) - memory.MOST),
        browsers=_count(RefreshFamily, *live),
        blocks=_count(Block, Block.customer_id == gone.id, Block.lifted_at.is_(None)),
        filled=list(_missing(kept, gone)),
    )


def merge(one: Customer, other: Customer, *, by: Teammate | None, now: datetime) -> Customer:
    """Make one customer of two.

    Conversations, memory, blocks and reasons for suspicion move. What is known of the one that stays is never
    overwritten, and what was only told never becomes signed. The browsers of the one that goes are signed out.

    Returns:
        the one that stays.

    Raises:
        Conflict, NotFound: as `check`.
    """
    with transaction():
        for customer in sorted((one, other), key=lambda customer: customer.id):
            _lock(customer)
        plan = planned(one, other, now=now)
        kept, gone = plan.kept, plan.gone
        refresh_secrets.revoke_all(gone.workspace_id, customer=gone, because="merged", now=now)
        # Whoever has one of their mails would go on in the name of the one that stays.
        return_links.take_back_of(gone)
        moved = _move(plan)
        _complete(kept, gone)
        audits.record(
            kept.workspace_id,
            "customer.merge",
            by=by,
            subject=("customer", kept.id, customers.neutral_name(kept)),
            before={"merged": str(gone.id)},
            after={"conversations": plan.conversations, "facts": len(plan.facts) - plan.facts_too_many},
            now=now,
        )
        db.session.flush()
        db.session.expire(gone)
        db.session.delete(gone)
        after_commit(lambda: _tell(kept, moved))
    return kept


def _rank(customer: Customer) -> int:
    return _RANKS.index(customer.standing)


def _count(table: type[Any], *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _lock(customer: Customer) -> None:
    try:
        db.session.refresh(customer, with_for_update=True)
    except InvalidRequestError:
        raise NotFound("There is no such customer. They may have been erased.") from None


def _move(plan: Plan) -> Sequence[Any]:
    """Hand over all that refers to the one that goes.

    Returns:
        the ids of the conversations.
    """
    kept, gone = plan.kept, plan.gone
    room = len(plan.facts) - plan.facts_too_many
    for fact in plan.facts[:room]:
        fact.customer_id = kept.id
    moved = db.session.scalars(select(Conversation.id).where(Conversation.customer_id == gone.id)).all()
    for table in (Conversation, RefreshFamily, WidgetSession, Mail, Block, ToolCall):
        db.session.execute(update(table).where(table.customer_id == gone.id).values(customer_id=kept.id))
    ours, theirs = risks.of_customer(kept.id), risks.of_customer(gone.id)
    of_workspace = RiskMark.workspace_id == kept.workspace_id
    has_it = select(RiskMark.signal).where(of_workspace, RiskMark.subject == ours)
    db.session.execute(delete(RiskMark).where(of_workspace, RiskMark.subject == theirs, RiskMark.signal.in_(has_it)))
    db.session.execute(update(RiskMark).where(of_workspace, RiskMark.subject == theirs).values(subject=ours))
    return moved


def _complete(kept: Customer, gone: Customer) -> None:
    missing = _missing(kept, gone)
    if kept.standing is Standing.VERIFIED:
        kept.told = {**(kept.told or {}), **missing}
    else:
        kept.name = kept.name or gone.name
        kept.email = kept.email or gone.email
        kept.told_id = kept.told_id or gone.told_id
        kept.attributes = kept.attributes or gone.attributes
        kept.standing = max(kept.standing, gone.standing, key=_RANKS.index)
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.last_seen_at = max(kept.last_seen_at, gone.last_seen_at)


def _missing(kept: Customer, gone: Customer) -> dict[str, Any]:
    """What is told of one and not known of the other."""
    told = kept.told or {}
    known = {
        "name": kept.name or told.get("name"),
        "email": kept.email or told.get("email"),
        "number": kept.external_id or kept.told_id,
        "attributes": (kept.attributes if kept.standing is not Standing.VERIFIED else None) or told.get("attributes"),
    }
    theirs = {"name": gone.name, "email": gone.email, "number": gone.told_id, "attributes": gone.attributes}
    return {name: content for name, content in theirs.items() if content and not known[name]}


def _tell(customer: Customer, conversation_ids: Sequence[Any]) -> None:
    for conversation_id in conversation_ids:
        note = {"kind": "conversation", "id": str(conversation_id)}
        current_bus().publish(workspace_topic(customer.workspace_id), note)
