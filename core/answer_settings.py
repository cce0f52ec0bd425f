"""The manner in which an agent answers, what it may spend, and what others keep of its settings; read from a cache."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from core import audits
from core.errors import Invalid
from core.recent_values import RecentValues
from core.texts import clean, clean_line
from models import after_commit, db, insert_into, transaction
from models.agents import Agent
from models.answering import AnswerSettings
from models.teammates import Teammate

MOST_GUARDRAILS = 12
LONGEST_GUARDRAIL = 300
MOST_LANGUAGES = 13
MOST_TOKENS = 1_000_000_000
MOST_MONEY = 1_000_000_000_000
"""A million, in millionths."""


class Tone(enum.StrEnum):
    FRIENDLY = "friendly"
    FACTUAL = "factual"
    FORMAL = "formal"
    PLAYFUL = "playful"


class Length(enum.StrEnum):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Unsupported(enum.StrEnum):
    """What becomes of an answer of a model that nothing the agent knows supports."""

    MARK = "mark"
    WITHHOLD = "withhold"


@dataclass(frozen=True)
class Manner:
    """How an agent speaks in the words of a language model."""

    tone: Tone = Tone.FRIENDLY
    length: Length = Length.SHORT
    languages: tuple[str, ...] = ()
    """ISO 639-1; none: whichever the customer writes in. The first is used with everybody who writes in another."""
    guardrails: tuple[str, ...] = ()
    """What it must or must not say, each in plain words."""
    unsupported: Unsupported = Unsupported.MARK


@dataclass(frozen=True)
class Limits:
    """What an agent may spend on language models; None is as much as it takes. Money is in millionths."""

    conversation_tokens: int | None = None
    conversation_money: int | None = None
    day_tokens: int | None = None
    day_money: int | None = None

    @property
    def has_any(self) -> bool:
        return any(value is not None for value in asdict(self).values())


@dataclass(frozen=True)
class Settings:
    """All that is set for the answers of one agent, defaults included."""

    manner: Manner = field(default_factory=Manner)
    limits: Limits = field(default_factory=Limits)
    handoff: Mapping[str, Any] = field(default_factory=dict)
    """As `core.handoff_rules` stores it; empty where nobody has set anything."""
    memory: Mapping[str, Any] = field(default_factory=dict)
    """As whoever remembers stores it; empty where nobody has set anything."""


def of(agent_id: uuid.UUID) -> Settings:
    """The settings of an agent; what another process has changed holds here within five seconds."""
    return _recent.of(agent_id)


def set_manner(agent: Agent, manner: Manner, *, by: Teammate | None, now: datetime) -> None:
    """Change how an agent speaks.

    Raises:
        Invalid: when there are more or longer rules than there can be.
    """
    rules = tuple(rule for one in manner.guardrails if (rule := clean_line(clean(one))))
    if len(rules) > MOST_GUARDRAILS:
        raise Invalid(f"Write at most {MOST_GUARDRAILS} rules, one a line.")
    if any(len(rule) > LONGEST_GUARDRAIL for rule in rules):
        raise Invalid(f"A rule is too long: at most {LONGEST_GUARDRAIL} characters each.")
    if len(manner.languages) > MOST_LANGUAGES:
        raise Invalid(f"Choose at most {MOST_LANGUAGES} languages.")
    stored = {**asdict(manner), "guardrails": list(rules), "languages": list(manner.languages)}
    change(agent, "manner", stored, action="manner.change", by=by, now=now)


def set_limits(agent: Agent, limits: Limits, *, by: Teammate | None, now: datetime) -> None:
    """Change what an agent may spend on language models.

    Raises:
        Invalid: when a number is none that can be meant.
    """
    for name, value in asdict(limits).items():
        most = MOST_TOKENS if name.endswith("tokens") else MOST_MONEY
        if value is not None and not 1 <= value <= most:
            raise Invalid("Write a number greater than nothing, or leave the field empty for no limit.")
    change(agent, "limits", asdict(limits), action="spending.change", by=by, now=now)


def change(
    agent: Agent, part: str, values: Mapping[str, Any], *, action: str, by: Teammate | None, now: datetime
) -> None:
    """Store one part of an agent's settings as a whole, and note in the audit log what has changed of it.

    Args:
        part: `manner`, `limits`, `handoff` or `memory`.
        values: checked already, and fit for JSON.
        action: of the audit log.
    """
    with transaction():
        empty: dict[str, Any] = {"manner": {}, "limits": {}, "handoff": {}, "memory": {}}
        new = {"agent_id": agent.id, "workspace_id": agent.workspace_id, "updated_at": now, **empty}
        db.session.execute(insert_into(AnswerSettings).values(**new).on_conflict_do_nothing())
        row = db.session.get_one(AnswerSettings, agent.id, with_for_update=True, populate_existing=True)
        before = getattr(row, part)
        if before == values:
            return
        setattr(row, part, dict(values))
        row.updated_at = now
        subject = ("agent", agent.id, agent.name)
        audits.record(agent.workspace_id, action, by=by, subject=subject, before=before, after=values, now=now)
        after_commit(lambda: _recent.forget(agent.id))


def _read(agent_id: uuid.UUID) -> Settings:
    row = db.session.get(AnswerSettings, agent_id, populate_existing=True)
    if row is None:
        return Settings()
    handoff, memory = MappingProxyType(row.handoff), MappingProxyType(row.memory)
    return Settings(_manner(row.manner), Limits(**row.limits), handoff, memory)


def _manner(stored: Mapping[str, Any]) -> Manner:
    usual = Manner()
    return Manner(
        tone=Tone(stored.get("tone", usual.tone)),
        length=Length(stored.get("length", usual.length)),
        languages=tuple(stored.get("languages", ())),
        guardrails=tuple(stored.get("guardrails", ())),
        unsupported=Unsupported(stored.get("unsupported", usual.unsupported)),
    )


_recent = RecentValues(_read)
