"""How a workspace protects itself: its limits, and from how many points which step is taken."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core import audits
from core.errors import Invalid
from core.recent_values import RecentValues
from models import after_commit, db, insert_into, transaction
from models.protection import ProtectionSettings
from models.teammates import Teammate, Workspace


class Action(enum.StrEnum):
    """What visitors do that is limited."""

    SESSIONS = "sessions"
    MESSAGES = "messages"
    FILES = "files"
    HANDOFFS = "handoffs"
    REPORTS = "reports"


class Scope(enum.StrEnum):
    """For whom a limit counts; the narrowest first, so that one visitor does not use up everybody's share."""

    SESSION = "session"
    CUSTOMER = "customer"
    ADDRESS = "address"
    WEBSITE = "website"
    AGENT = "agent"


class Step(enum.StrEnum):
    """What is done about a visitor who looks suspicious; each includes those before it."""

    WATCH = "watch"
    SLOW = "slow"
    CHALLENGE = "challenge"
    BLOCK = "block"


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds; None is as many as one likes."""

    count: int | None
    seconds: int


MINUTE, HOUR = 60, 3600
MOST = 1_000_000

# A whole office, a school or a phone network may share an address.
LIMITS: Mapping[tuple[Action, Scope], Limit] = {
    (Action.SESSIONS, Scope.CUSTOMER): Limit(600, HOUR),
    (Action.SESSIONS, Scope.ADDRESS): Limit(3_000, HOUR),
    (Action.SESSIONS, Scope.WEBSITE): Limit(30_000, HOUR),
    (Action.SESSIONS, Scope.AGENT): Limit(60_000, HOUR),
    (Action.MESSAGES, Scope.SESSION): Limit(40, MINUTE),
    (Action.MESSAGES, Scope.CUSTOMER): Limit(60, MINUTE),
    (Action.MESSAGES, Scope.ADDRESS): Limit(1_000, MINUTE),
    (Action.MESSAGES, Scope.WEBSITE): Limit(3_000, MINUTE),
    (Action.MESSAGES, Scope.AGENT): Limit(6_000, MINUTE),
    (Action.FILES, Scope.SESSION): Limit(60, HOUR),
    (Action.FILES, Scope.CUSTOMER): Limit(60, HOUR),
    (Action.FILES, Scope.ADDRESS): Limit(300, HOUR),
    (Action.FILES, Scope.WEBSITE): Limit(3_000, HOUR),
    (Action.FILES, Scope.AGENT): Limit(6_000, HOUR),
    (Action.HANDOFFS, Scope.SESSION): Limit(10, HOUR),
    (Action.HANDOFFS, Scope.CUSTOMER): Limit(10, HOUR),
    (Action.HANDOFFS, Scope.ADDRESS): Limit(60, HOUR),
    (Action.HANDOFFS, Scope.WEBSITE): Limit(600, HOUR),
    (Action.HANDOFFS, Scope.AGENT): Limit(1_200, HOUR),
    (Action.REPORTS, Scope.ADDRESS): Limit(300, MINUTE),
    (Action.REPORTS, Scope.WEBSITE): Limit(12_000, MINUTE),
    (Action.REPORTS, Scope.AGENT): Limit(24_000, MINUTE),
}
# What no setting goes beyond: the wall in front of every route (blueprints/widget/limits.py).
CEILINGS: Mapping[tuple[Action, Scope], int] = {
    (Action.SESSIONS, Scope.ADDRESS): 12_000,
    (Action.MESSAGES, Scope.SESSION): 240,
    (Action.MESSAGES, Scope.ADDRESS): 1_200,
    (Action.FILES, Scope.ADDRESS): 1_200,
    (Action.HANDOFFS, Scope.ADDRESS): 600,
    (Action.REPORTS, Scope.ADDRESS): 1_200,
}
STEPS: Mapping[Step, int | None] = {Step.WATCH: 20, Step.SLOW: 50, Step.CHALLENGE: 70, Step.BLOCK: 100}


@dataclass(frozen=True)
class Shield:
    """The settings that hold for a workspace, defaults included."""

    limits: Mapping[tuple[Action, Scope], Limit] = field(default_factory=lambda: LIMITS)
    steps: Mapping[Step, int | None] = field(default_factory=lambda: STEPS)
    is_log_only: bool = False

    def takes(self, step: Step, points: int) -> bool:
        """Whether so many points lead to this step."""
        needed = self.steps[step]
        return needed is not None and points >= needed


def name_of(action: Action, scope: Scope) -> str:
    """What a limit is called where it is stored."""
    return f"{action}:{scope}"


def of(workspace_id: uuid.UUID) -> Shield:
    """The settings of a workspace; what another process has changed holds here within five seconds."""
    return _recent.of(workspace_id)


def set_limits(
    workspace: Workspace, counts: Mapping[tuple[Action, Scope], int | None], *, by: Teammate, now: datetime
) -> None:
    """Change how many of each are let through; None lets all through.

    Raises:
        Invalid: when a number is none that can be meant.
    """
    for key, count in counts.items():
        most = CEILINGS.get(key, MOST)
        if count is not None and not 1 <= count <= most:
            raise Invalid(f"Write a whole number from 1 to {most:,}, or leave the field empty for no limit.")
    limits = {key: Limit(counts.get(key, limit.count), limit.seconds) for key, limit in LIMITS.items()}
    stored = {
        name_of(*key): {"count": limit.count, "seconds": limit.seconds}
        for key, limit in limits.items()
        if limit != LIMITS[key]
    }
    _change(workspace, {"limits": stored}, "limits.change", "Limits", by=by, now=now)


def set_steps(workspace: Workspace, steps: Mapping[Step, int | None], *, by: Teammate, now: datetime) -> None:
    """Change from how many points each step is taken; None never takes it.

    Raises:
        Invalid: when a number cannot be meant, or a harder step comes before a milder one.
    """
    needed = [points for step in Step if (points := steps[step]) is not None]
    if any(not 1 <= points <= 1_000 for points in needed):
        raise Invalid("Write points from 1 to 1,000, or leave the field empty to never take the step.")
    if needed != sorted(needed):
        raise Invalid("A harder step needs at least as many points as the one before it.")
    stored = {step.value: steps[step] for step in Step if steps[step] != STEPS[step]}
    _change(workspace, {"steps": stored}, "steps.change", "Steps", by=by, now=now)


def set_log_only(workspace: Workspace, is_log_only: bool, *, by: Teammate, now: datetime) -> None:
    """Choose whether limits and steps stop anybody, or are only noted."""
    _change(workspace, {"is_log_only": is_log_only}, "protection.switch", "Protection", by=by, now=now)


def _change(
    workspace: Workspace, values: dict[str, Any], action: str, name: str, *, by: Teammate, now: datetime
) -> None:
    with transaction():
        empty = {"workspace_id": workspace.id, "limits": {}, "steps": {}, "is_log_only": False, "updated_at": now}
        db.session.execute(insert_into(ProtectionSettings).values(**empty).on_conflict_do_nothing())
        row = db.session.get_one(ProtectionSettings, workspace.id, with_for_update=True, populate_existing=True)
        before = {key: getattr(row, key) for key in values}
        if before == values:
            return
        for key, content in values.items():
            setattr(row, key, content)
        row.updated_at, row.updated_by_id = now, by.id
        subject = ("protection", workspace.id, name)
        audits.record(workspace.id, action, by=by, subject=subject, before=before, after=values, now=now)
        after_commit(lambda: _recent.forget(workspace.id))


def _read(workspace_id: uuid.UUID) -> Shield:
    row = db.session.get(ProtectionSettings, workspace_id, populate_existing=True)
    if row is None:
        return Shield()
    limits = {key: _limit(row.limits.get(name_of(*key)), default) for key, default in LIMITS.items()}
    steps = {step: row.steps.get(step.value, default) for step, default in STEPS.items()}
    return Shield(limits, steps, row.is_log_only)


def _limit(stored: Mapping[str, Any] | None, default: Limit) -> Limit:
    return default if stored is None else Limit(stored["count"], stored["seconds"])


_recent = RecentValues(_read)
