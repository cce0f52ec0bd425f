"""Doing the same with many conversations at once."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.errors import DomainError, Invalid, NotFound
from core.inboxes.views import listed
from models import db
from models.conversations import Conversation
from models.teammates import Workspace

MOST = 300
"""The most conversations at once: as many as a list shows."""


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    done: int
    refusals: Sequence[str]
    """Why some were left as they are, each reason once."""
    left: int
    """How many those are."""


def find_all(workspace: Workspace, ids: Sequence[uuid.UUID]) -> Sequence[Conversation]:
    """Conversations of this workspace.

    Raises:
        Invalid: for none, and for too many.
        NotFound: when one of them is somebody else's; then none is touched.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Invalid("Choose at least one conversation.")
    if len(wanted) > MOST:
        raise Invalid(f"Choose at most {MOST} conversations at once.")
    query = select(Conversation).where(*listed(workspace.id), Conversation.id.in_(wanted))
    found = db.session.scalars(query.options(joinedload(Conversation.customer))).all()
    if len(found) < len(wanted):
        raise NotFound("One of these conversations is not there any more. Choose again.")
    return found


def change_all(conversations: Sequence[Conversation], change: Callable[[Conversation], object]) -> Outcome:
    """Do something with each, in a transaction of its own: what one refuses keeps no other from it."""
    refusals: list[str] = []
    for conversation in conversations:
        try:
            change(conversation)
        except DomainError as refusal:
            refusals.append(refusal.message)
    return Outcome(len(conversations) - len(refusals), list(dict.fromkeys(refusals)), len(refusals))
