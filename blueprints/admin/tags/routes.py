"""Settings → Tags: the words that the team sorts its conversations by."""

import uuid

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.tags.forms import TagForm
from core import tags
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("tags", __name__, url_prefix="/admin/settings/tags")

_INDEX = "admin/tags/index.html"
_EDIT = "admin/tags/edit.html"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    workspace = current_workspace()
    return render_page(_INDEX, fragment="tag_list", tags=tags.listed(workspace), uses=tags.uses(workspace))


@bp.get("/new")
@requires(Permission.ANSWER)
def new() -> str:
    return render_page(_EDIT, fragment="tag_form", form=TagForm(formdata=None), tag=None)


@bp.post("/")
@requires(Permission.ANSWER)
def create() -> ResponseReturnValue:
    form = TagForm()
    if form.validate():
        with RefusalsAt(form.name):
            tags.create(current_workspace(), **form.typed(), by=current_teammate(), now=utc_now())
            flash("The tag is there.", "success")
            return go_to(url_for(".index"))
    return show_problem(_EDIT, fragment="tag_form", form=form, tag=None)


@bp.get("/<uuid:tag_id>")
@requires(Permission.ANSWER)
def edit(tag_id: uuid.UUID) -> str:
    tag = tags.find(current_workspace(), tag_id)
    return render_page(_EDIT, fragment="tag_form", form=TagForm(formdata=None, obj=tag), tag=tag)


@bp.post("/<uuid:tag_id>")
@requires(Permission.ANSWER)
def change(tag_id: uuid.UUID) -> ResponseReturnValue:
    tag = tags.find(current_workspace(), tag_id)
    form = TagForm()
    if form.validate():
        with RefusalsAt(form.name):
            tags.change(tag, **form.typed(), by=current_teammate(), now=utc_now())
            flash("The tag is saved.", "success")
            return go_to(url_for(".index"))
    return show_problem(_EDIT, fragment="tag_form", form=form, tag=tag)


@bp.post("/<uuid:tag_id>/deletion")
@requires(Permission.ANSWER)
def delete(tag_id: uuid.UUID) -> ResponseReturnValue:
    tag = tags.find(current_workspace(), tag_id)
    tags.delete(tag, by=current_teammate(), now=utc_now())
    flash(f"“{tag.name}” is deleted.", "success")
    return go_to(url_for(".index"))
