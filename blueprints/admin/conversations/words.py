"""What conversations and customers are called on the page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from core import conversations, customers, inboxes, notes, page_contexts, privacy_settings
from core.handoff_causes import Cause
from core.inboxes import View
from core.privacy import Kind
from gateways.llm import Code
from models.connections import CallStatus, ToolCall
from models.conversations import Conversation, Message, Priority, Sender, State
from models.customers import Customer, Standing
from models.inbox import Note
from web.templates import ago

VIEWS = {
    View.WAITING: ("Waiting", "Waiting for a person"),
    View.MINE: ("Mine", "You have taken these over"),
    View.UNASSIGNED: ("Unassigned", "For a person, and nobody has them"),
    View.AGENT: ("Agent", "The agent is answering"),
    View.SNOOZED: ("Snoozed", "Out of the way for a while"),
    View.RESOLVED: ("Resolved", "Resolved"),
    View.ALL: ("All", "All conversations"),
}
"""Of each view the short name, and what it means."""
EMPTY = {
    View.MINE: "What you take over or are given appears here.",
    View.UNASSIGNED: "Whatever is for a person has somebody already.",
    View.AGENT: "What the agent answers appears here.",
    View.SNOOZED: "What you snooze waits here until its time has come, or the customer writes.",
    View.RESOLVED: "What is resolved appears here.",
    View.ALL: "No conversation is in this view.",
}
"""What stands in a view that holds nothing."""
PRIORITIES = {
    Priority.LOW: "Low",
    Priority.NORMAL: "Normal",
    Priority.HIGH: "High",
    Priority.URGENT: "Urgent",
}
CHANNELS = {"web": "On a website", "link": "By direct link"}
MOODS = {"content": "Content", "neutral": "Neutral", "upset": "Upset"}
"""How a customer sounds."""
SNOOZES = {"hour": "For an hour", "hours": "For 4 hours", "day": "Until tomorrow, this time", "week": "For a week"}
PERIODS = {1: "In the last day", 7: "In the last 7 days", 30: "In the last 30 days", 90: "In the last 90 days"}

_STANDINGS = {
    Standing.ANONYMOUS: "Anonymous visitor",
    Standing.IDENTIFIED: "Not verified",
    Standing.VERIFIED: "Verified",
}
_STANDINGS_EXPLAINED = {
    Standing.ANONYMOUS: "Nothing is known about who this is.",
    Standing.IDENTIFIED: "The website says who this is, without proof. Do not tell them anything private.",
    Standing.VERIFIED: "Your website has signed who this is.",
}

_CAUSES = {
    Cause.MODEL: "The agent fetched a person.",
    Cause.ANGRY: "Fetched by a rule: the customer sounds upset.",
    Cause.UNANSWERED: "Fetched by a rule: no answer.",
    Cause.TOPIC: "Fetched by a rule: the subject.",
    Cause.VALUE: "Fetched by a rule: the worth of the cart.",
    Cause.FAILURE: "Fetched because the agent failed.",
    Cause.BUDGET: "Today’s answers are used up.",
}

_CALLS = {
    CallStatus.ASKED: "waits for the customer",
    CallStatus.RUNNING: "under way",
    CallStatus.DONE: "done",
    CallStatus.FAILED: "did not work",
    CallStatus.REFUSED: "was not allowed",
    CallStatus.DECLINED: "the customer said no",
    CallStatus.EXPIRED: "the customer did not answer",
}
_FAILURES: Mapping[Code, str] = {
    "unreachable": "nobody answered at its address",
    "busy": "its server was overloaded, out of credit or broken",
    "refused": "its server did not take the question",
    "garbled": "what came was no answer",
    "too_slow": "no word came in time",
    "cut_off": "the answer broke off",
    "too_long": "the answer had no end",
    "resting": "it was left alone for a moment",
}
_SPEAKERS = {
    "system": "Instructions and sources",
    "user": "Customer",
    "assistant": "Agent",
    "tool": "Result of a tool",
}


def failure(code: Code) -> str:
    """Why a language model gave no answer, to be read after “failed:”."""
    return _FAILURES[code]


def speaker(role: str) -> str:
    """Who says what a model is shown."""
    return _SPEAKERS.get(role, "Other")


def customer_name(customer: Customer) -> str:
    return customers.display_name(customer)


def standing(customer: Customer) -> str:
    return _STANDINGS[customer.standing]


def standing_explained(customer: Customer) -> str:
    return _STANDINGS_EXPLAINED[customer.standing]


def place(conversation: Conversation) -> str:
    """Where a conversation takes place, as one would say it."""
    if conversation.channel == "link":
        return "Direct link"
    return conversation.origin.partition("://")[2] or "Website"


def told_by_page(conversation: Conversation, context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the customer's page has told, each piece with what it is."""
    return page_contexts.read(context, origin=conversation.origin).lines


def handoff_cause(conversation: Conversation) -> str:
    """What wanted a person when it was not the customer, in a sentence."""
    known = {cause.value: words for cause, words in _CAUSES.items()}
    return known.get(conversation.handoff_cause or "", "")


def whose_turn(conversation: Conversation, reader_id: object) -> str:
    """Who answers a conversation, for the teammate who reads it."""
    if conversation.state is State.PERSON:
        is_mine = conversation.teammate_id == reader_id
        return "You" if is_mine else conversation.teammate.name if conversation.teammate else "A person"
    return {State.WAITING: "Waiting", State.AGENT: "Agent", State.RESOLVED: "Resolved"}[conversation.state]


def counted(number: int) -> str:
    """How many conversations a view holds; of many it is enough to know that they are many."""
    return str(number) if number < inboxes.COUNTED else f"{inboxes.COUNTED - 1}+"


def has_marks(row: inboxes.Row) -> bool:
    """Whether there is anything special to show of a conversation in the list."""
    one = row.conversation
    is_pressing = one.priority in (Priority.HIGH, Priority.URGENT)
    return bool(row.tags or one.snoozed_until or is_pressing or one.mood == "upset")


def found_by(found: inboxes.Found, conversation: Conversation) -> str:
    """Who has said or noted what was searched for."""
    if found.sender is None:
        return f"Note by {found.name or 'a former teammate'}"
    if found.sender is Sender.CUSTOMER:
        return customer_name(conversation.customer)
    return found.name or ("Agent" if found.sender is Sender.AGENT else "A former teammate")


def how_long(since: datetime) -> str:
    """What follows upon `Waiting`, like ` for 3 minutes` or `, just now`."""
    passed = ago(since)
    return f" for {passed.removesuffix(' ago')}" if passed.endswith(" ago") else f", {passed}"


def preview(message: Message) -> str:
    """The words of a message, for a list."""
    return inboxes.preview_of(message)


def said(message: Message) -> Markup:
    """What was said, as the customer sees it."""
    return Markup(conversations.as_json(message)["html"])  # noqa: S704 - safe by the contract of rich_text


def noted(note: Note) -> Markup:
    """What a teammate has noted."""
    return Markup(notes.html(note))  # noqa: S704 - safe by the contract of rich_text


def receipt(conversation: Conversation, message: Message) -> str:
    """How far a message has got with the customer."""
    if conversation.seen_seq >= message.seq:
        return "Seen by the customer"
    return "Delivered" if conversation.delivered_seq >= message.seq else "Sent"


def masked(kinds: Iterable[str]) -> str:
    """What marks stand for in a message."""
    names = [privacy_settings.NAMES[Kind(kind)] for kind in kinds]
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"{listed[:1].upper()}{listed[1:]} masked."


def call_status(call: ToolCall) -> str:
    """What became of the call of a tool."""
    return _CALLS[call.status]
