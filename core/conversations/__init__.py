"""Conversations: who is in them, what was said, and whose turn it is."""

from core.conversations.announcing import (
    EXTRAS,
    announce_message,
    announce_typing,
    as_json,
    state_as_json,
    tell_presence,
    tell_reading,
    tell_workspace,
    topic,
    workspace_topic,
)
from core.conversations.asking import LEASE, MESSAGE_LIMIT, Asked, ask, ask_once
from core.conversations.assigning import assign
from core.conversations.finding import (
    PREVIEW,
    continued,
    find,
    latest,
    latest_messages,
    latest_offer,
    messages_after,
    offer_before,
    said_by_agent,
)
from core.conversations.marking import set_priority
from core.conversations.merging import merge_into
from core.conversations.opening import begin, clear_silent, current, join
from core.conversations.replying import reply, write_as_person
from core.conversations.snoozing import snooze, wake, wake_due
from core.conversations.starting import start_with
from core.conversations.storing import lock, said_before
from core.conversations.turns import LOOKED_THROUGH, hand_back, request_person, resolve, take_over

__all__ = [
    "EXTRAS",
    "LEASE",
    "LOOKED_THROUGH",
    "MESSAGE_LIMIT",
    "PREVIEW",
    "Asked",
    "announce_message",
    "announce_typing",
    "as_json",
    "ask",
    "ask_once",
    "assign",
    "begin",
    "clear_silent",
    "continued",
    "current",
    "find",
    "hand_back",
    "join",
    "latest",
    "latest_messages",
    "latest_offer",
    "lock",
    "merge_into",
    "messages_after",
    "offer_before",
    "reply",
    "request_person",
    "resolve",
    "said_before",
    "said_by_agent",
    "set_priority",
    "snooze",
    "start_with",
    "state_as_json",
    "take_over",
    "tell_presence",
    "tell_reading",
    "tell_workspace",
    "topic",
    "wake",
    "wake_due",
    "workspace_topic",
    "write_as_person",
]
