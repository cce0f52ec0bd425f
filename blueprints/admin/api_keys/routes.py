"""Keys for the site's own programs: made, shown once, revoked; and a page to try their calls."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.api_keys import words
from blueprints.admin.api_keys.forms import KeyForm
from core import api_keys
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.extensions import limiter
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, render_question, show_problem

bp = Blueprint("api_keys", __name__, url_prefix="/admin/settings/api-keys")
_NEW = "admin/api_keys/new.html"


@bp.get("")
@requires(Permission.MANAGE_SECURITY)
def index() -> ResponseReturnValue:
    return render_page("admin/api_keys/index.html", **_overview())


@bp.get("/new")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def new() -> ResponseReturnValue:
    return render_page(_NEW, form=KeyForm(formdata=None))


@bp.post("")
@limiter.limit("30 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def create() -> ResponseReturnValue:
    form = KeyForm()
    if form.validate():
        with RefusalsAt(form):
            made = api_keys.make(
                current_workspace(),
                name=form.name.data,
                scopes=form.scopes(),
                days=form.good_for(),
                by=current_teammate(),
                now=utc_now(),
            )
            # Not sent on to another page: the key is never shown again, so only this answer can show it.
            return render_page("admin/api_keys/made.html", fragment="made", key=made.row, secret=made.secret), 201
    return show_problem(_NEW, fragment="form", form=form)


@bp.get("/<uuid:key_id>/revocation")
@requires(Permission.MANAGE_SECURITY)
def confirm_revocation(key_id: uuid.UUID) -> ResponseReturnValue:
    key = api_keys.find(current_workspace(), key_id)
    return render_question(f"Revoke {key.name}", "admin/api_keys/_revocation.html", key=key, words=words)


@bp.post("/<uuid:key_id>/revocation")
@requires(Permission.MANAGE_SECURITY)
def revoke(key_id: uuid.UUID) -> ResponseReturnValue:
    key = api_keys.find(current_workspace(), key_id)
    api_keys.revoke(key, by=current_teammate(), now=utc_now())
    flash(f"The key {key.name} is revoked. Nothing comes in with it any more.", "success")
    return go_to(url_for(".index"))


@bp.get("/trial")
@requires(Permission.MANAGE_SECURITY)
def show_trial() -> ResponseReturnValue:
    return render_page("admin/api_keys/trial.html")


def _overview() -> dict[str, Any]:
    now, keys = utc_now(), api_keys.listed(current_workspace())
    live = [key for key in keys if api_keys.is_live(key, now=now)]
    return {"keys": live, "over": [key for key in keys if key not in live], "words": words}
