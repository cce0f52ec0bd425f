"""Settings → Who answers."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.presence.forms import AvailabilityForm
from blueprints.admin.presence.routes import keep, page_of
from blueprints.admin.routing import words
from blueprints.admin.routing.forms import EXPLAINED, RoutingForm
from core import availabilities, routing, teammates
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission, may
from models.teammates import Teammate
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("routing", __name__, url_prefix="/admin/settings/routing")

_TEMPLATE = "admin/routing/index.html"
_TEAMMATE = "admin/routing/teammate.html"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    return render_page(_TEMPLATE, fragment="people", **_page())


@bp.post("/")
@requires(Permission.MANAGE_TEAM)
def change() -> ResponseReturnValue:
    form = RoutingForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="rules", **_page(form=form))
    routing.change(current_workspace(), form.rules, by=current_teammate(), now=utc_now())
    if not is_partial():
        flash("Saved.", "success")
    return show_change(_TEMPLATE, fragment="rules", otherwise=url_for(".index"), **_page(is_saved=True))


@bp.get("/<uuid:teammate_id>")
@requires(Permission.MANAGE_TEAM)
def edit(teammate_id: uuid.UUID) -> str:
    return render_page(_TEAMMATE, **page_of(_find(teammate_id)))


@bp.post("/<uuid:teammate_id>")
@requires(Permission.MANAGE_TEAM)
def change_teammate(teammate_id: uuid.UUID) -> ResponseReturnValue:
    teammate = _find(teammate_id)
    form = AvailabilityForm()
    if not form.validate():
        return show_problem(_TEAMMATE, **page_of(teammate, form=form))
    keep(teammate, form)
    flash(f"Saved for {teammate.name}.", "success")
    return show_change(_TEMPLATE, fragment="people", otherwise=url_for(".index"), **_page())


def _find(teammate_id: uuid.UUID) -> Teammate:
    teammate = teammates.find(current_workspace(), teammate_id)
    if not may(teammate.role, Permission.ANSWER):
        raise NotFound(f"{teammate.name} may not answer customers.")
    return teammate


def _page(**changes: Any) -> dict[str, Any]:
    now, workspace = utc_now(), current_workspace()
    people = availabilities.attendances(workspace.id)
    return {
        "form": RoutingForm.of(routing.of(workspace.id)),
        "explained": EXPLAINED,
        "is_saved": False,
        "people": sorted(people, key=lambda one: (not one.is_there(now), one.teammate.name.casefold())),
        "loads": routing.loads(workspace.id, now=now),
        "me": current_teammate(),
        "now": now,
        "words": words,
    } | changes
