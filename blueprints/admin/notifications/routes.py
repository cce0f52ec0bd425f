"""The bell of a teammate, the list behind it, and how it reaches them."""

import uuid
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.notifications import words
from blueprints.admin.notifications.events import stream_bell
from blueprints.admin.notifications.forms import ChoicesForm
from core import notifications, push_subscriptions
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from gateways.push import Address
from models import db
from web.access import current_teammate, public, requires
from web.assets import asset_text
from web.browsers import browser_in_words
from web.fragments import go_to, is_partial, render_page, show_change, show_problem
from web.notifications import push_trial

bp = Blueprint("notifications", __name__, url_prefix="/admin")

_INDEX = "admin/notifications/index.html"
_SETTINGS = "admin/notifications/settings.html"


@bp.app_context_processor
def _for_the_bell() -> dict[str, Any]:
    return {"count_unseen_notifications": lambda: notifications.unseen(current_teammate().id)}


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The script that shows what is pushed; it stands here, because a script works below its own address only."""
    response = Response(asset_text("sw.js"), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/notifications/")
@requires(Permission.VIEW)
def index() -> str:
    return render_page(_INDEX, fragment="notification_list", **_list())


@bp.post("/notifications/seen")
@requires(Permission.VIEW)
def see() -> ResponseReturnValue:
    """Take from the bell what was told of the conversation that is named, else all."""
    named = request.form.get("conversation_id", type=uuid.UUID)
    if named is not None:
        notifications.see(named, current_teammate(), now=utc_now())
    elif "conversation_id" in request.form:
        raise Invalid("This is no conversation.")
    else:
        notifications.see_all(current_teammate(), now=utc_now())
    return show_change(_INDEX, fragment="notification_list", otherwise=url_for(".index"), **_list())


@bp.get("/notifications/events")
@requires(Permission.VIEW)
def stream_events() -> Response:
    teammate_id = current_teammate().id
    db.session.remove()
    return Response(
        stream_with_context(stream_bell(teammate_id)),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@bp.get("/notifications/settings")
@requires(Permission.VIEW)
def show_settings() -> str:
    return render_page(_SETTINGS, **_settings())


@bp.post("/notifications/settings")
@requires(Permission.VIEW)
def change_settings() -> ResponseReturnValue:
    form = ChoicesForm()
    if not form.validate():
        return show_problem(_SETTINGS, fragment="choices", **_settings(form=form))
    try:
        notifications.change(current_teammate(), form.choices, now=utc_now())
    except Invalid as refusal:
        form.time_zone.errors = [refusal.message]
        return show_problem(_SETTINGS, fragment="choices", **_settings(form=form))
    if not is_partial():
        flash("Saved.", "success")
    return show_change(_SETTINGS, fragment="choices", otherwise=url_for(".show_settings"), **_settings(is_saved=True))


@bp.post("/notifications/browsers")
@requires(Permission.VIEW)
def add_browser() -> ResponseReturnValue:
    """Take the subscription that the page's script has got from the browser."""
    names = ("endpoint", "p256dh", "auth")
    made = push_subscriptions.add(
        current_teammate(),
        Address(**{name: request.form.get(name, "") for name in names}),
        browser=browser_in_words(request.headers.get("User-Agent", "")),
        allow_private=current_app.config["PORCHLIGHT"].allow_private_addresses,
        now=utc_now(),
    )
    return jsonify(id=str(made.id)), 201


@bp.post("/notifications/browsers/<uuid:subscription_id>/removal")
@requires(Permission.VIEW)
def remove_browser(subscription_id: uuid.UUID) -> ResponseReturnValue:
    push_subscriptions.remove(current_teammate(), subscription_id)
    flash("This browser gets no notifications any more.", "success")
    return go_to(url_for(".show_settings"))


@bp.post("/notifications/trial")
@requires(Permission.VIEW)
def send_trial() -> ResponseReturnValue:
    sent = push_trial(current_teammate())
    if sent:
        flash(f"A notification is on its way to {sent} of your browsers.", "success")
    else:
        flash("No browser took it. Switch notifications on in this browser first.", "danger")
    return go_to(url_for(".show_settings"))


def _list() -> dict[str, Any]:
    return {"found": notifications.latest(current_teammate()), "words": words}


def _settings(**changes: Any) -> dict[str, Any]:
    me = current_teammate()
    return {
        "form": ChoicesForm.of(notifications.of(me.id)),
        "browsers": push_subscriptions.of(me),
        "public_key": push_subscriptions.public_key(),
        "is_saved": False,
        "words": words,
    } | changes
