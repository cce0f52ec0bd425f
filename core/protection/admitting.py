"""Whether a visitor may go on: whether they are blocked, then the limits, then what looks suspicious."""

from datetime import datetime, timedelta

from core import blocks, challenges, limits, networks, protection_settings, risks, stops
from core.challenges import ChallengeRequired
from core.errors import TooMany
from core.protection.noticing import note_network, note_refusal
from core.protection.visitors import Visitor
from core.protection_settings import Action, Shield, Step
from core.risks import Score
from gateways.counters import current_counters
from models import db
from models.customers import Customer
from models.teammates import Workspace

BLOCKED_FOR = timedelta(hours=24)
"""How long the product itself keeps somebody out; a person may say otherwise."""
BETWEEN = 10
"""Seconds between two messages of somebody who is slowed down."""


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
        note_refusal(visitor, now=now)
        raise
    note_network(visitor, now=now)
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
    return risks.score_of(visitor.agent.workspace_id, *visitor.suspects, now=now)


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
    of_address = risks.score_of(workspace.id, address, now=now)
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
    key = ("slow", visitor.agent.workspace_id.hex, visitor.subjects[visitor.scope])
    # Not `hit`: its window is an estimate, which lets one of two pass where the one ends and the next begins.
    if current_counters().first(BETWEEN, *key):
        return
    if _is_only_noted(visitor, Action.MESSAGES, Step.SLOW, shield, now=now):
        return
    wait = min(BETWEEN, current_counters().starts_over("first", *key))
    raise TooMany(f"Please take your time. You can send the next message in {limits.in_words(wait)}.", retry_after=wait)


def _is_only_noted(visitor: Visitor, action: Action, step: Step, shield: Shield, *, now: datetime) -> bool:
    scope = visitor.scope
    is_enforced = not shield.is_log_only
    stops.note(visitor.agent, f"{action}:{step}:{scope}", visitor.subjects[scope], is_enforced=is_enforced, now=now)
    return shield.is_log_only


def _binding(visitor: Visitor) -> str:
    """Whom a challenge is for: the session, or who opens one."""
    return visitor.session_id.hex if visitor.session_id else f"{visitor.agent.id.hex} {visitor.address}"
