"""Sessions: one browser's signed, expiring right to chat as one customer on one website (design.md 5.4)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import conversations, customers, identity_keys, refresh_secrets, signing, tickets, websites
from core.customer_tokens import VerifiedCustomer
from core.errors import Forbidden, Unauthenticated
from core.refresh_secrets import Rotation
from core.signing import Kind
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, RefreshFamily, Standing, WidgetSession
from models.teammates import Workspace

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Visit:
    """What a browser brings when it opens the chat."""

    parent_origin: str
    own_origin: str
    """Where Porchlight itself is served: the parent of the direct link and of previews."""
    refresh_secret: str | None = None
    keeps_in_frame: bool = False
    """The browser blocks cookies, so that the secret lies in the frame's storage and lives shorter."""
    customer: object = None
    customer_token: object = None
    context: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Started:
    """A session that has just been made, with what only its browser may know."""

    session: WidgetSession
    token: str
    refresh_secret: str
    refresh_expires_at: datetime


def start(agent: Agent, ticket: object, visit: Visit, *, now: datetime) -> Started:
    """Make a session for a frame that shows its ticket; a live refresh secret brings the same customer back.

    Raises:
        Unauthenticated: `ticket_expired`, `token_required`, or `customer_token_refused`: a token that is refused
            never falls back to a session that shows earlier history.
        Forbidden: `website_not_allowed`.
    """
    spent = tickets.spend(ticket, now=now)
    if spent.agent != agent.public_id:
        raise Unauthenticated("This chat window belongs to another agent.", code="token_invalid")
    _check_website(agent, spent, visit)
    identity = _identity(agent, visit, now=now)
    # As a whole: whoever is refused below keeps the secret that they came with.
    with transaction():
        rotation = _comeback(agent, visit, now=now)
        known = _same_person(_customer_of(rotation), visit)
        _check_identity(agent, identity or known, channel=spent.channel)
        customer = _customer(agent, known, identity, visit, now=now)
        conversation = _conversation(agent, known, customer, visit, channel=spent.channel, now=now)
        if rotation is None or rotation.family.customer_id != customer.id:
            if rotation is not None:
                refresh_secrets.revoke(rotation.family, because="another customer", now=now)
            rotation = _begin_family(agent, customer, visit, now=now)
        return _made(agent, customer, conversation, rotation, visit, now=now)


def refresh(agent: Agent, secret: str, *, now: datetime) -> Started:
    """Go on with a session whose token runs out: the same customer and conversation, everything else new.

    Raises:
        Unauthenticated: as `refresh_secrets.rotate`.
        Forbidden: `website_not_allowed` when the website was taken off the list meanwhile.
    """
    # As a whole: whoever is refused keeps the secret, and a log-out at the same time ends the new session, too.
    with transaction():
        rotation = refresh_secrets.advance(agent, secret, now=now)
        if rotation is not None:
            return _go_on(agent, rotation, now=now)
    raise refresh_secrets.reused()


def identify(session: WidgetSession, agent: Agent, visit: Visit, *, now: datetime) -> Started:
    """Change who is chatting in a browser: told, proven, or (with neither) nobody again. Always a new session.

    Raises:
        Unauthenticated: `customer_token_refused`.
        Invalid: when what is told is no object.
    """
    identity = _identity(agent, visit, now=now)
    is_logout = visit.customer is None and visit.customer_token is None
    known = None if is_logout else _same_person(session.customer, visit)
    channel = db.session.get_one(Conversation, session.conversation_id).channel
    with transaction():
        _check_identity(agent, identity or known, channel=channel)
        customer = _customer(agent, known, identity, visit, now=now)
        conversation = _conversation(agent, known, customer, visit, channel=channel, now=now)
        end(session, now=now)
        rotation = _begin_family(agent, customer, visit, now=now)
        return _made(agent, customer, conversation, rotation, visit, now=now)


def find(token: str | None, *, now: datetime) -> WidgetSession:
    """The live session of a token.

    Raises:
        Unauthenticated: `token_required`, `token_invalid`, `token_expired` or `token_revoked`.
        Forbidden: `website_not_allowed` when the website was taken off the list meanwhile.
    """
    if not token:
        raise Unauthenticated("Open the chat first.", code="token_required")
    content = signing.read(Kind.SESSION, token, max_age=int(LIFETIME.total_seconds()))
    session = db.session.get(WidgetSession, uuid.UUID(hex=content["session"]))
    if session is None or session.revoked_at is not None:
        raise Unauthenticated("This session was ended. Open the chat again.", code="token_revoked")
    if session.parent_origin != content["origin"] or session.agent_id.hex != content["agent"]:
        raise Unauthenticated("This session is not valid. Open the chat again.", code="token_invalid")
    if session.expires_at <= now:
        raise Unauthenticated("This session has run out. Open the chat again.", code="token_expired")
    check_still_allowed(session)
    return session


def end(session: WidgetSession, *, now: datetime) -> None:
    """End a session and its browser's right to come back."""
    family = db.session.get_one(RefreshFamily, session.family_id)
    refresh_secrets.revoke(family, because="ended", now=now)


def forget(session: WidgetSession, *, now: datetime) -> None:
    """Erase the customer of a session with everything that is kept of them."""
    with transaction():
        db.session.delete(session.customer)


def clear_expired(*, now: datetime) -> None:
    """Forget tickets and families that have run out, and chats that were opened and never used."""
    tickets.clear_expired(now=now)
    refresh_secrets.clear_expired(now=now)
    conversations.clear_silent(now=now)


