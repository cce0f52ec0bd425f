"""What is done with one conversation: who is to answer, when it comes back, how pressing it is, how it ends."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import words
from blueprints.admin.conversations.bulk_routes import SNOOZES
from blueprints.admin.conversations.panels import changed
from blueprints.admin.conversations.routes import bp
from core import answers, conversations, resolutions, tags, teammates, teams, threads
from core.clock import utc_now
from core.errors import Conflict, DomainError, Invalid
from core.permissions import Permission
from core.resolutions import Resolution
from models.conversations import Conversation, Priority
from models.inbox import Team
from models.teammates import Teammate
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_problem

_WORK = "admin/conversations/work.html"


@bp.get("/<uuid:conversation_id>/work")
@requires(Permission.ANSWER)
def show_work(conversation_id: uuid.UUID) -> str:
    conversation = conversations.find(current_workspace(), conversation_id)
    return render_page(_WORK, fragment="work_dialog", **_work_on(conversation))


@bp.post("/<uuid:conversation_id>/holder")
@requires(Permission.ANSWER)
def create_holder(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, _give)


@bp.post("/<uuid:conversation_id>/snooze")
@requires(Permission.ANSWER)
def create_snooze(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, _snooze)


@bp.post("/<uuid:conversation_id>/waking")
@requires(Permission.ANSWER)
def create_waking(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, lambda one: conversations.wake(one, by=current_teammate(), now=utc_now()))


@bp.post("/<uuid:conversation_id>/marks")
@requires(Permission.ANSWER)
def create_marks(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, _mark)


@bp.post("/<uuid:conversation_id>/merger")
@requires(Permission.ANSWER)
def create_merger(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, _merge)


@bp.post("/<uuid:conversation_id>/resolution")
@requires(Permission.ANSWER)
def create_resolution(conversation_id: uuid.UUID) -> ResponseReturnValue:
    return _do(conversation_id, _resolve)


def _resolve(conversation: Conversation) -> None:
    reason = request.form.get("reason", "")
    if reason and reason not in list(resolutions.CHOICES):
        raise Invalid("Choose one of the reasons.")
    chosen = Resolution(reason) if reason else None
    conversations.resolve(conversation, by=current_teammate(), reason=chosen, now=utc_now())


def _do(conversation_id: uuid.UUID, act: Callable[[Conversation], object]) -> ResponseReturnValue:
    """Do it, and show the thread; what cannot be done is said in the dialog, where the choice was made."""
    conversation = conversations.find(current_workspace(), conversation_id)
    try:
        act(conversation)
    except (Conflict, Invalid) as refusal:
        return _problem(conversation, refusal)
    return changed(conversation)


def _problem(conversation: Conversation, refusal: DomainError) -> ResponseReturnValue:
    shown = show_problem(_WORK, fragment="work_problem", **_work_on(conversation, problem=refusal.message))
    if not is_partial():
        return shown
    response = make_response(shown)
    response.headers["HX-Retarget"] = "#work-problem"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _work_on(conversation: Conversation, *, problem: str = "") -> dict[str, Any]:
    workspace = current_workspace()
    others = threads.others_of(conversation)
    return {
        "opened": conversation,
        "reader": current_teammate(),
        "words": words,
        "problem": problem,
        "people": teammates.who_may(workspace.id, Permission.ANSWER),
        "teams": [one.team for one in teams.listed(workspace)],
        "tags": tags.listed(workspace),
        "carried": {tag.id for tag in tags.of(conversation)},
        "priorities": words.PRIORITIES,
        "reasons": [(one.value, resolutions.NAMES[one]) for one in resolutions.CHOICES],
        "mergeable": [one for one in others if one.agent_id == conversation.agent_id and one.merged_into_id is None],
    }


def _give(conversation: Conversation) -> None:
    teammate, team = _chosen_teammate(), _chosen_team()
    conversations.assign(conversation, teammate=teammate, team=team, by=current_teammate(), now=utc_now())


def _chosen_teammate() -> Teammate | None:
    chosen = request.form.get("teammate", "")
    return teammates.find(current_workspace(), _id(chosen)) if chosen else None


def _chosen_team() -> Team | None:
    chosen = request.form.get("team", "")
    return teams.find(current_workspace(), _id(chosen)) if chosen else None


def _snooze(conversation: Conversation) -> None:
    now = utc_now()
    conversations.snooze(conversation, until=now + _length(now), by=current_teammate(), now=now)


def _length(now: datetime) -> timedelta:
    """For how long, as was chosen or as the browser has worked it out of a date."""
    chosen = request.form.get("snooze", "")
    if chosen in SNOOZES:
        return SNOOZES[chosen]
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise Invalid("Choose until when.") from None
    if until.tzinfo is None:
        raise Invalid("Choose until when.")
    return until - now


def _mark(conversation: Conversation) -> None:
    workspace, by, now = current_workspace(), current_teammate(), utc_now()
    priority = request.form.get("priority", conversation.priority.value)
    if priority not in list(Priority):
        raise Invalid("Choose a priority.")
    wanted = [tags.find(workspace, _id(number)) for number in request.form.getlist("tag")]
    for tag in tags.of(conversation):
        if tag not in wanted:
            tags.take(conversation, tag, by=by, now=now)
    for tag in wanted:
        tags.put(conversation, tag, by=by, now=now)
    if request.form.get("new_tag", "").strip():
        tags.put_named(conversation, request.form["new_tag"], by=by, now=now)
    conversations.set_priority(conversation, Priority(priority), by=by, now=now)


def _merge(conversation: Conversation) -> None:
    target = conversations.find(current_workspace(), _id(request.form.get("into", "")))
    for message in conversations.merge_into(conversation, target, by=current_teammate(), now=utc_now()):
        answers.request(message)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("Choose from the list.") from None
