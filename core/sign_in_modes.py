"""The three ways in which a customer can be known, and which of them a workspace lets in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from core import conversations, identity_keys
from models import db
from models.conversations import Conversation
from models.customers import Customer, Standing
from models.teammates import Workspace

SEEN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Mode:
    """One way of being known."""

    standing: Standing
    is_open: bool
    """Whether customers who are known in this way may chat now."""
    customers: int
    """How many chatted within the last thirty days."""


def listed(workspace: Workspace, *, now: datetime) -> list[Mode]:
    """All three, from the one that proves least."""
    is_strict = identity_keys.is_required(workspace.id)
    has_key = bool(identity_keys.live(workspace))
    counts = _counts(workspace, now=now)
    return [
        Mode(standing, has_key if standing is Standing.VERIFIED else not is_strict, counts.get(standing, 0))
        for standing in (Standing.ANONYMOUS, Standing.IDENTIFIED, Standing.VERIFIED)
    ]


def _counts(workspace: Workspace, *, now: datetime) -> dict[Standing, int]:
    # Teammates who try their agent are nobody's customers.
    has_chatted = exists().where(
        Conversation.customer_id == Customer.id,
        Conversation.last_message_at.is_not(None),
        Conversation.channel != conversations.PREVIEW,
    )
    found = db.session.execute(
        select(Customer.standing, func.count())
        .where(Customer.workspace_id == workspace.id, Customer.last_seen_at >= now - SEEN_WITHIN, has_chatted)
        .group_by(Customer.standing)
    )
    return dict(iter(found))
