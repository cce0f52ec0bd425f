"""The install check: goes to a page of the site and says what keeps the chat from working there."""

import uuid

from flask import current_app
from flask.typing import ResponseReturnValue

from blueprints.admin.deploy.blueprint import bp
from blueprints.admin.deploy.forms import CheckForm
from blueprints.admin.deploy.routes import page_of
from config.settings import Settings
from core import agents, installs
from core.errors import Invalid
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import is_partial, render_page, show_problem


@bp.post("/<uuid:agent_id>/deploy/checks")
@limiter.limit("20 per 10 minutes", key_func=lambda: str(current_teammate().id))
@requires(Permission.EDIT_AGENTS)
def create_check(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = CheckForm()
    template = "admin/deploy/_check.html" if is_partial() else "admin/deploy/show.html"
    if not form.validate():
        return show_problem(template, **page_of(agent, check_form=form))
    settings: Settings = current_app.config["PORCHLIGHT"]
    try:
        findings = installs.check(
            agent,
            form.address.data,
            public_url=settings.public_url,
            allow_private=settings.allow_private_addresses,
        )
    except Invalid as refusal:
        form.address.errors = [refusal.message]
        return show_problem(template, **page_of(agent, check_form=form))
    return render_page(template, **page_of(agent, check_form=form, findings=findings))
