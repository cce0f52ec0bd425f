"""What was done with a conversation, in sentences."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from blueprints.admin.conversations import words
from core import resolutions
from core.changes import Change
from models.conversations import Priority
from models.inbox import ConversationChange
from models.teammates import Teammate
from web.templates import moment


def sentence(change: ConversationChange, reader: Teammate) -> Markup:
    """Who did what, as the reader would say it."""
    who = _who(change, reader)
    try:
        return _SENTENCES[change.kind](who, change.details)
    except (KeyError, TypeError, ValueError):
        # Kept by another version, or brought from elsewhere.
        return Markup("{} changed something").format(who)


def other_of(change: ConversationChange) -> uuid.UUID | None:
    """The conversation that the sentence speaks of besides this one."""
    try:
        return uuid.UUID(change.details.get("into") or change.details.get("from") or "")
    except (AttributeError, TypeError, ValueError):
        return None


def _who(change: ConversationChange, reader: Teammate) -> str:
    if change.teammate_id == reader.id:
        return "You"
    if change.teammate is not None:
        return change.teammate.name
    return "The customer" if change.kind == Change.REOPENED.value else "Porchlight"


def _given(who: str, details: Mapping[str, Any]) -> Markup:
    teammate, team = details.get("teammate"), details.get("team")
    if teammate and team:
        return Markup("{} gave it to {} in the team {}").format(who, teammate, team)
    if teammate:
        return Markup("{} gave it to {}").format(who, teammate)
    return Markup("{} gave it to the team {}").format(who, team) if team else Markup("{} gave it to nobody").format(who)


def _resolved(who: str, details: Mapping[str, Any]) -> Markup:
    reason = resolutions.name_of(details.get("reason"))
    told = Markup("{} resolved it: {}") if reason else Markup("{} resolved it")
    return told.format(who, reason[:1].lower() + reason[1:])


def _snoozed(who: str, details: Mapping[str, Any]) -> Markup:
    return Markup("{} snoozed it until {}").format(who, moment(datetime.fromisoformat(details["until"])))


def _woken(who: str, _details: Mapping[str, Any]) -> Markup:
    return Markup("It is back") if who == "Porchlight" else Markup("{} woke it").format(who)


def _priority(who: str, details: Mapping[str, Any]) -> Markup:
    name = words.PRIORITIES[Priority(details["priority"])].lower()
    return Markup("{} set the priority to {}").format(who, name)


def _merged(who: str, _details: Mapping[str, Any]) -> Markup:
    return Markup("{} merged another conversation into this one").format(who)


def _tag(text: str) -> Callable[[str, Mapping[str, Any]], Markup]:
    return lambda who, details: escape(f"{who} {text} “{details.get('tag', '')}”")


def _plain(text: str) -> Callable[[str, Mapping[str, Any]], Markup]:
    return lambda who, _details: escape(f"{who} {text}")


_SENTENCES: Mapping[str, Callable[[str, Mapping[str, Any]], Markup]] = {
    Change.STARTED: _plain("began this conversation"),
    Change.GIVEN: _given,
    Change.TAKEN: _plain("took it over"),
    Change.RETURNED: _plain("handed it back to the agent"),
    Change.RESOLVED: _resolved,
    Change.REOPENED: _plain("opened it again"),
    Change.SNOOZED: _snoozed,
    Change.WOKEN: _woken,
    Change.PRIORITY: _priority,
    Change.TAGGED: _tag("added the tag"),
    Change.UNTAGGED: _tag("took off the tag"),
    Change.MERGED: _merged,
    Change.MERGED_AWAY: _plain("merged it into another conversation"),
}
