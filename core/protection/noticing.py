"""What makes a visitor look suspicious, noted as a mark against them."""

import hmac
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select

from core import disposable_mail, limits, networks, risks, widget_configs
from core.protection.visitors import Visitor
from core.signing import derived_key
from gateways.counters import current_counters
from models import db
from models.agents import Agent
from models.customers import Customer
from models.knowledge import Entry
from models.protection import Signal

_HOUR = 3600
_NETWORKS = 5
_REFUSALS = 10
_REFUSALS_IN = 600
_REPEATS = 8
_REPEATS_IN = 600
_SENDERS = 20
# Shorter ones are said again in any conversation, or by chance by many.
_SHORTEST, _SHORTEST_SPAM = 12, 80


def note_opening(visitor: Visitor, customer: Customer, marks: Iterable[str], *, now: datetime) -> None:
    """Look at somebody who has just opened the chat.

    Args:
        marks: what makes their browser look like a program, in words.
    """
    if visitor.is_preview:
        return
    seen = ", ".join(marks)
    if seen:
        _mark(visitor, Signal.AUTOMATION, seen, now=now)
    if provider := disposable_mail.provider_of(customer.email):
        _mark(visitor, Signal.DISPOSABLE_MAIL, provider, now=now)


def note_mismatch(visitor: Visitor, *, claimed: str, told: str, now: datetime) -> None:
    """Note that a frame claims to stand elsewhere than the browser said."""
    if not visitor.is_preview:
        _mark(visitor, Signal.ORIGIN_MISMATCH, f"it says {claimed[:80]}, the browser said {told[:80]}", now=now)


def note_text(visitor: Visitor, text: str, *, now: datetime) -> None:
    """Look whether a message is said over and over; only a keyed hash of it is counted, and none is kept."""
    if visitor.is_preview or visitor.customer_id is None:
        return
    words = _folded(text)
    if len(words) < _SHORTEST:
        return
    workspace, customer = visitor.agent.workspace_id.hex, visitor.customer_id.hex
    key = hmac.new(derived_key("repeated-text"), f"{workspace}:{words}".encode(), "sha256").hexdigest()
    counters = current_counters()
    if (times := counters.add(_REPEATS_IN, "text", customer, key)) >= _REPEATS:
        _mark(visitor, Signal.REPEATED_TEXT, f"{times} times within {limits.in_words(_REPEATS_IN)}", now=now)
    if len(words) < _SHORTEST_SPAM or not counters.first(_HOUR, "sender", customer, key):
        return
    senders = counters.add(_HOUR, "senders", key)
    if senders >= _SENDERS and not _is_offered(visitor.agent, text):
        _mark(visitor, Signal.REPEATED_TEXT, f"the same came from {senders} visitors within an hour", now=now)


def note_refusal(visitor: Visitor, *, now: datetime) -> None:
    workspace, subject = visitor.agent.workspace_id.hex, visitor.subjects[visitor.scope]
    times = current_counters().add(_REFUSALS_IN, "refused", workspace, subject)
    if times >= _REFUSALS:
        detail = f"refused {times} times within {limits.in_words(_REFUSALS_IN)}"
        _mark(visitor, Signal.VELOCITY, detail, now=now)


def note_network(visitor: Visitor, *, now: datetime) -> None:
    if visitor.customer_id is None:
        return
    counters, customer = current_counters(), visitor.customer_id.hex
    if not counters.first(_HOUR, "network", customer, networks.neighbourhood(visitor.address)):
        return
    number = counters.add(_HOUR, "networks", customer)
    if number >= _NETWORKS:
        _mark(visitor, Signal.ADDRESS_SPREAD, f"{number} networks", now=now)


def _mark(visitor: Visitor, signal: Signal, detail: str, *, now: datetime) -> None:
    """Note it of the customer, and of nobody else who shares the address; of the address while nobody is known."""
    customer, address = visitor.suspects
    risks.mark(visitor.agent.workspace_id, customer or address, signal, detail, now=now)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_offered(agent: Agent, text: str) -> bool:
    """Whether many say the same because the agent offers it as a button."""
    config, _version = widget_configs.published(agent)
    if text in config.suggested_questions:
        return True
    asked = exists().where(Entry.agent_id == agent.id, Entry.question == text)
    return bool(db.session.scalar(select(asked)))
