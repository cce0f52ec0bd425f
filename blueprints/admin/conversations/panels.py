"""The open conversation: what its page and its parts are made of."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import change_words, words
from blueprints.admin.conversations.forms import ReplyForm
from core import masked_messages, moods, reply_drafts, resolutions, tags, teams, threads
from models.conversations import Conversation, Priority, Sender
from models.inbox import Tag
from web.access import current_teammate
from web.fragments import show_change

SHOW = "admin/conversations/show.html"


def panel_of(conversation: Conversation, form: ReplyForm | None = None) -> dict[str, Any]:
    return {
        **thread_of(conversation),
        "others": threads.others_of(conversation),
        "context": threads.context_of(conversation),
        "form": form or _begun(conversation),
    }


def _begun(conversation: Conversation) -> ReplyForm:
    draft = reply_drafts.of(conversation, current_teammate())
    typed = {"text": draft.text, "mode": "note" if draft.is_note else "reply"} if draft else {}
    return ReplyForm(formdata=None, client_id=uuid.uuid4().hex, **typed)


def thread_of(conversation: Conversation) -> dict[str, Any]:
    thread = threads.of(conversation, since=request.values.get("since", type=int))
    said = [line.message.text for line in thread.lines if line.message.sender is Sender.CUSTOMER]
    return {
        "opened": conversation,
        "thread": thread,
        "language": moods.language_of(said),
        "reader": current_teammate(),
        "may_reveal": masked_messages.may_reveal(current_teammate()),
        "words": words,
        "change_words": change_words,
        "work": work_of(conversation),
    }


def changed(conversation: Conversation) -> ResponseReturnValue:
    otherwise = url_for(".show", conversation_id=conversation.id)
    return show_change(SHOW, fragment="thread", otherwise=otherwise, **thread_of(conversation))


@dataclass(frozen=True)
class Work:
    """What the team has written on a conversation."""

    tags: Sequence[Tag]
    team: str | None
    reason: str
    is_marked: bool


def work_of(conversation: Conversation) -> Work:
    carried = tags.of(conversation)
    team = teams.of(conversation)
    is_pressing = conversation.priority is not Priority.NORMAL
    return Work(
        tags=carried,
        team=team.name if team else None,
        reason=resolutions.name_of(conversation.resolution),
        is_marked=bool(carried or team or is_pressing or conversation.snoozed_until),
    )
