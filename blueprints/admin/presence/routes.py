"""Whether a teammate takes conversations now, and when they do at all."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.presence.forms import DAY_NAMES, AvailabilityForm
from core import availabilities, routing, widget_configs
from core.availabilities import Whereabouts
from core.clock import utc_now
from core.permissions import Permission
from models.inbox import Presence
from models.teammates import Teammate
from web.access import current_teammate, requires
from web.fragments import render_page, show_change, show_problem

bp = Blueprint("presence", __name__, url_prefix="/admin/account/availability")

_TEMPLATE = "admin/presence/index.html"


@bp.app_context_processor
def _for_the_menu() -> dict[str, Any]:
    return {"my_whereabouts": _my_whereabouts}


@bp.get("/")
@requires(Permission.ANSWER)
def show() -> str:
    return render_page(_TEMPLATE, **page_of(current_teammate()))


@bp.post("/")
@requires(Permission.ANSWER)
def change() -> ResponseReturnValue:
    form = AvailabilityForm()
    if not form.validate():
        return show_problem(_TEMPLATE, **page_of(current_teammate(), form=form))
    keep(current_teammate(), form)
    flash("Saved.", "success")
    return show_change(_TEMPLATE, fragment="page", otherwise=url_for(".show"), **page_of(current_teammate()))


@bp.post("/presence")
@requires(Permission.ANSWER)
def change_presence() -> ResponseReturnValue:
    """With a choice, it holds from now on; without one, an open page says that somebody is there."""
    teammate, now = current_teammate(), utc_now()
    chosen = request.form.get("presence")
    if chosen in list(Presence):
        availabilities.set_presence(teammate, Presence(chosen), now=now)
        routing.look_again(teammate.workspace_id, now=now)
    else:
        routing.note_active(teammate, now=now)
    return show_change("admin/presence/_presence.html", fragment="presence", otherwise=url_for(".show"))


def keep(teammate: Teammate, form: AvailabilityForm) -> None:
    """Store what was written of when somebody takes conversations."""
    now = utc_now()
    availabilities.change(
        teammate,
        own_hours=form.hours,
        languages=form.languages.data or [],
        capacity=form.capacity.data,
        by=current_teammate(),
        now=now,
    )
    routing.look_again(teammate.workspace_id, now=now)


def page_of(teammate: Teammate, *, form: AvailabilityForm | None = None) -> dict[str, Any]:
    """What the form of when somebody takes conversations needs."""
    return {
        "teammate": teammate,
        "form": form or AvailabilityForm.of(availabilities.of(teammate)),
        "day_names": DAY_NAMES,
        "zones": sorted(zone for zone in widget_configs.time_zones() if "/" in zone or zone == "UTC"),
    }


def _my_whereabouts() -> str:
    found = availabilities.whereabouts(availabilities.of(current_teammate()), now=utc_now())
    # Whoever sees this has a page open.
    return Whereabouts.THERE if found is Whereabouts.GONE else found
