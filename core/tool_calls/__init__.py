"""Tools in conversations: what a model is offered, what is called, what a customer confirms, and the log of it."""

from core.tool_calls.calling import Called, call
from core.tool_calls.confirming import confirm, decline, question
from core.tool_calls.offers import Offered, known, may_reach, offered, parted, reached_first
from core.tool_calls.records import by_message, clear_stale, follow, latest, of, state_of

__all__ = [
    "Called",
    "Offered",
    "by_message",
    "call",
    "clear_stale",
    "confirm",
    "decline",
    "follow",
    "known",
    "latest",
    "may_reach",
    "of",
    "offered",
    "parted",
    "question",
    "reached_first",
    "state_of",
]
