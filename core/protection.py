"""Who may go on: first whether somebody is blocked, then the limits, then what looks suspicious."""

import hmac
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from core import (
    blocks,
    challenges,
    conversations,
    disposable_mail,
    limits,
    networks,
    protection_settings,
    risks,
    stops,
    widget_configs,
)
from core.challenges import ChallengeRequired
from core.errors import TooMany
from core.protection_settings import Action, Scope, Shield, Step
from core.risks import Score
from core.signing import derived_key
from gateways.counters import current_counters
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, WidgetSession
from models.knowledge import Entry
from models.protection import Signal
from models.teammates import Workspace

BLOCKED_FOR = timedelta(hours=24)
"""How long the product itself keeps somebody out; a person may say otherwise."""
BETWEEN = 10
"""Seconds between two messages of somebody who is slowed down."""
HOUR = 3600
_NETWORKS = 5
_REFUSALS = 10
_REFUSALS_IN = 600
_REPEATS = 8
_REPEATS_IN = 600
_SENDERS = 20
# Shorter ones are said again in any conversation, or by chance by many.
_SHORTEST, _SHORTEST_SPAM = 12, 80


@dataclass(frozen=True)
class Visitor:
    """Somebody who uses the widget, as far as they are known by now."""

    agent: Agent
    address: str
    origin: str = ""
    customer_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    is_preview: bool = False
    """Who tries the agent is never suspected, and stopped only by what all its previews together may do."""

    @property
    def subjects(self) -> dict[Scope, str]:
        """Whom they count as, in each scope."""
        found = {
            Scope.SESSION: self.session_id.hex if self.session_id else "",
            Scope.CUSTOMER: self.customer_id.hex if self.customer_id else "",
            Scope.ADDRESS: networks.counted(self.address),
            Scope.WEBSITE: self.origin,
            Scope.AGENT: self.agent.id.hex,
        }
        return {scope: subject for scope, subject in found.items() if subject}

    @property
    def suspects(self) -> tuple[str | None, str | None]:
        """The subjects of marks against them."""
        return (risks.of_customer(self.customer_id) if self.customer_id else None, risks.of_address(self.address))


def visitor_of(session: WidgetSession, address: str) -> Visitor:
    """The visitor of a session, at the address that they have now."""
    conversation = db.session.get_one(Conversation, session.conversation_id)
    return Visitor(
        db.session.get_one(Agent, session.agent_id),
        address,
        session.parent_origin,
        session.customer_id,
        session.id,
        is_preview=conversation.channel == conversations.PREVIEW,
    )


def visitor_behind(conversation: Conversation) -> Visitor:
    """The visitor of a conversation, at the address that they came from last."""
    address = db.session.scalar(
        select(WidgetSession.address)
        .where(WidgetSession.conversation_id == conversation.id)
        .order_by(WidgetSession.id.desc())
        .limit(1)
    )
    return Visitor(conversation.agent, address or "", conversation.origin, conversation.customer_id)


def admit(visitor: Visitor, action: Action, *, solution: str = "", now: datetime) -> None:
    """Let a visitor do something, or say why not.

    Args:
        solution: of a challenge that they were given before.

    Raises:
        Forbidden: `blocked`.
        TooMany: when a limit is reached, or somebody suspicious is too fast.
        ChallengeRequired: with what the browser has to work out.
    """
    if visitor.is_preview:
        limits.check_preview(visitor.agent, action)
        return
    check_blocked(visitor, now=now)
    try:
        limits.check(visitor.agent, action, visitor.subjects, now=now)
    except TooMany:
        _note_refusal(visitor, now=now)
        raise
    _note_network(visitor, now=now)
    if action is not Action.REPORTS:
        _take_steps(visitor, action, solution, now=now)


def check_blocked(visitor: Visitor, *, now: datetime) -> None:
    """Refuse a blocked visitor, and count that they tried.

    Raises:
        Forbidden: `blocked`.
    """
    if visitor.is_preview:
        return
    workspace_id = visitor.agent.workspace_id
    found = blocks.active_for(workspace_id, addresses=[visitor.address], customer_id=visitor.customer_id, now=now)
    is_log_only = bool(found) and protection_settings.of(workspace_id).is_log_only
    for block in found:
        blocks.note_hit(block, now=now)
        # While stops are only noted, that holds for those that the product has made by itself.
        if block.created_by_id is not None or not is_log_only:
            raise blocks.refusal()


