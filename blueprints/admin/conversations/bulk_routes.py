"""Doing the same with many conversations at once."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.routes import bp
from core import conversations, inboxes, tags, teammates, teams
from core.clock import utc_now
from core.errors import Invalid
from core.inboxes import bulk
from core.permissions import Permission
from models.conversations import Conversation, Priority
from models.inbox import Team
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page

_Change = Callable[[Conversation], object]
SNOOZES = {"hour": timedelta(hours=1), "hours": timedelta(hours=4), "day": timedelta(days=1), "week": timedelta(days=7)}


@bp.post("/changes")
@requires(Permission.ANSWER)
def create_changes() -> ResponseReturnValue:
    chosen = bulk.find_all(current_workspace(), _ids())
    act = request.form.get("act", "")
    if act == "read":
        inboxes.mark_read(chosen, current_teammate(), now=utc_now())
        return _done(bulk.Outcome(len(chosen), [], 0), "marked as read")
    if act not in _CHANGES:
        raise Invalid("Choose what to do with these conversations.")
    make, done = _CHANGES[act]
    return _done(bulk.change_all(chosen, make()), done)


def _resolve() -> _Change:
    by, now = current_teammate(), utc_now()
    return lambda one: conversations.resolve(one, by=by, now=now)


def _assign() -> _Change:
    """To a teammate, and to a team: the other of the two stays as it is; `nobody` takes both away."""
    by, now, whom = current_teammate(), utc_now(), request.form.get("whom", "")
    if whom == "nobody":
        return lambda one: conversations.assign(one, teammate=None, team=None, by=by, now=now)
    kind, _, number = whom.partition(":")
    if kind == "team":
        team = teams.find(current_workspace(), _id(number))
        return lambda one: conversations.assign(one, teammate=one.teammate, team=team, by=by, now=now)
    teammate = teammates.find(current_workspace(), _id(number))
    return lambda one: conversations.assign(one, teammate=teammate, team=_team_of(one), by=by, now=now)


def _team_of(conversation: Conversation) -> Team | None:
    return teams.find(current_workspace(), conversation.team_id) if conversation.team_id else None


def _tag() -> _Change:
    tag, by, now = tags.find(current_workspace(), _id(request.form.get("tag", ""))), current_teammate(), utc_now()
    return lambda one: tags.put(one, tag, by=by, now=now)


def _untag() -> _Change:
    tag, by, now = tags.find(current_workspace(), _id(request.form.get("tag", ""))), current_teammate(), utc_now()
    return lambda one: tags.take(one, tag, by=by, now=now)


def _set_priority() -> _Change:
    wanted, by, now = request.form.get("priority", ""), current_teammate(), utc_now()
    if wanted not in list(Priority):
        raise Invalid("Choose a priority.")
    return lambda one: conversations.set_priority(one, Priority(wanted), by=by, now=now)


def _snooze() -> _Change:
    wanted, by, now = request.form.get("snooze", ""), current_teammate(), utc_now()
    if wanted not in SNOOZES:
        raise Invalid("Choose for how long.")
    return lambda one: conversations.snooze(one, until=now + SNOOZES[wanted], by=by, now=now)


_CHANGES: Mapping[str, tuple[Callable[[], _Change], str]] = {
    "resolve": (_resolve, "resolved"),
    "assign": (_assign, "given"),
    "tag": (_tag, "tagged"),
    "untag": (_untag, "without the tag"),
    "priority": (_set_priority, "set to the priority"),
    "snooze": (_snooze, "snoozed"),
}
"""Of each change what makes it, and what the conversations are afterwards."""


def _done(outcome: bulk.Outcome, done: str) -> ResponseReturnValue:
    said = _said(outcome, done)
    if not is_partial():
        flash(said, "success" if outcome.done else "warning")
        return redirect(url_for(".index", view=_view()), 303)
    response = make_response(render_page("admin/conversations/_bulk_said.html", said=said))
    response.headers["HX-Trigger"] = "inbox:refresh"
    return response


def _said(outcome: bulk.Outcome, done: str) -> str:
    number = f"{outcome.done} conversation{'' if outcome.done == 1 else 's'} {done}."
    return " ".join([number, *([f"{outcome.left} left as they were:", *outcome.refusals] if outcome.left else [])])


def _view() -> str | None:
    view = request.form.get("view", "")
    return view if view in list(inboxes.View) else None


def _ids() -> Sequence[uuid.UUID]:
    return [_id(text) for text in request.form.getlist("conversation")]


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("Choose from the list.") from None
