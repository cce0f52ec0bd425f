"""Joining a workspace by a link."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.auth.forms import InvitationForm
from blueprints.auth.routes import bp
from core import invitations, roles
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound
from core.second_factors import Method
from models.teammates import Invitation
from web import attempts
from web.access import public
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem
from web.sign_ins import sign_in_here


@bp.get("/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    try:
        found = invitations.find(token, now=utc_now())
    except NotFound as refusal:
        return _gone(refusal)
    return render_page("auth/invitation.html", form=InvitationForm(), **_shown(found))


@bp.post("/invitations/<token>")
@limiter.limit("10 per minute", key_func=attempts.network)
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    form = InvitationForm()
    try:
        found = invitations.find(token, now=utc_now())
        if not form.validate():
            return show_problem("auth/invitation.html", form=form, **_shown(found))
        teammate = invitations.accept(found, name=form.name.data, password=form.password.data, now=utc_now())
    except NotFound as refusal:
        return _gone(refusal)
    except Invalid as refusal:
        form.password.errors = [refusal.message]
        return show_problem("auth/invitation.html", form=form, **_shown(found))
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return show_problem("auth/invitation.html", form=form, **_shown(found))
    sign_in_here(teammate, method=Method.INVITATION)
    flash(f"Welcome to {found.workspace.name}.", "success")
    return go_to(url_for("agents.index"))


def _shown(found: Invitation) -> dict[str, Any]:
    return {"invitation": found, "role": found.role.value, "role_words": roles.WORDS[found.role]}


def _gone(refusal: NotFound) -> ResponseReturnValue:
    return render_page("auth/link_gone.html", message=refusal.message, is_reset=False), 404
