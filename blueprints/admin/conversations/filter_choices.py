"""What the filters of the inbox offer, in words."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blueprints.admin.conversations import words
from core import agents, inboxes, tags, teammates, teams
from core.inboxes import Filters
from core.widget_words import LANGUAGES
from core.widget_words.languages import ENGLISH_NAMES
from models.conversations import Priority
from models.teammates import Workspace


@dataclass(frozen=True)
class FilterChoice:
    """One filter, with what may be chosen in it."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    """Of each its value in an address and its words."""

    def word_for(self, value: str) -> str:
        """What a value is called; something that has been removed meanwhile is called that."""
        return dict(self.options).get(value, "removed meanwhile")


def choices_for(workspace: Workspace) -> Sequence[FilterChoice]:
    """All filters that can be of use in this workspace: those with nothing to choose from are left out."""
    offered = (
        FilterChoice("teammate", "Teammate", _named(teammates.names(workspace))),
        FilterChoice("team", "Team", _named(teams.names(workspace))),
        FilterChoice("tag", "Tag", [(str(one.id), one.name) for one in tags.listed(workspace)]),
        FilterChoice("priority", "Priority", [(one.value, words.PRIORITIES[one]) for one in reversed(Priority)]),
        FilterChoice("agent", "Agent", [(str(one.id), one.name) for one in agents.listed(workspace)]),
        FilterChoice("language", "Language", [(code, ENGLISH_NAMES[code]) for code in LANGUAGES]),
        FilterChoice("channel", "Where", [(name, words.CHANNELS[name]) for name in words.CHANNELS]),
        FilterChoice("mood", "Mood", [(mood, words.MOODS[mood]) for mood in inboxes.MOODS]),
        FilterChoice("days", "Last message", [(str(days), words.PERIODS[days]) for days in inboxes.PERIODS]),
        FilterChoice("unread", "Read", [("1", "Unread only")]),
    )
    return [choice for choice in offered if choice.options]


def _named(rows: Iterable[tuple[uuid.UUID, str]]) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in rows]


def chosen(filters: Filters, offered: Sequence[FilterChoice]) -> Sequence[tuple[str, str, str]]:
    """Of each filter that is set its name, its label and what was chosen."""
    by_name = {choice.name: choice for choice in offered}
    return [
        (name, by_name[name].label, by_name[name].word_for(value))
        for name, value in filters.chosen.items()
        if name in by_name
    ]