def score_of(visitor: Visitor, *, now: datetime) -> Score:
    """How suspicious a visitor looks, and why."""
    return risks.score_of(visitor.agent.workspace_id, visitor.suspects, now=now)


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
    if len(words) < _SHORTEST_SPAM or not counters.first(HOUR, "sender", customer, key):
        return
    senders = counters.add(HOUR, "senders", key)
    if senders >= _SENDERS and not _is_offered(visitor.agent, text):
        _mark(visitor, Signal.REPEATED_TEXT, f"the same came from {senders} visitors within an hour", now=now)


def clear_old(*, now: datetime) -> None:
    """Forget stops, marks and blocks that are over."""
    stops.clear_old(now=now)
    risks.clear_old(now=now)
    blocks.clear_old(now=now)


def _take_steps(visitor: Visitor, action: Action, solution: str, *, now: datetime) -> None:
    points = score_of(visitor, now=now).points
    shield = protection_settings.of(visitor.agent.workspace_id)
    if shield.takes(Step.BLOCK, points):
        _block(visitor, action, shield, now=now)
    if shield.takes(Step.CHALLENGE, points):
        _challenge(visitor, action, solution, shield, now=now)
    if shield.takes(Step.SLOW, points) and action is Action.MESSAGES:
        _slow_down(visitor, shield, now=now)


def _block(visitor: Visitor, action: Action, shield: Shield, *, now: datetime) -> None:
    if _is_only_noted(visitor, action, Step.BLOCK, shield, now=now):
        return
    workspace = db.session.get_one(Workspace, visitor.agent.workspace_id)
    customer, address = visitor.suspects
    of_address = risks.score_of(workspace.id, [address], now=now)
    until = now + BLOCKED_FOR
    if shield.takes(Step.BLOCK, of_address.points):
        text, reason = networks.counted(visitor.address), _as_reason(of_address)
        blocks.block_network(workspace, text, reason=reason, until=until, by=None, now=now)
    elif customer is not None:
        # Not the address: others may share it who have done nothing.
        person, reason = db.session.get_one(Customer, visitor.customer_id), _as_reason(score_of(visitor, now=now))
        blocks.block_customer(person, reason=reason, until=until, by=None, now=now)
    raise blocks.refusal()


def _as_reason(score: Score) -> str:
    return " ".join(reason.sentence for reason in score.reasons)[: blocks.LONGEST_REASON]


def _challenge(visitor: Visitor, action: Action, solution: str, shield: Shield, *, now: datetime) -> None:
    binding = _binding(visitor)
    if challenges.has_passed(binding):
        return
    if solution and challenges.is_solved(binding, solution, now=now):
        challenges.let_pass(binding)
    elif not _is_only_noted(visitor, action, Step.CHALLENGE, shield, now=now):
        raise ChallengeRequired(challenges.issue(binding, now=now))


def _slow_down(visitor: Visitor, shield: Shield, *, now: datetime) -> None:
    key = ("slow", visitor.agent.workspace_id.hex, visitor.subjects[_who(visitor)])
    if current_counters().hit(1, BETWEEN, *key) or _is_only_noted(visitor, Action.MESSAGES, Step.SLOW, shield, now=now):
        return
    wait = current_counters().wait(1, BETWEEN, *key)
    raise TooMany(f"Please take your time. You can send the next message in {limits.in_words(wait)}.", retry_after=wait)


def _is_only_noted(visitor: Visitor, action: Action, step: Step, shield: Shield, *, now: datetime) -> bool:
    scope = _who(visitor)
    is_enforced = not shield.is_log_only
    stops.note(visitor.agent, f"{action}:{step}:{scope}", visitor.subjects[scope], is_enforced=is_enforced, now=now)
    return shield.is_log_only


def _binding(visitor: Visitor) -> str:
    """Whom a challenge is for: the session, or who opens one."""
    return visitor.session_id.hex if visitor.session_id else f"{visitor.agent.id.hex} {visitor.address}"


def _who(visitor: Visitor) -> Scope:
    return Scope.CUSTOMER if visitor.customer_id else Scope.ADDRESS


def _note_refusal(visitor: Visitor, *, now: datetime) -> None:
    workspace, subject = visitor.agent.workspace_id.hex, visitor.subjects[_who(visitor)]
    times = current_counters().add(_REFUSALS_IN, "refused", workspace, subject)
    if times >= _REFUSALS:
        detail = f"refused {times} times within {limits.in_words(_REFUSALS_IN)}"
        _mark(visitor, Signal.VELOCITY, detail, now=now)


def _note_network(visitor: Visitor, *, now: datetime) -> None:
    if visitor.customer_id is None:
        return
    counters, customer = current_counters(), visitor.customer_id.hex
    if not counters.first(HOUR, "network", customer, networks.neighbourhood(visitor.address)):
        return
    number = counters.add(HOUR, "networks", customer)
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
