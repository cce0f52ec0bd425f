"""Finding out why a token is refused, and whether sign-in works."""

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from blueprints.admin.sign_in import words
from blueprints.admin.sign_in.blueprint import bp
from blueprints.admin.sign_in.forms import TokenForm, TrialForm
from core import agents, identity_keys, signing
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from core.signing import Kind
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import render_page, show_problem

# Enough for somebody who mends their code, too few for somebody who guesses keys.
_looks = limiter.shared_limit("30 per minute", scope="token-check", key_func=lambda: str(current_teammate().id))


@bp.get("/check")
@requires(Permission.MANAGE_SECURITY)
def show_check() -> ResponseReturnValue:
    return render_page("admin/sign_in/check.html", **_page())


@bp.post("/check")
@_looks
@requires(Permission.MANAGE_SECURITY)
def check_token() -> ResponseReturnValue:
    form = TokenForm()
    if not form.validate():
        return show_problem("admin/sign_in/check.html", fragment="examined", **_page(form=form))
    token = form.bare()
    try:
        examined = identity_keys.examine(current_workspace(), token, now=utc_now())
    except Conflict as refusal:
        form.token.errors = [refusal.message]
        return show_problem("admin/sign_in/check.html", fragment="examined", **_page(form=form))
    return render_page("admin/sign_in/check.html", fragment="examined", **_page(form=form, examined=examined))


@bp.post("/keys/<uuid:key_id>/trial")
@_looks
@requires(Permission.MANAGE_SECURITY)
def try_test_customer(key_id: uuid.UUID) -> ResponseReturnValue:
    row = identity_keys.find(current_workspace(), key_id)
    agent = _chosen_agent()
    return _trial(agent, identity_keys.trial_token(row, by=current_teammate(), now=utc_now()))


@bp.post("/trial")
@_looks
@requires(Permission.MANAGE_SECURITY)
def try_pasted_token() -> ResponseReturnValue:
    form = TokenForm()
    agent = _chosen_agent()
    if not form.validate():
        return show_problem("admin/sign_in/check.html", fragment="examined", **_page(form=form))
    return _trial(agent, form.bare())


def _chosen_agent() -> Agent:
    """The agent to chat with.

    Raises:
        Conflict: when there is none yet.
        NotFound: also for somebody else's.
    """
    known = agents.listed(current_workspace())
    if not known:
        raise Conflict("Make an agent first: there is nobody to chat with yet.")
    form = TrialForm()
    form.choose_among(known)
    return agents.find(current_workspace(), uuid.UUID(form.agent.data)) if form.validate() else known[0]


def _trial(agent: Agent, token: str) -> ResponseReturnValue:
    preview = signing.sign(Kind.PREVIEW, {"agent": str(agent.id)})
    return render_page("admin/sign_in/trial.html", fragment="dialog", agent=agent, preview=preview, token=token)


def _page(**changes: Any) -> dict[str, Any]:
    trial = TrialForm(formdata=None)
    trial.choose_among(agents.listed(current_workspace()))
    return {
        "form": TokenForm(formdata=None),
        "trial_form": trial,
        "keys": words.keys(current_workspace()),
        "examined": None,
        "steps": words.STEPS,
        "more_help": words.more_help,
    } | changes
