"""Conversations with customers: the inbox, and answering in the place of the agent."""

import uuid

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.events import stream_changes
from blueprints.admin.conversations.lists import list_beside, read_choice
from blueprints.admin.conversations.panels import changed, panel_of, thread_of
from core import conversations, notifications
from core.clock import utc_now
from core.permissions import Permission
from models import db
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page

bp = Blueprint("conversations", __name__, url_prefix="/admin/conversations")
_SHOW = "admin/conversations/show.html"


@bp.get("/<uuid:conversation_id>")
@requires(Permission.VIEW)
def show(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    here = conversations.continued(conversation)
    # Whoever comes from a mail or a notice wants the customer; in the inbox, what was merged can still be read.
    if here is not conversation and not is_partial() and "merged" not in request.args:
        return redirect(url_for(".show", conversation_id=here.id), 303)
    notifications.see(conversation.id, current_teammate(), now=utc_now())
    beside = {"choice": read_choice()} if is_partial() else list_beside()
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
    conversations.hand_back(conversation, by=current_teammate(), now=utc_now())
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
