"""Mailed links that lead a customer back into one conversation, and nowhere else.

Whoever has the mail has the link, also somebody whom it was passed on to. So it shows that one conversation and lets
them write in it, to people and not to the agent with its tools and its memory; it never proves who somebody is.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, delete, func, select, update

from core import audits
from core.errors import NotFound
from core.signing import hash_secret, new_secret
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, WidgetSession
from models.letters import ReturnLink
from models.teammates import Teammate, Workspace

LIFETIME = timedelta(days=14)
_GONE = "This link does not work any more. Open the chat on the website instead."


def make(conversation: Conversation, *, now: datetime) -> str:
    """A new link into a conversation.

    Returns:
        its secret, of which only a hash is kept.
    """
    secret = new_secret()
    with transaction():
        db.session.add(
            ReturnLink(
                workspace_id=conversation.workspace_id,
                conversation_id=conversation.id,
                token_hash=hash_secret(secret),
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
    return secret


def find(agent: Agent, secret: str, *, now: datetime) -> ReturnLink:
    """The link of a secret, into a conversation with this agent.

    Raises:
        NotFound: it has run out, was taken back, or never was.
    """
    found = db.session.scalar(
        select(ReturnLink)
        .join(Conversation, Conversation.id == ReturnLink.conversation_id)
        .where(
            ReturnLink.token_hash == hash_secret(secret),
            ReturnLink.expires_at > now,
            Conversation.agent_id == agent.id,
        )
    )
    if found is None:
        raise NotFound(_GONE)
    return found


def find_live(link_id: uuid.UUID, *, now: datetime) -> ReturnLink:
    """A link by its id, unless it is over.

    Raises:
        NotFound: it has run out, or was taken back.
    """
    found = db.session.get(ReturnLink, link_id)
    if found is None or found.expires_at <= now:
        raise NotFound(_GONE)
    return found


def note_use(link: ReturnLink, *, now: datetime) -> None:
    """Remember that somebody came by it."""
    with transaction():
        link.last_used_at = now


class SaidBy(TypedDict, total=False):
    """What `conversations.ask_once` is to know of a message besides."""

    person_because: str
    details: Mapping[str, Any]


def said_by(session: WidgetSession) -> SaidBy:
    """How a message of this session is stored: of one that began with a mailed link, for a person, and marked."""
    if session.return_link_id is None:
        return {}
    return {"person_because": "wrote by the link in an e-mail", "details": {"letter": {"way": "link"}}}


def count(workspace: Workspace, *, now: datetime) -> int:
    """How many links of a workspace still work."""
    live = (ReturnLink.workspace_id == workspace.id, ReturnLink.expires_at > now)
    return db.session.scalar(select(func.count()).select_from(ReturnLink).where(*live)) or 0


def lead_on(conversation: Conversation, target: Conversation) -> None:
    """Have the links into a conversation open the one that it was merged into; they prove no more than before."""
    with transaction():
        db.session.execute(
            update(ReturnLink)
            .where(ReturnLink.conversation_id == conversation.id)
            .values(conversation_id=target.id)
            .execution_options(synchronize_session=False)
        )


def take_back(conversation: Conversation) -> None:
    """End the links into a conversation, and the chats that were opened by them; it has become somebody else's."""
    _delete(ReturnLink.conversation_id == conversation.id)


def take_back_of(customer: Customer) -> None:
    """End the links into all conversations of a customer, and the chats that were opened by them."""
    of_customer = select(Conversation.id).where(Conversation.customer_id == customer.id)
    _delete(ReturnLink.conversation_id.in_(of_customer))


def take_back_of_workspace(workspace: Workspace) -> None:
    """End all mailed links of a workspace at once, and the chats that were opened by them."""
    _delete(ReturnLink.workspace_id == workspace.id)


def take_back_all(workspace: Workspace, *, by: Teammate | None, now: datetime) -> int:
    """As `take_back_of_workspace`, noted in the audit log.

    Returns:
        how many there were.
    """
    with transaction():
        ended = count(workspace, now=now)
        take_back_of_workspace(workspace)
        subject = ("workspace", workspace.id, workspace.name)
        audits.record(workspace.id, "return_link.end_all", by=by, subject=subject, after={"links": ended}, now=now)
    return ended


def clear_expired(*, now: datetime) -> None:
    """Forget links that have run out."""
    _delete(ReturnLink.expires_at < now)


def _delete(condition: ColumnElement[bool]) -> None:
    # The sessions that began with them go with them.
    with transaction():
        db.session.execute(delete(ReturnLink).where(condition).execution_options(synchronize_session=False))
