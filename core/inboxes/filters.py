"""What somebody wants to see of a view: filters, as they stand in an address and in a saved view."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, select

from core.inboxes.readings import is_unread
from core.inboxes.searching import matching
from core.widget_words import LANGUAGES
from models.conversations import Conversation, Priority
from models.inbox import ConversationTag
from models.teammates import Teammate

MOODS = ("content", "neutral", "upset")
ANY_TIME = 0
PERIODS = (1, 7, 30, 90)
"""In days: how far back somebody may look."""
CHANNELS = ("web", "link")
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filters:
    """What a conversation has to be like; without anything, all are."""

    search: str = ""
    agent: uuid.UUID | None = None
    team: uuid.UUID | None = None
    teammate: uuid.UUID | None = None
    tag: uuid.UUID | None = None
    priority: Priority | None = None
    language: str = ""
    channel: str = ""
    mood: str = ""
    unread: bool = False
    """Only what the reader has not seen to its end."""
    days: int = ANY_TIME
    """Only those in which something was said within so many days."""

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Self:
        """What `written` made, or whatever stands in an address: what cannot be meant is left out."""
        text = {name: str(asked.get(name) or "").strip() for name in cls.__dataclass_fields__}
        days = int(text["days"]) if text["days"].isascii() and text["days"].isdigit() and len(text["days"]) < 4 else 0
        return cls(
            search=" ".join(text["search"].replace("\x00", "").split())[:_LONGEST_SEARCH],
            **{name: _as_id(text[name]) for name in ("agent", "team", "teammate", "tag")},
            priority=Priority(text["priority"]) if text["priority"] in list(Priority) else None,
            language=text["language"] if text["language"] in LANGUAGES else "",
            channel=text["channel"] if text["channel"] in CHANNELS else "",
            mood=text["mood"] if text["mood"] in MOODS else "",
            unread=text["unread"] == "1",
            days=days if days in PERIODS else ANY_TIME,
        )

    def written(self) -> dict[str, str]:
        """As it stands in an address or a saved view; what is not asked for is not in it."""
        values = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: "1" if value is True else str(value) for name, value in values if value}

    @property
    def chosen(self) -> dict[str, str]:
        """As `written`, without the words that are searched for."""
        return {name: value for name, value in self.written().items() if name != "search"}

    def conditions(self, workspace_id: uuid.UUID, reader: Teammate, *, now: datetime) -> Iterator[ColumnElement[bool]]:
        """What the database is asked for."""
        wanted = {
            Conversation.agent_id: self.agent,
            Conversation.team_id: self.team,
            Conversation.teammate_id: self.teammate,
            Conversation.priority: self.priority,
            Conversation.language: self.language,
            Conversation.channel: self.channel,
            Conversation.mood: self.mood,
        }
        yield from (column == value for column, value in wanted.items() if value)
        if self.tag:
            tagged = select(ConversationTag.conversation_id).where(ConversationTag.tag_id == self.tag)
            yield Conversation.id.in_(tagged)
        if self.unread:
            yield is_unread(reader)
        if self.days:
            yield Conversation.last_message_at >= now - timedelta(days=self.days)
        yield from matching(workspace_id, self.search)


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
