"""What the agent says, and as whom."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import widget_configs
from core.handoff_causes import Cause
from core.widget_configs import WidgetConfig
from core.widget_words import OwnWords, say
from models.conversations import Outcome
from models.customers import FactKind, FactSource


@dataclass(frozen=True)
class Speaker:
    """Who answers, and in which language."""

    name: str
    has_people: bool
    language: str
    words: OwnWords

    def says(self, key: str, **values: object) -> str:
        """Our own words in this language, or an admin's in their place."""
        return say(self.language, key, own=self.words, **values)


@dataclass(frozen=True)
class Wanted:
    """Something to be remembered of a customer."""

    kind: FactKind
    words: str
    """The customer's own."""
    source: FactSource


@dataclass(frozen=True)
class Reply:
    """An answer in words, with what stands beside it."""

    text: str
    outcome: Outcome
    details: Mapping[str, Any] = field(default_factory=dict)
    entry_id: uuid.UUID | None = None
    score: float | None = None
    wants_person: bool = False
    reason: str = "asked for a person"
    """Why a person is fetched, when one is."""
    cause: Cause = Cause.CUSTOMER
    summary: str = ""
    """What the person needs to know, in a model's words."""
    is_stock: bool = False
    """Whether the words are our own ones for fetching a person, which may be put more fitly."""
    remembers: Sequence[Wanted] = ()
    is_told_once: bool = False
    """Whether it tells what became of something that was done for the customer: asked again, nobody would do it."""


def speaker_of(config: WidgetConfig, language: str) -> Speaker:
    """Who answers with these settings, in this language."""
    name = widget_configs.name_in(config, language)
    return Speaker(name, config.features.get("handoff", True), language, config.words)


def fetching(
    speaker: Speaker, *, reason: str, text: str = "", cause: Cause = Cause.CUSTOMER, summary: str = ""
) -> Reply:
    """A reply with which a person is fetched.

    Args:
        reason: for the teammates.
        text: for the customer; our own words when empty.
        cause: who or what wanted a person.
        summary: for the teammates; what is known anyway when empty.
    """
    said = text or speaker.says("reply_fetching")
    return Reply(
        said,
        Outcome.HANDOFF,
        {"name": speaker.name},
        wants_person=True,
        reason=reason,
        cause=cause,
        summary=summary,
        is_stock=not text,
    )
