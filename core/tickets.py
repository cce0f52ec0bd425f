"""Tickets: what a frame that we served shows to get a session, once and soon."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from core import signing
from core.errors import Unauthenticated
from core.signing import Kind
from models import db, transaction
from models.agents import Agent
from models.customers import SpentTicket

LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True)
class Ticket:
    """What is known of a frame at the moment it is served."""

    agent: str
    """The public id of the agent."""
    origin: str | None
    """The website that embeds the frame, where the browser told it and it is allowed."""
    channel: str
    """`web` in a page, `link` on its own, `preview` for a teammate who tries the agent."""
    language: str = "en"
    """In which the frame speaks."""
    return_link: uuid.UUID | None = None
    """The mailed link by which the frame was opened."""


def issue(
    agent: Agent,
    *,
    origin: str | None,
    channel: str,
    language: str = "en",
    return_link: uuid.UUID | None = None,
) -> str:
    """A ticket for one frame; it can be used once within 60 seconds."""
    content = {
        "id": secrets.token_urlsafe(16),
        "agent": agent.public_id,
        "origin": origin,
        "channel": channel,
        "language": language,
        **({"return_link": return_link.hex} if return_link else {}),
    }
    return signing.sign(Kind.TICKET, content)


def read(ticket: object) -> Ticket:
    """What a ticket says, without using it up.

    Raises:
        Unauthenticated: `ticket_expired` when it is older than 60 seconds or not ours.
    """
    return _ticket(_content(ticket))


def read_late(ticket: object) -> Ticket | None:
    """What a ticket of ours said that is too old or used by now: enough for another one, never for a session."""
    if not isinstance(ticket, str) or len(ticket) > 2_000:
        return None
    try:
        content = signing.read(Kind.TICKET, ticket, max_age=24 * 60 * 60)
    except Unauthenticated:
        return None
    return _ticket(content)


def spend(ticket: object, *, now: datetime) -> Ticket:
    """Use a ticket up.

    Raises:
        Unauthenticated: `ticket_expired` when it is too old, was used before, or is not ours.
    """
    content = _content(ticket)
    try:
        with transaction():
            db.session.add(SpentTicket(ticket_id=content["id"], expires_at=now + 2 * LIFETIME))
            db.session.flush()
    except IntegrityError:
        raise _refusal() from None
    return _ticket(content)


def clear_expired(*, now: datetime) -> None:
    """Forget used tickets that nobody could use again anyway."""
    with transaction():
        db.session.execute(delete(SpentTicket).where(SpentTicket.expires_at < now))


def _ticket(content: Mapping[str, str]) -> Ticket:
    # One that was issued before the widget spoke languages has none.
    language = content.get("language", "en")
    link = uuid.UUID(hex=content["return_link"]) if "return_link" in content else None
    return Ticket(content["agent"], content["origin"], content["channel"], language, link)


def _content(ticket: object) -> dict[str, str]:
    if not isinstance(ticket, str) or len(ticket) > 2_000:
        raise _refusal()
    try:
        return signing.read(Kind.TICKET, ticket, max_age=int(LIFETIME.total_seconds()))
    except Unauthenticated:
        raise _refusal() from None


def _refusal() -> Unauthenticated:
    return Unauthenticated("This chat window was open for too long. Open it again.", code="ticket_expired")