def _check_website(agent: Agent, ticket: tickets.Ticket, visit: Visit) -> None:
    origin = visit.parent_origin
    if ticket.origin is not None and origin != ticket.origin:
        # The browser named the website when it fetched the frame; a page cannot claim to be another afterwards.
        raise _not_allowed(origin)
    if ticket.channel in ("link", conversations.PREVIEW) and origin == visit.own_origin:
        return
    if not websites.is_allowed(agent, origin):
        raise _not_allowed(origin)


def check_still_allowed(session: WidgetSession) -> None:
    """Refuse a session whose agent was archived or whose website was taken off the list.

    Raises:
        Unauthenticated: `token_revoked`.
        Forbidden: `website_not_allowed`.
    """
    agent = db.session.get_one(Agent, session.agent_id)
    if agent.archived_at is not None:
        raise Unauthenticated("This chat was closed by its owner.", code="token_revoked")
    conversation = db.session.get_one(Conversation, session.conversation_id)
    is_own = conversation.channel in ("link", conversations.PREVIEW)
    if not is_own and not websites.is_allowed(agent, session.parent_origin):
        raise _not_allowed(session.parent_origin)


def _not_allowed(origin: str) -> Forbidden:
    return Forbidden(
        f"The chat is not allowed on {origin[:200] or 'this page'}. The site's owner can allow it under Websites.",
        code="website_not_allowed",
    )


def _comeback(agent: Agent, visit: Visit, *, now: datetime) -> Rotation | None:
    if not visit.refresh_secret:
        return None
    try:
        return refresh_secrets.rotate(agent, visit.refresh_secret, now=now)
    except Unauthenticated:
        return None  # A browser whose right to come back has ended starts anew, as anybody.


def _customer_of(rotation: Rotation | None) -> Customer | None:
    return db.session.get_one(Customer, rotation.family.customer_id) if rotation else None


def _same_person(known: Customer | None, visit: Visit) -> Customer | None:
    """The customer of this browser, unless the site tells that somebody else uses it now."""
    told = customers.told_id(visit.customer)
    if known is None or told is None or visit.customer_token is not None:
        return known
    earlier = known.external_id or known.told_id
    return known if earlier is None or earlier == told else None


def _check_identity(agent: Agent, person: VerifiedCustomer | Customer | None, *, channel: str) -> None:
    is_proven = isinstance(person, VerifiedCustomer) or (person is not None and person.standing is Standing.VERIFIED)
    if is_proven or channel == conversations.PREVIEW or not identity_keys.is_required(agent.workspace_id):
        return
    raise Unauthenticated("Sign in on the website to use this chat.", code="token_required")


def _go_on(agent: Agent, rotation: Rotation, *, now: datetime) -> Started:
    last = _last_session(rotation.family.id)
    if last is None:
        raise Unauthenticated("This chat is not known here any more.", code="token_invalid")
    check_still_allowed(last)
    conversation = db.session.get_one(Conversation, last.conversation_id)
    _check_identity(agent, last.customer, channel=conversation.channel)
    visit = Visit(parent_origin=last.parent_origin, own_origin=last.parent_origin, context=last.context)
    return _made(agent, last.customer, conversation, rotation, visit, now=now)


def _identity(agent: Agent, visit: Visit, *, now: datetime) -> VerifiedCustomer | None:
    if visit.customer_token is None:
        return None
    return identity_keys.verify(agent.workspace_id, visit.customer_token, now=now)


def _customer(
    agent: Agent, known: Customer | None, identity: VerifiedCustomer | None, visit: Visit, *, now: datetime
) -> Customer:
    workspace = db.session.get_one(Workspace, agent.workspace_id)
    if identity is not None:
        return customers.verified(workspace, identity, now=now)
    customer = known or customers.make_anonymous(workspace, now=now)
    if visit.customer is not None:
        customers.tell(customer, visit.customer, now=now)
    return customer


def _conversation(
    agent: Agent, known: Customer | None, customer: Customer, visit: Visit, *, channel: str, now: datetime
) -> Conversation:
    origin = visit.parent_origin
    if known is not None and known.id != customer.id and known.standing is not Standing.VERIFIED:
        # What somebody asked before they signed in belongs to them; a verified one's never moves.
        earlier = conversations.latest(agent, known, channel=channel)
        if earlier is not None and earlier.last_message_at is not None:
            conversations.join(earlier, customer, now=now)
            return earlier
    return conversations.current(agent, customer, origin=origin, channel=channel, now=now)


def _begin_family(agent: Agent, customer: Customer, visit: Visit, *, now: datetime) -> Rotation:
    lifetime = refresh_secrets.SHORT_LIFETIME if visit.keeps_in_frame else refresh_secrets.LIFETIME
    return refresh_secrets.begin(agent, customer, lifetime=lifetime, now=now)


def _made(
    agent: Agent, customer: Customer, conversation: Conversation, rotation: Rotation, visit: Visit, *, now: datetime
) -> Started:
    session = WidgetSession(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        customer=customer,
        conversation_id=conversation.id,
        family_id=rotation.family.id,
        parent_origin=visit.parent_origin,
        context=dict(visit.context or {}),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    with transaction():
        customer.last_seen_at = now
        db.session.add(session)
    token = signing.sign(
        Kind.SESSION, {"session": session.id.hex, "agent": agent.id.hex, "origin": session.parent_origin}
    )
    return Started(session, token, rotation.secret, rotation.family.expires_at)


def _last_session(family_id: uuid.UUID) -> WidgetSession | None:
    return db.session.scalar(
        select(WidgetSession).where(WidgetSession.family_id == family_id).order_by(WidgetSession.id.desc()).limit(1)
    )
