"""Conversations with customers: the inbox, and answering in the place of the agent."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import words
from blueprints.admin.conversations.events import stream_changes
from blueprints.admin.conversations.panels import changed, panel_of, thread_of
from core import conversations, inboxes
from core.clock import utc_now
from core.inboxes import View
from core.permissions import Permission
from models import db
from web import mails
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page

bp = Blueprint("conversations", __name__, url_prefix="/admin/conversations")
_INDEX = "admin/conversations/index.html"
_SHOW = "admin/conversations/show.html"


@bp.app_context_processor
def _for_the_menu() -> dict[str, Any]:
    return {"count_waiting_conversations": _count_waiting}


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    choice = _choice()
    fragment = "inbox_rows" if choice.before else "inbox_list"
    return render_page(_INDEX, fragment=fragment, opened=None, **_list(choice))


@bp.get("/<uuid:conversation_id>")
@requires(Permission.VIEW)
def show(conversation_id: uuid.UUID) -> str:
    conversation = conversations.find(current_workspace(), conversation_id)
    beside = {"choice": _choice()} if is_partial() else list_beside()
    return render_page(_SHOW, fragment="inbox_panel", **(beside | panel_of(conversation)))


@bp.get("/<uuid:conversation_id>/messages")
@requires(Permission.VIEW)
def list_messages(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    if not is_partial():
        return redirect(url_for(".show", conversation_id=conversation_id, since=request.args.get("since")), 303)
    return render_page(_SHOW, fragment="thread", **thread_of(conversation))


@bp.post("/<uuid:conversation_id>/assignment")
@requires(Permission.ANSWER)
def create_assignment(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    relieved = request.form.get("instead_of", type=uuid.UUID)
    conversations.take_over(conversation, current_teammate(), instead_of=relieved, now=utc_now())
    return changed(conversation)


@bp.post("/<uuid:conversation_id>/return")
@requires(Permission.ANSWER)
def create_return(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    conversations.hand_back(conversation, now=utc_now())
    return changed(conversation)


@bp.post("/<uuid:conversation_id>/resolution")
@requires(Permission.ANSWER)
def create_resolution(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    conversations.resolve(conversation, now=utc_now())
    return changed(conversation)


@bp.get("/events")
@requires(Permission.VIEW)
def stream_events() -> Response:
    topic = conversations.workspace_topic(current_workspace().id)
    db.session.remove()
    return Response(
        stream_changes(topic),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@bp.get("/waiting")
@requires(Permission.VIEW)
def count_waiting() -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for(".index", view=View.WAITING), 303)
    return render_page("admin/conversations/_waiting_badge.html")


@bp.get("/shortcuts")
@requires(Permission.VIEW)
def show_shortcuts() -> str:
    return render_page("admin/conversations/shortcuts.html", fragment="shortcuts_dialog")


@dataclass(frozen=True)
class _Choice:
    """Which part of the inbox somebody looks at."""

    view: View
    search: str
    before: str | None
    shown: int

    @property
    def address(self) -> dict[str, str]:
        """What an address needs to come back to it."""
        return {"view": self.view.value} | ({"search": self.search} if self.search else {})


def _choice() -> _Choice:
    asked = request.args.get("view")
    return _Choice(
        view=inboxes.view_named(asked) if asked else View.WAITING if _count_waiting() else View.ALL,
        search=request.args.get("search", "").strip()[:100],
        before=request.args.get("before"),
        # At least a page: a short list that refreshes itself has to be able to grow.
        shown=max(inboxes.PAGE, request.args.get("shown", 0, type=int)),
    )


def list_beside() -> dict[str, Any]:
    """The list, for a whole page that shows a conversation."""
    return _list(_choice())


def _list(choice: _Choice) -> dict[str, Any]:
    page = inboxes.page(
        current_workspace(),
        choice.view,
        reader=current_teammate(),
        search=choice.search,
        before=choice.before,
        limit=inboxes.PAGE if choice.before else choice.shown,
    )
    shown = len(page.rows) + (choice.shown if choice.before else 0)
    return {
        "choice": choice,
        "page": page,
        "shown": shown,
        "counts": inboxes.counts(current_workspace()),
        "reader": current_teammate(),
        "words": words,
        "mails_leave": mails.mails_leave_the_server(),
    }


def _count_waiting() -> int:
    return inboxes.waiting_count(current_workspace())
