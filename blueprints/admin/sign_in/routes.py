"""Customer sign-in: the three modes, who may chat, and the code for the site."""

from typing import Any

from flask import abort, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.sign_in import words
from blueprints.admin.sign_in.blueprint import bp
from blueprints.admin.sign_in.forms import RequirementForm
from core import agents, identity_keys, sessions, sign_in_modes
from core.clock import utc_now
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import go_to, render_page, render_question
from web.origins import own_origin


@bp.get("")
@requires(Permission.MANAGE_SECURITY)
def show() -> ResponseReturnValue:
    return render_page("admin/sign_in/show.html", **overview())


@bp.post("/requirement")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def change_requirement() -> ResponseReturnValue:
    is_on = bool(RequirementForm().is_on.data)
    identity_keys.set_required(current_workspace(), is_on, by=current_teammate(), now=utc_now())
    flash("Only verified customers may chat now." if is_on else "Everybody may chat now.", "success")
    return go_to(url_for(".show"))


@bp.get("/sign-out")
@requires(Permission.MANAGE_SECURITY)
def confirm_sign_out() -> ResponseReturnValue:
    return render_question("Sign everyone out", "admin/sign_in/_sign_out.html")


@bp.post("/sign-out")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def sign_everyone_out() -> ResponseReturnValue:
    ended = sessions.end_all(current_workspace(), by=current_teammate(), now=utc_now())
    browsers = "1 browser was" if ended == 1 else f"{ended:,} browsers were"
    flash(f"Everyone is signed out: {browsers} chatting or could have come back.", "success")
    return go_to(url_for(".show"))


@bp.get("/code")
@bp.get("/code/<place>")
@requires(Permission.MANAGE_SECURITY)
def show_code(place: str = "flask") -> ResponseReturnValue:
    chosen = next((known for known in words.PLACES if known.name == place), None)
    if chosen is None:
        abort(404)
    return render_page(
        "admin/sign_in/code.html",
        fragment="code",
        place=chosen,
        places=words.PLACES,
        server_code=words.code(chosen.server_file),
        page_code=words.code(chosen.page_file),
        sign_out_code=words.code("sign-out.txt"),
        identified_code=words.code("identified.txt"),
        loader=_loader(),
        keys=words.keys(current_workspace()),
    )


def overview(**changes: Any) -> dict[str, Any]:
    """What the first page shows."""
    workspace = current_workspace()
    return {
        "modes": sign_in_modes.listed(workspace, now=utc_now()),
        "keys": words.keys(workspace),
        "retired": [words.key_in_words(row) for row in identity_keys.retired(workspace)[:5]],
        "is_required": workspace.requires_verified,
        "most_live": identity_keys.MOST_LIVE,
        "checked": None,
        "problem": "",
    } | changes


def _loader() -> str:
    known: list[Agent] = list(agents.listed(current_workspace()))
    public_id = known[0].public_id if known else "YOUR-AGENT"
    return f'<script async src="{own_origin()}/widget/{public_id}.js"></script>'
