"""Changing a conversation: who answers, how it is marked, and where it stands."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from blueprints.api import caller
from blueprints.api.shapes.conversations import ChangedConversation
from core import conversations, tags, teammates, teams
from core.errors import Invalid
from core.resolutions import Resolution
from models.conversations import Conversation, Priority
from models.inbox import Tag, Team
from models.teammates import Teammate

_REASON = "was handed over by a program"


def change(conversation: Conversation, body: ChangedConversation, *, now: datetime) -> None:
    """Do all that is asked for, or nothing.

    Raises:
        Invalid, Conflict, NotFound: for what cannot be, in words.
    """
    _check(body)
    by = caller.author()
    if not body.model_fields_set.isdisjoint({"teammate_id", "team_id"}):
        _assign(conversation, body, by=by, now=now)
    if body.priority is not None:
        conversations.set_priority(conversation, Priority(body.priority), by=by, now=now)
    if body.tags is not None:
        _tag(conversation, body.tags, by=by, now=now)
    if body.snoozed_until is not None:
        conversations.snooze(conversation, until=body.snoozed_until, by=by, now=now)
    elif "snoozed_until" in body.model_fields_set:
        conversations.wake(conversation, by=by, now=now)
    if body.state is not None:
        _enter(conversation, body, by=by, now=now)


def _check(body: ChangedConversation) -> None:
    if body.reason is not None and body.state != "waiting":
        raise Invalid("A reason belongs to the state waiting.")
    if body.resolution is not None and body.state != "resolved":
        raise Invalid("A resolution belongs to the state resolved.")


def _assign(conversation: Conversation, body: ChangedConversation, *, by: Teammate | None, now: datetime) -> None:
    sent = body.model_fields_set
    teammate_id = body.teammate_id if "teammate_id" in sent else conversation.teammate_id
    team_id = body.team_id if "team_id" in sent else conversation.team_id
    workspace = caller.current_workspace()
    teammate = teammates.find(workspace, teammate_id) if teammate_id else None
    conversations.assign(conversation, teammate=teammate, team=_team(team_id), by=by, now=now)


def _team(team_id: uuid.UUID | None) -> Team | None:
    return teams.find(caller.current_workspace(), team_id) if team_id else None


def _tag(conversation: Conversation, names: Sequence[str], *, by: Teammate | None, now: datetime) -> None:
    known = {tag.name.casefold(): tag for tag in tags.listed(caller.current_workspace())}
    wanted: dict[uuid.UUID, Tag] = {}
    for name in names:
        tag = known.get(name.casefold())
        if tag is None:
            raise Invalid(f"There is no tag “{name}”. Tags are made in the settings.")
        wanted[tag.id] = tag
    for tag in tags.of(conversation):
        if wanted.pop(tag.id, None) is None:
            tags.take(conversation, tag, by=by, now=now)
    for tag in wanted.values():
        tags.put(conversation, tag, by=by, now=now)


def _enter(conversation: Conversation, body: ChangedConversation, *, by: Teammate | None, now: datetime) -> None:
    if body.state == "waiting":
        conversations.request_person(conversation, reason=body.reason or _REASON, now=now)
    elif body.state == "agent":
        conversations.hand_back(conversation, by=by, now=now)
    else:
        reason = Resolution(body.resolution) if body.resolution else None
        conversations.resolve(conversation, reason=reason, by=by, now=now)
