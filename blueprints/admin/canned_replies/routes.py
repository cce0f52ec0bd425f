"""Settings → Canned replies: texts that the team sends again and again."""

import uuid

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.canned_replies.forms import CannedReplyForm
from core import canned_replies
from core.clock import utc_now
from core.permissions import Permission
from models.inbox import CannedReply
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("canned_replies", __name__, url_prefix="/admin/settings/canned-replies")

_INDEX = "admin/canned_replies/index.html"
_EDIT = "admin/canned_replies/edit.html"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    search = request.args.get("search", "").strip()[:100]
    replies = canned_replies.listed(current_workspace(), search=search)
    return render_page(_INDEX, fragment="replies", replies=replies, search=search)


@bp.get("/new")
@requires(Permission.ANSWER)
def new() -> str:
    return render_page(_EDIT, fragment="reply_form", **_page(CannedReplyForm(formdata=None)))


@bp.post("/")
@requires(Permission.ANSWER)
def create() -> ResponseReturnValue:
    form = CannedReplyForm()
    if form.validate():
        with RefusalsAt(form.shortcut):
            canned_replies.add(current_workspace(), **form.typed(), by=current_teammate(), now=utc_now())
            flash("The reply is there. Type / in a conversation to find it.", "success")
            return go_to(url_for(".index"))
    return show_problem(_EDIT, fragment="reply_form", **_page(form))


@bp.get("/<uuid:reply_id>")
@requires(Permission.ANSWER)
def edit(reply_id: uuid.UUID) -> str:
    reply = canned_replies.find(current_workspace(), reply_id)
    return render_page(_EDIT, fragment="reply_form", **_page(CannedReplyForm(formdata=None, obj=reply), reply))


@bp.post("/<uuid:reply_id>")
@requires(Permission.ANSWER)
def change(reply_id: uuid.UUID) -> ResponseReturnValue:
    reply = canned_replies.find(current_workspace(), reply_id)
    form = CannedReplyForm()
    if form.validate():
        with RefusalsAt(form.shortcut):
            canned_replies.change(reply, **form.typed(), by=current_teammate(), now=utc_now())
            flash("The reply is saved.", "success")
            return go_to(url_for(".index"))
    return show_problem(_EDIT, fragment="reply_form", **_page(form, reply))


@bp.post("/<uuid:reply_id>/deletion")
@requires(Permission.ANSWER)
def delete(reply_id: uuid.UUID) -> ResponseReturnValue:
    reply = canned_replies.find(current_workspace(), reply_id)
    canned_replies.remove(reply, by=current_teammate(), now=utc_now())
    flash(f"“{reply.title}” is deleted.", "success")
    return go_to(url_for(".index"))


def _page(form: CannedReplyForm, reply: CannedReply | None = None) -> dict[str, object]:
    return {"form": form, "reply": reply, "variables": canned_replies.VARIABLES}
