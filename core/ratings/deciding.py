"""Whether customers are asked how content they were, and with which words."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import inbox_settings
from core.errors import Invalid
from core.texts import clean_line
from models.teammates import Teammate, Workspace

QUESTION_LIMIT = 160


class Asked(enum.StrEnum):
    """Who is asked."""

    EVERYBODY = "everybody"
    PEOPLE = "people"
    """Only those to whom a person has written."""


@dataclass(frozen=True)
class Decisions:
    """What a workspace has decided, or the defaults where it has not."""

    is_on: bool = True
    asked: Asked = Asked.EVERYBODY
    question: str = ""
    """The workspace's own words, in every language; empty for ours, in the customer's."""

    def as_json(self) -> dict[str, Any]:
        return {"is_on": self.is_on, "asked": self.asked.value, "question": self.question}


def of(workspace_id: uuid.UUID) -> Decisions:
    """What a workspace has decided; what is not understood (it may have come from an archive) is as usual."""
    usual, kept = Decisions(), inbox_settings.of(workspace_id, "rating")
    asked, question = kept.get("asked"), kept.get("question")
    return Decisions(
        bool(kept.get("is_on", usual.is_on)),
        Asked(asked) if asked in list(Asked) else usual.asked,
        question[:QUESTION_LIMIT] if isinstance(question, str) else usual.question,
    )


def decide(workspace: Workspace, decisions: Decisions, *, by: Teammate, now: datetime) -> None:
    """Change what is decided.

    Raises:
        Invalid: when the question is too long.
    """
    question = clean_line(decisions.question)
    if len(question) > QUESTION_LIMIT:
        raise Invalid(f"Shorten the question to {QUESTION_LIMIT} characters.")
    after = Decisions(decisions.is_on, decisions.asked, question)
    inbox_settings.change(workspace, "rating", after.as_json(), action="ratings.change", by=by, now=now)
