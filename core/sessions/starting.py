"""How sessions begin: anew, by a refresh secret, or as another customer."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from core import conversations, customers, identity_keys, refresh_secrets, return_links, signing, tickets
from core.customer_tokens import VerifiedCustomer
from core.errors import Unauthenticated
from core.refresh_secrets import Rotation
from core.sessions.permits import check_identity, check_returning, check_still_allowed, check_website
from core.sessions.visits import LIFETIME, Started, Visit
from core.signing import Kind
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, Standing, WidgetSession
from models.letters import ReturnLink
from models.teammates import Workspace


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
    if spent.return_link is not None:
        return _start_by_link(agent, spent.return_link, visit, now=now)
    check_website(agent, spent, visit)
    identity = _identity(agent, visit, now=now)
    if visit.refresh_secret:
        # Apart from what follows: a theft is noted whatever becomes of this visit.
        refresh_secrets.end_if_reused(agent, visit.refresh_secret, now=now)
    # As a whole: whoever is refused below keeps the secret that they came with.
    with transaction():
        rotation = _comeback(agent, visit, now=now)
        known = _same_person(_customer_of(rotation), visit)
        check_identity(agent, identity or known, channel=spent.channel)
        customer = _customer(agent, known, identity, visit, now=now)
        conversation = _conversation(
            agent, known, customer, visit, channel=spent.channel, language=spent.language, now=now
        )
        if rotation is None or rotation.family.customer_id != customer.id:
            if rotation is not None:
                refresh_secrets.revoke(rotation.family, because="another customer", now=now, announce=False)
            rotation = _begin_family(agent, customer, visit, now=now)
        return _made(agent, customer, conversation, rotation, visit, now=now)


def _start_by_link(agent: Agent, link_id: uuid.UUID, visit: Visit, *, now: datetime) -> Started:
    """A session in the one conversation of a mailed link, whatever else this browser is known by.

    Raises:
        NotFound: the link has run out or was taken back meanwhile.
        Unauthenticated: `token_required`.
    """
    with transaction():
        link = return_links.find_live(link_id, now=now)
        conversation = db.session.get_one(Conversation, link.conversation_id)
        check_returning(agent, conversation)
        return_links.note_use(link, now=now)
        # Nobody is given its secret: who comes again comes by the link again.
        rotation = refresh_secrets.begin(agent, conversation.customer, lifetime=LIFETIME, now=now)
        nobody = replace(visit, parent_origin=visit.own_origin, context=None)
        return _made(agent, conversation.customer, conversation, rotation, nobody, link=link, now=now)


def refresh(agent: Agent, secret: str, *, now: datetime, browser: str = "", address: str = "") -> Started:
    """Go on with a session whose token runs out: the same customer and conversation, everything else new.

    Raises:
        Unauthenticated: as `refresh_secrets.rotate`; `token_revoked` when it is a preview of a day ago.
        Forbidden: `website_not_allowed` when the website was taken off the list meanwhile.
    """
    refresh_secrets.end_if_reused(agent, secret, now=now)
    # As a whole: whoever is refused keeps the secret, and a log-out at the same time ends the new session, too.
    with transaction():
        rotation = refresh_secrets.rotate(agent, secret, now=now)
        last = _last_session(rotation.family.id)
        if last is None:
            raise Unauthenticated("This chat is not known here any more.", code="token_invalid")
        check_still_allowed(last, now=now)
        conversation = db.session.get_one(Conversation, last.conversation_id)
        if conversation.channel == conversations.PREVIEW and rotation.family.created_at + LIFETIME <= now:
            # The link to it may have run out, or been taken back: who has a good one begins anew with it.
            raise Unauthenticated("This preview is over. Open it again.", code="token_revoked")
        visit = Visit(
            parent_origin=last.parent_origin,
            own_origin=last.parent_origin,
            context=last.context,
            browser=browser or last.browser,
            address=address or last.address,
        )
        return _made(agent, last.customer, conversation, rotation, visit, now=now)


def identify(session: WidgetSession, agent: Agent, visit: Visit, *, now: datetime) -> Started:
    """Change who is chatting in a browser: told, proven, or (with neither) nobody again. Always a new session.

    Raises:
        Unauthenticated: `customer_token_refused`; `token_revoked` when the session was ended meanwhile.
        Invalid: when what is told is no object.
    """
    identity = _identity(agent, visit, now=now)
    is_logout = visit.customer is None and visit.customer_token is None
    known = None if is_logout else _same_person(session.customer, visit)
    before = db.session.get_one(Conversation, session.conversation_id)
    channel, language = before.channel, before.language
    with transaction():
        # First of all, so that whoever signs this browser out at the same moment has either the old session or the new.
        family = refresh_secrets.take(session.family_id)
        check_identity(agent, identity or known, channel=channel)
        customer = _customer(agent, known, identity, visit, now=now)
        conversation = _conversation(agent, known, customer, visit, channel=channel, language=language, now=now)
        refresh_secrets.revoke(family, because="another customer", now=now, announce=False)
        rotation = _begin_family(agent, customer, visit, now=now)
        return _made(agent, customer, conversation, rotation, visit, now=now)


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


def _identity(agent: Agent, visit: Visit, *, now: datetime) -> VerifiedCustomer | None:
    if visit.customer_token is None:
        return None
    return identity_keys.verify(agent.workspace_id, visit.customer_token, now=now)


def _customer(
    agent: Agent, known: Customer | None, identity: VerifiedCustomer | None, visit: Visit, *, now: datetime
) -> Customer:
    workspace = db.session.get_one(Workspace, agent.workspace_id)
    if identity is not None:
        customer = customers.verified(workspace, identity, now=now)
    else:
        customer = known or customers.make_anonymous(workspace, now=now)
    if visit.customer is not None:
        customers.tell(customer, visit.customer, now=now)
    return customer


def _conversation(
    agent: Agent,
    known: Customer | None,
    customer: Customer,
    visit: Visit,
    *,
    channel: str,
    language: str,
    now: datetime,
) -> Conversation:
    origin = visit.parent_origin
    if known is not None and _is_joined_by(known, customer):
        earlier = conversations.latest(agent, known, channel=channel)
        if earlier is not None and earlier.last_message_at is not None:
            conversations.join(earlier, customer, now=now)
            # Nobody reads on in the name of the visitor who it was before.
            refresh_secrets.revoke_all(known.workspace_id, customer=known, because="signed in", now=now, announce=False)
            return earlier
    return conversations.current(agent, customer, origin=origin, channel=channel, language=language, now=now)


def _is_joined_by(known: Customer, customer: Customer) -> bool:
    """Whether what somebody asked before they signed in belongs to who signed in.

    What is a verified customer's never moves, nor what the site had told to be another customer's.
    """
    if known.id == customer.id or known.standing is Standing.VERIFIED:
        return False
    return known.told_id is None or known.told_id == customer.external_id


def _begin_family(agent: Agent, customer: Customer, visit: Visit, *, now: datetime) -> Rotation:
    lifetime = refresh_secrets.SHORT_LIFETIME if visit.keeps_in_frame else refresh_secrets.LIFETIME
    return refresh_secrets.begin(agent, customer, lifetime=lifetime, now=now)


def _made(
    agent: Agent,
    customer: Customer,
    conversation: Conversation,
    rotation: Rotation,
    visit: Visit,
    *,
    link: ReturnLink | None = None,
    now: datetime,
) -> Started:
    session = WidgetSession(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        customer=customer,
        conversation_id=conversation.id,
        family_id=rotation.family.id,
        return_link_id=link.id if link else None,
        parent_origin=visit.parent_origin,
        browser=visit.browser[:120],
        address=visit.address[:45],
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
