"""What is at hand for who writes: kept drafts, canned replies, a suggestion, and how it will look."""

import uuid

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.forms import DraftForm
from blueprints.admin.conversations.routes import bp
from core import assistance, canned_replies, conversations, reply_drafts
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page
from web.templates import markdown


@bp.post("/<uuid:conversation_id>/draft")
@requires(Permission.ANSWER)
def keep_draft(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    form = DraftForm()
    text, is_note = form.text.data or "", form.mode.data == "note"
    reply_drafts.keep(conversation, current_teammate(), text=text, is_note=is_note, now=utc_now())
    if not is_partial():
        return redirect(url_for(".show", conversation_id=conversation.id), 303)
    return "", 204


@bp.get("/<uuid:conversation_id>/canned-replies")
@requires(Permission.ANSWER)
def list_canned_replies(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    typed = request.args.get("typed", "")[:60]
    if not is_partial():
        return redirect(url_for("canned_replies.index", search=typed or None), 303)
    found = [
        (reply, canned_replies.filled(reply, conversation, current_teammate()))
        for reply in canned_replies.offered(current_workspace(), typed)
    ]
    return render_page("admin/conversations/_canned_replies.html", found=found, typed=typed)


@bp.post("/preview")
@requires(Permission.ANSWER)
def preview_reply() -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for(".index"), 303)
    text = request.form.get("text", "")[: conversations.MESSAGE_LIMIT]
    return render_page("admin/conversations/_preview.html", html=markdown(text) if text.strip() else "")


@bp.post("/<uuid:conversation_id>/suggestion")
@requires(Permission.ANSWER)
def suggest_reply(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    if not is_partial():
        return redirect(url_for(".show", conversation_id=conversation.id), 303)
    suggestion = assistance.suggest(conversation, now=utc_now())
    return render_page("admin/conversations/_suggestion.html", opened=conversation, suggestion=suggestion)
