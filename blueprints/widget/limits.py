"""Lets visitors in, or says why not."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request
from limits import RateLimitItem, parse_many

from blueprints.widget import marks
from core import protection, refresh_secrets, signing, tickets
from core.clock import utc_now
from core.errors import TooMany, Unauthenticated
from core.limits import in_words
from core.protection import Visitor
from core.protection_settings import CEILINGS, Action, Scope
from gateways.counters import current_counters
from models.agents import Agent
from models.customers import WidgetSession
from web.addresses import current_address, network
from web.extensions import limiter

PER_ADDRESS = f"{CEILINGS[Action.MESSAGES, Scope.ADDRESS]}/minute;{CEILINGS[Action.SESSIONS, Scope.ADDRESS]}/hour"
PER_SESSION = f"{CEILINGS[Action.MESSAGES, Scope.SESSION]}/minute"
FILES_PER_ADDRESS = f"{CEILINGS[Action.FILES, Scope.ADDRESS]}/hour"
HANDOFFS_PER_ADDRESS = f"{CEILINGS[Action.HANDOFFS, Scope.ADDRESS]}/hour"
REPORTS_PER_ADDRESS = f"{CEILINGS[Action.REPORTS, Scope.ADDRESS]}/minute"
PER_ADDRESS_WITHOUT_SCRIPT = "60/minute;600/hour"


Arguments = ParamSpec("Arguments")
Answered = TypeVar("Answered")


def within(
    *, address: str, session: str = ""
) -> Callable[[Callable[Arguments, Answered]], Callable[Arguments, Answered]]:
    """Refuse a route to whoever calls it too often: a wall that no workspace's setting goes beyond.

    flask-limiter says the same with three times the work, which each message would have to wait for.

    Args:
        address: how often from one address, as `60/minute;600/hour`.
        session: how often in one session; what brings no token counts by its address.

    Raises:
        TooMany: from the route, with the seconds to wait.
    """
    walls = [("session", item, _session) for item in parse_many(session)] if session else []
    walls += [("address", item, network) for item in parse_many(address)]

    def decorate(route: Callable[Arguments, Answered]) -> Callable[Arguments, Answered]:
        name = f"{route.__module__}.{route.__name__}"

        @wraps(route)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answered:
            if limiter.enabled:
                for kind, item, who in walls:
                    _count(item, kind, name, who())
            return route(*args, **kwargs)

        return guarded

    return decorate


def _count(item: RateLimitItem, *key: str) -> None:
    counters, counted = current_counters(), ("wall", str(item.get_expiry()), *key)
    if counters.add(item.get_expiry(), *counted) > item.amount:
        wait = counters.starts_over(*counted)
        raise TooMany(f"That was a bit fast. Try again in {in_words(wait)}.", retry_after=wait)


def _session() -> str:
    """A session, however its token is spelled."""
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
