"""Where a session may be, and as whom."""

from core import conversations, identity_keys, tickets, websites
from core.customer_tokens import VerifiedCustomer
from core.errors import Forbidden, Unauthenticated
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


def check_still_allowed(session: WidgetSession) -> None:
    """Refuse a session whose agent was archived, or whose website or link was closed meanwhile.

    Raises:
        Unauthenticated: `token_revoked`, or `token_required` when only verified customers may chat by now.
        Forbidden: `website_not_allowed`.
    """
    agent = db.session.get_one(Agent, session.agent_id)
    if agent.archived_at is not None:
        raise Unauthenticated("This chat was closed by its owner.", code="token_revoked")
    channel = db.session.get_one(Conversation, session.conversation_id).channel
    if channel in _OWN_PAGES:
        _check_link(agent, channel)
    elif not websites.is_allowed(agent, session.parent_origin):
        raise _not_allowed(session.parent_origin)
    check_identity(agent, session.customer, channel=channel)


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
