"""What limits, steps and stops are called on the page."""

import enum
import uuid
from datetime import datetime, timedelta

from flask import url_for

from core import customers, networks, suspects
from core.protection_settings import Action, Scope, Step
from models.protection import Stop
from web.access import current_workspace

GROUPS = {
    Action.MESSAGES: "Messages",
    Action.FILES: "Files and pictures",
    Action.SESSIONS: "Opening the chat",
    Action.HANDOFFS: "Asking for a person",
    Action.REPORTS: "Page views that are counted",
}
"""The limits as they stand on the page, in this order."""

LIMITS = {
    (Action.MESSAGES, Scope.SESSION): ("One visitor may send", "messages a minute"),
    (Action.MESSAGES, Scope.CUSTOMER): ("One customer, in all their browsers, may send", "messages a minute"),
    (Action.MESSAGES, Scope.ADDRESS): ("One internet address may send", "messages a minute"),
    (Action.MESSAGES, Scope.WEBSITE): ("All visitors of one website may send", "messages a minute"),
    (Action.MESSAGES, Scope.AGENT): ("One agent may be sent", "messages a minute"),
    (Action.FILES, Scope.SESSION): ("One visitor may add", "files an hour"),
    (Action.FILES, Scope.CUSTOMER): ("One customer, in all their browsers, may add", "files an hour"),
    (Action.FILES, Scope.ADDRESS): ("One internet address may add", "files an hour"),
    (Action.FILES, Scope.WEBSITE): ("All visitors of one website may add", "files an hour"),
    (Action.FILES, Scope.AGENT): ("One agent may be sent", "files an hour"),
    (Action.SESSIONS, Scope.CUSTOMER): ("One customer may open the chat", "times an hour"),
    (Action.SESSIONS, Scope.ADDRESS): ("One internet address may open it", "times an hour"),
    (Action.SESSIONS, Scope.WEBSITE): ("All visitors of one website may open it", "times an hour"),
    (Action.SESSIONS, Scope.AGENT): ("One agent's chat may be opened", "times an hour"),
    (Action.HANDOFFS, Scope.SESSION): ("One visitor may ask for a person", "times an hour"),
    (Action.HANDOFFS, Scope.CUSTOMER): ("One customer, in all their browsers, may ask", "times an hour"),
    (Action.HANDOFFS, Scope.ADDRESS): ("One internet address may ask", "times an hour"),
    (Action.HANDOFFS, Scope.WEBSITE): ("All visitors of one website may ask", "times an hour"),
    (Action.HANDOFFS, Scope.AGENT): ("Of one agent, people may be asked for", "times an hour"),
    (Action.REPORTS, Scope.ADDRESS): ("One internet address may count for", "page views a minute"),
    (Action.REPORTS, Scope.WEBSITE): ("One website may count for", "page views a minute"),
    (Action.REPORTS, Scope.AGENT): ("One agent may be loaded on", "pages a minute"),
}
"""Of each limit what stands before its number, and what behind it."""

STEPS = {
    Step.WATCH: ("From", "points on, they are listed here."),
    Step.SLOW: ("From", "points on, they wait 10 seconds between two messages."),
    Step.CHALLENGE: ("From", "points on, their browser has to solve a small sum first, which a person hardly notices."),
    Step.BLOCK: ("From", "points on, they are blocked for 24 hours."),
}
_STOPPED = {
    Action.MESSAGES: "too many messages",
    Action.SESSIONS: "opened the chat too often",
    Action.HANDOFFS: "asked for a person too often",
    Action.REPORTS: "too many page views",
}
_STEPPED = {
    Step.SLOW: "looked suspicious, had to wait",
    Step.CHALLENGE: "looked suspicious, had to solve a sum",
    Step.BLOCK: "looked suspicious, was blocked",
}


class Duration(enum.StrEnum):
    """For how long somebody is blocked."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    ALWAYS = "always"


DURATIONS = {
    Duration.HOUR: ("1 hour", timedelta(hours=1)),
    Duration.DAY: ("1 day", timedelta(days=1)),
    Duration.MONTH: ("30 days", timedelta(days=30)),
    Duration.ALWAYS: ("For good", None),
}


def until(duration: str, now: datetime) -> datetime | None:
    """When a block of this duration ends; None is never."""
    length = DURATIONS[Duration(duration)][1]
    return now + length if length else None


def what(stop: Stop) -> str:
    """Why somebody was stopped, like `too many messages`."""
    action, *rest = stop.scope.split(":")
    step = Step(rest[0]) if len(rest) > 1 else None
    return _STEPPED[step] if step else _STOPPED[Action(action)]


def who(stop: Stop) -> str:
    """Whom a stop was about, in words."""
    scope = Scope(stop.scope.rpartition(":")[2])
    if scope is Scope.ADDRESS:
        return "An unknown address" if stop.subject == networks.UNKNOWN else stop.subject
    if scope is Scope.WEBSITE:
        return stop.subject.partition("://")[2] or stop.subject
    if scope is Scope.AGENT:
        agent = suspects.agent(current_workspace(), uuid.UUID(stop.subject))
        return f"Everybody who talks with {agent.name}" if agent else "Everybody"
    return _customer(stop.subject) if scope is Scope.CUSTOMER else _visitor(stop.subject)


def suspect(subject: str) -> str:
    """Whom marks are about, in words."""
    kind, _, name = subject.partition(":")
    return name if kind == "address" else _customer(name)


def place_of(subject: str) -> tuple[str, str] | None:
    """What can be done about somebody suspicious, and where; None when there is no such place."""
    kind, _, name = subject.partition(":")
    if kind == "address":
        return "Block this address", url_for("blocked.index", address=name)
    found = suspects.latest_conversation(current_workspace(), uuid.UUID(name))
    return ("Open the conversation", url_for("conversations.show", conversation_id=found)) if found else None


def _customer(text: str) -> str:
    customer = suspects.customer(current_workspace(), uuid.UUID(text))
    return customers.name_as_known(customer) if customer else "A customer who was erased"


def _visitor(text: str) -> str:
    customer = suspects.visitor(current_workspace(), uuid.UUID(text))
    return customers.name_as_known(customer) if customer else "A visitor who is gone"
