"""Settings → Rooms."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.rooms.forms import NewRoomForm, RoomForm
from core import rooms
from core.clock import utc_now
from core.permissions import Permission
from core.rooms import Told
from gateways.rooms import SERVICES
from models.notifications import NotificationChannel
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("rooms", __name__, url_prefix="/admin/settings/rooms")

_TEMPLATE = "admin/rooms/index.html"


@bp.get("/")
@requires(Permission.MANAGE_SECURITY)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/")
@requires(Permission.MANAGE_SECURITY)
def create() -> ResponseReturnValue:
    form = NewRoomForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="new_room", **_page(new_form=form))
    room = rooms.add(
        current_workspace(),
        name=form.name.data,
        address=form.address.data,
        told=form.told,
        by=current_teammate(),
        now=utc_now(),
    )
    flash(f"{room.name} is told from now on.", "success")
    return go_to(url_for(".index"))


@bp.post("/<uuid:room_id>")
@requires(Permission.MANAGE_SECURITY)
def change(room_id: uuid.UUID) -> ResponseReturnValue:
    room = rooms.find(current_workspace(), room_id)
    form = RoomForm(prefix=_prefix(room))
    if not form.validate():
        return show_problem(_TEMPLATE, **_page(wrong=(room.id, form)))
    rooms.change(room, name=form.name.data, told=form.told, is_on=form.is_on.data, by=current_teammate(), now=utc_now())
    flash(f"{room.name} is saved.", "success")
    return go_to(url_for(".index"))


@bp.post("/<uuid:room_id>/trial")
@requires(Permission.MANAGE_SECURITY)
def send_trial(room_id: uuid.UUID) -> ResponseReturnValue:
    room = rooms.find(current_workspace(), room_id)
    name = room.name
    problem = rooms.write(room, title="Porchlight", body="This room is told when somebody needs you.", now=utc_now())
    if problem:
        flash(f"{name} could not be told. {problem}", "danger")
    else:
        flash(f"{name} has got a message to try.", "success")
    return go_to(url_for(".index"))


@bp.post("/<uuid:room_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def remove(room_id: uuid.UUID) -> ResponseReturnValue:
    room = rooms.find(current_workspace(), room_id)
    rooms.remove(room, by=current_teammate(), now=utc_now())
    flash(f"{room.name} is told nothing any more.", "success")
    return go_to(url_for(".index"))


def _page(wrong: tuple[uuid.UUID, RoomForm] | None = None, **changes: Any) -> dict[str, Any]:
    found = rooms.of(current_workspace())
    forms = {room.id: _form_of(room) for room in found} | (dict([wrong]) if wrong else {})
    ticked = {Told.WAITING.value: True, Told.LATE.value: True, "is_on": True}
    new_form = NewRoomForm(formdata=None, data=ticked)
    return {"rooms": found, "forms": forms, "new_form": new_form, "services": SERVICES} | changes


def _form_of(room: NotificationChannel) -> RoomForm:
    told = {kind.value: kind.value in room.kinds for kind in Told}
    return RoomForm(formdata=None, prefix=_prefix(room), data=told | {"name": room.name, "is_on": room.is_on})


def _prefix(room: NotificationChannel) -> str:
    return f"room-{room.id.hex}"
