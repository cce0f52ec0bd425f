"""Where a session may be, and as whom."""

from datetime import datetime

from core import conversations, identity_keys, return_links, tickets, websites
from core.customer_tokens import VerifiedCustomer
from core.errors import Forbidden, NotFound, Unauthenticated
from core.sessions.visits import Visit
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, Standing, WidgetSession

_OWN_PAGES = ("link", conversations.PREVIEW)


def check_website(agent: Agent, ticket: tickets.Ticket, visit: Visit) -> None:
    """Refuse a frame on a website that is not allowed, or that claims to stand elsewhere than its ticket says.

    Raises:
        Forbidden: `website_not_allowed`.
    """
    origin = visit.parent_origin
    if ticket.origin is not None and origin != ticket.origin:
        # The browser named the website when it fetched the frame; a page cannot claim to be another afterwards.
        raise _not_allowed(origin)
    if ticket.channel in _OWN_PAGES and origin == visit.own_origin:
        _check_link(agent, ticket.channel)
    elif not websites.is_allowed(agent, origin):
        raise _not_allowed(origin)


def check_still_allowed(session: WidgetSession, *, now: datetime) -> None:
    """Refuse a session whose agent was archived, or whose website or link was closed meanwhile.

    Raises:
        Unauthenticated: `token_revoked`, or `token_required` when only verified customers may chat by now.
        Forbidden: `website_not_allowed`.
    """
    agent = db.session.get_one(Agent, session.agent_id)
    if agent.archived_at is not None:
        raise Unauthenticated("This chat was closed by its owner.", code="token_revoked")
    if session.return_link_id is not None:
        _check_return(session, now=now)
        return
    channel = db.session.get_one(Conversation, session.conversation_id).channel
    if channel in _OWN_PAGES:
        _check_link(agent, channel)
    elif not websites.is_allowed(agent, session.parent_origin):
        raise _not_allowed(session.parent_origin)
    check_identity(agent, session.customer, channel=channel)


def check_returning(agent: Agent, conversation: Conversation) -> None:
    """Refuse who comes by a mailed link where only those may chat who have proven who they are.

    Raises:
        Unauthenticated: `token_required`.
        NotFound: when the conversation is with another agent.
    """
    if conversation.agent_id != agent.id:
        raise NotFound("There is no such conversation.")
    # A link proves nothing, whoever the conversation is with.
    check_identity(agent, None, channel=conversation.channel)


def _check_return(session: WidgetSession, *, now: datetime) -> None:
    try:
        link = return_links.find_live(session.return_link_id, now=now) if session.return_link_id else None
    except NotFound:
        link = None
    conversation = session.conversation
    is_same = link is not None and link.conversation_id == conversation.id
    if not is_same or conversation.customer_id != session.customer_id:
        raise Unauthenticated("The link that this chat was opened by does not work any more.", code="token_revoked")
    check_returning(session.agent, conversation)


def check_identity(agent: Agent, person: VerifiedCustomer | Customer | None, *, channel: str) -> None:
    """Refuse who has not proven who they are where that is required.

    Raises:
        Unauthenticated: `token_required`.
    """
    is_proven = isinstance(person, VerifiedCustomer) or (person is not None and person.standing is Standing.VERIFIED)
    if is_proven or channel == conversations.PREVIEW or not identity_keys.is_required(agent.workspace_id):
        return
    raise Unauthenticated("Sign in on the website to use this chat.", code="token_required")


def _check_link(agent: Agent, channel: str) -> None:
    if channel == "link" and not agent.allows_link:
        raise Forbidden("This chat opens on its own website only.", code="website_not_allowed")


def _not_allowed(origin: str) -> Forbidden:
    return Forbidden(
        f"The chat is not allowed on {origin[:200] or 'this page'}. The site's owner can allow it under Websites.",
        code="website_not_allowed",
    )
