"""A model asks for a tool. Whether it is called, for whom and with what is decided here, never by its words."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from core import connections, shop_accounts
from core.clock import utc_now
from core.connections import CannotFill, fills
from core.connections.schemas import problem_with, undeclared
from core.errors import DomainError
from core.tool_calls import asking, offers, records, results
from core.tool_calls.offers import Offered
from core.traces import Trace
from gateways import mcp
from gateways.counters import current_counters
from gateways.mcp import Result
from models import db
from models.connections import CallStatus, ToolCall
from models.conversations import Conversation, Message

log = structlog.get_logger()

_SIGN_IN_AT_SHOP = (
    "The customer has to sign in at the shop first. A button for that is shown beneath your answer: tell them so."
)
_OF_A_CONVERSATION = (30, 600)
_OF_A_CONNECTION = (600, 60)
"""How many calls in how many seconds."""


@dataclass(frozen=True)
class Called:
    """What became of a wish for a tool."""

    title: str
    status: CallStatus
    told: str
    """For the model, as JSON: what came back, or why nothing did."""
    milliseconds: float = 0.0
    arguments: Mapping[str, Any] | None = None
    """As they may be shown."""
    confirm: Mapping[str, Any] | None = None
    """What the customer is asked first."""
    sign_in_at: uuid.UUID | None = None
    """The connection to a shop's accounts where the customer has to sign in first."""
    result: Result | None = None
    """As the server gave it, neither masked nor bounded: for our own code to read values from, not for a model."""

    @property
    def is_done(self) -> bool:
        return self.status is CallStatus.DONE

    def note_in(self, trace: Trace) -> None:
        """Have the trace of an answer say that it was called for it."""
        trace.call(
            self.title,
            self.arguments or {},
            self.told,
            seconds=self.milliseconds / 1000,
            is_ok=self.is_done,
            is_asked=self.confirm is not None,
        )


def call(
    conversation: Conversation, message: Message | None, name: str, arguments: Mapping[str, Any], *, now: datetime
) -> Called:
    """Call a tool for the customer of a conversation, or ask them first.

    Args:
        message: the customer's, which led to it.
        name: one of `offered`.
        arguments: from a model or from our own reading of the customer's words: whatever says who they are is
            replaced by what is known for certain.
    """
    found = offers.find(conversation, name)
    if found is None:
        return Called(name[:100], CallStatus.REFUSED, results.refused("There is no such tool."))
    given = {key: value for key, value in arguments.items() if key not in found.ours}
    problem = _refusal(found, conversation, message, given)
    if problem is not None:
        row = records.begin(
            conversation, found.tool, given, status=CallStatus.REFUSED, message=message, now=now, problem=problem
        )
        shop = found.connection.id if problem == _SIGN_IN_AT_SHOP else None
        return Called(found.tool.title, row.status, results.refused(problem), arguments=row.arguments, sign_in_at=shop)
    if found.tool.needs_confirmation:
        row = asking.ask(conversation, found, given, message=message, now=now)
        told = results.refused("The customer is being asked to confirm this. Nothing was done yet.")
        confirm = asking.card(row, found, given)
        return Called(found.tool.title, row.status, told, arguments=row.arguments, confirm=confirm)
    row = records.begin(conversation, found.tool, given, status=CallStatus.RUNNING, message=message, now=now)
    return run(row, found, given, conversation)


def run(row: ToolCall, found: Offered, given: Mapping[str, Any], conversation: Conversation) -> Called:
    """Call a tool for good, and note what became of it."""
    title, tool = found.tool.title, found.tool
    started = time.perf_counter()
    try:
        whole = {**given, **fills.fill(tool.filled, conversation)}
        result = _result(found, whole, conversation)
    except (CannotFill, DomainError, mcp.McpError) as error:
        milliseconds = (time.perf_counter() - started) * 1000
        if isinstance(error, mcp.ToolChanged):
            connections.keep_changed(tool, error.tool, now=utc_now())
        log.warning("tool_failed", tool=str(tool.id), kind=type(error).__name__)
        return _ended(row, CallStatus.FAILED, title, milliseconds, problem=_words(error))
    milliseconds = (time.perf_counter() - started) * 1000
    if result.is_error:
        return _ended(row, CallStatus.FAILED, title, milliseconds, result=result, problem="The tool says it failed.")
    return _ended(row, CallStatus.DONE, title, milliseconds, result=result)


def _result(found: Offered, whole: Mapping[str, Any], conversation: Conversation) -> Result:
    name, fingerprint = found.tool.name, found.tool.fingerprint
    if found.is_of_accounts:
        result = shop_accounts.call(found.connection, conversation, name, whole, fingerprint=fingerprint)
        if found.tool.is_read_only and not offers.may_reach(found, conversation):
            raise mcp.McpRefused("The customer has signed out meanwhile, and is told nothing of their account.")
        return result
    server = connections.server_of(found.connection)
    # Nothing of the database is held while another server is asked.
    db.session.commit()
    return mcp.call(server, name, whole, fingerprint=fingerprint)


def _ended(
    row: ToolCall,
    status: CallStatus,
    title: str,
    milliseconds: float,
    *,
    result: Result | None = None,
    problem: str | None = None,
) -> Called:
    text = results.masked(result) if result is not None else None
    records.end(row, status, result=text, problem=problem, milliseconds=milliseconds, now=utc_now())
    if text is None:
        told = results.refused(problem or "")
    else:
        told = results.marked(title, text if problem is None else f"{problem} {text}")
    return Called(title, status, told, milliseconds, row.arguments, result=result)


def _refusal(
    found: Offered, conversation: Conversation, message: Message | None, given: Mapping[str, Any]
) -> str | None:
    if not offers.may_reach(found, conversation):
        return _SIGN_IN_AT_SHOP if found.is_of_accounts else "The customer has to sign in on the website first."
    # An answer that broke off is worked out again; what changes something must not be done again with it.
    if not found.tool.is_read_only and not found.tool.needs_confirmation and records.was_called(found.tool, message):
        return "This was done already for this message."
    try:
        fills.fill(found.tool.filled, conversation)
    except CannotFill as missing:
        return f"It cannot be done: {missing}."
    problem = _problem_of(found, given)
    if problem is not None:
        return f"These arguments cannot be used. {problem}"
    keys = ("tool-calls", str(conversation.id)), ("tool-calls", str(found.connection.id))
    for limit, key in zip((_OF_A_CONVERSATION, _OF_A_CONNECTION), keys, strict=True):
        if not current_counters().hit(*limit, *key):
            return "This was used very often just now. Try again later."
    return None


def _problem_of(found: Offered, given: Mapping[str, Any]) -> str | None:
    extra = undeclared(given, found.arguments)
    if extra is not None:
        return f"{extra[:100]}: the tool has no such argument."
    problem = problem_with(given, found.arguments)
    if problem is None and found.tool.needs_confirmation and not asking.can_be_shown(found, given):
        return "They are too long for the customer to read before they say yes."
    return problem


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, mcp.McpError) else f"It could not be done: {error}."
