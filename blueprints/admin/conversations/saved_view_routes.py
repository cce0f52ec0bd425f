"""Saved views of the inbox."""

import uuid

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.forms import SavedViewForm
from blueprints.admin.conversations.routes import bp
from core import inboxes
from core.clock import utc_now
from core.inboxes import Filters, saved_views
from core.permissions import Permission
from models.inbox import SavedView
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, show_problem

_PAGE = "admin/conversations/saved_views.html"


@bp.get("/views")
@requires(Permission.VIEW)
def list_saved_views() -> str:
    return render_page(_PAGE, views=_views())


@bp.post("/views")
@requires(Permission.VIEW)
def create_saved_view() -> ResponseReturnValue:
    form = SavedViewForm()
    if not form.validate():
        return show_problem(_PAGE, views=_views(), problem=form.problem)
    saved = saved_views.add(
        current_workspace(),
        form.name.data,
        inboxes.view_named(request.form.get("view", "all")),
        Filters.read(request.form),
        is_shared=form.is_shared.data,
        by=current_teammate(),
        now=utc_now(),
    )
    return go_to(url_for(".index", saved=saved.id))


@bp.post("/views/<uuid:view_id>")
@requires(Permission.VIEW)
def change_saved_view(view_id: uuid.UUID) -> ResponseReturnValue:
    saved, form = _find(view_id), SavedViewForm()
    if not form.validate():
        return show_problem(_PAGE, views=_views(), problem=form.problem)
    saved_views.change(saved, name=form.name.data, is_shared=form.is_shared.data, by=current_teammate(), now=utc_now())
    flash(f"Saved “{saved.name}”.", "success")
    return go_to(url_for(".list_saved_views"))


@bp.post("/views/<uuid:view_id>/removal")
@requires(Permission.VIEW)
def remove_saved_view(view_id: uuid.UUID) -> ResponseReturnValue:
    saved = _find(view_id)
    saved_views.remove(saved, by=current_teammate(), now=utc_now())
    flash(f"Removed “{saved.name}”. The conversations in it stay.", "success")
    return go_to(url_for(".list_saved_views"))


def _find(view_id: uuid.UUID) -> SavedView:
    return saved_views.find(current_workspace(), view_id, current_teammate())


def _views() -> list[tuple[SavedView, bool]]:
    """Each view with whether this teammate may change it."""
    listed = saved_views.listed(current_workspace(), current_teammate())
    return [(view, saved_views.may_change(view, current_teammate())) for view in listed]
