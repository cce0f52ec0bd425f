"""The settings, by an address that somebody types."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from core.permissions import Permission
from web.access import requires

bp = Blueprint("settings", __name__, url_prefix="/admin/settings")


@bp.get("", strict_slashes=False)
@requires(Permission.VIEW)
def show() -> ResponseReturnValue:
    # As the menu above each page does; everybody may see the team.
    return redirect(url_for("team.index"), 303)
