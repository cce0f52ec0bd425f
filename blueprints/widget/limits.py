"""Lets visitors in, or says why not. The decorators' limits are a wall that no workspace's setting goes beyond."""

from flask import request

from blueprints.widget import marks
from core import protection, refresh_secrets, signing, tickets
from core.clock import utc_now
from core.errors import Unauthenticated
from core.protection import Visitor
from core.protection_settings import CEILINGS, Action, Scope
from models.agents import Agent
from models.customers import WidgetSession
from web.addresses import current_address, network

PER_ADDRESS = f"{CEILINGS[Action.MESSAGES, Scope.ADDRESS]}/minute;{CEILINGS[Action.SESSIONS, Scope.ADDRESS]}/hour"
PER_SESSION = f"{CEILINGS[Action.MESSAGES, Scope.SESSION]}/minute"
FILES_PER_ADDRESS = f"{CEILINGS[Action.FILES, Scope.ADDRESS]}/hour"
HANDOFFS_PER_ADDRESS = f"{CEILINGS[Action.HANDOFFS, Scope.ADDRESS]}/hour"
REPORTS_PER_ADDRESS = f"{CEILINGS[Action.REPORTS, Scope.ADDRESS]}/minute"
PER_ADDRESS_WITHOUT_SCRIPT = "60/minute;600/hour"


def session_key() -> str:
    """Count by session, however its token is spelled; what is no token counts by address."""
    session_id = signing.session_of(request.headers.get("X-Widget-Token", ""))
    return session_id.hex if session_id else network()


def admit(session: WidgetSession, action: Action) -> Visitor:
    """Let the visitor of a session do something, or refuse them as `protection.admit` does."""
    visitor = protection.visitor_of(session, current_address())
    if foreign := marks.foreign_origin():
        protection.note_mismatch(visitor, claimed=visitor.origin, told=foreign, now=utc_now())
    protection.admit(visitor, action, solution=_solution(), now=utc_now())
    return visitor


def admit_opening(agent: Agent, *, ticket: object = None, origin: object = "", secret: str | None = None) -> Visitor:
    """Let somebody open the chat, or come back to it, before anything that they bring is used up.

    Args:
        ticket: of the frame, if it has one.
        origin: where the frame claims to stand.
        secret: by which the browser is known.
    """
    family = refresh_secrets.peek(agent, secret, now=utc_now()) if secret else None
    claimed = origin if isinstance(origin, str) else ""
    told = _ticket(ticket)
    visitor = Visitor(
        agent,
        current_address(),
        claimed[:300],
        family.customer_id if family else None,
        is_preview=told is not None and told.channel == "preview",
    )
    protection.admit(visitor, Action.SESSIONS, solution=_solution(), now=utc_now())
    if told is not None and told.origin is not None and told.origin != claimed:
        protection.note_mismatch(visitor, claimed=claimed, told=told.origin, now=utc_now())
    return visitor


def admit_opened(session: WidgetSession, signals: object = None) -> None:
    """Look once more at a session that has just begun: by now it is known whose it is."""
    visitor = protection.visitor_of(session, current_address())
    protection.check_blocked(visitor, now=utc_now())
    protection.note_opening(visitor, session.customer, marks.of_automation(signals), now=utc_now())


def admit_report(agent: Agent, origin: str) -> None:
    """Take what a loader reports, or refuse it."""
    visitor = Visitor(agent, current_address(), origin[:300])
    protection.admit(visitor, Action.REPORTS, now=utc_now())


def check_not_blocked(session: WidgetSession) -> None:
    """Refuse a blocked visitor what is not limited otherwise."""
    protection.check_blocked(protection.visitor_of(session, current_address()), now=utc_now())


def _solution() -> str:
    return request.headers.get("X-Widget-Challenge", "")


def _ticket(ticket: object) -> tickets.Ticket | None:
    try:
        return tickets.read(ticket)
    except Unauthenticated:
        return None
