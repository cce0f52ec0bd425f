"""Would it fire? A trigger of the draft explained for a visitor that somebody thinks of."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from core import agents, business_hours, page_patterns, triggers, widget_configs
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission
from core.triggers import Facts
from core.widget_configs import Hours, Trigger
from web.access import current_workspace, requires
from web.fragments import render_page

_DAY = 24 * 60 * 60
_AGO = {"page": 0.0, "visit": 60.0, "yesterday": 1.0 * _DAY, "week": 7.0 * _DAY}
"""When it has greeted this visitor before, and how many seconds ago that was."""


@bp.get("/<uuid:agent_id>/customizer/triggers/<int(max=99):number>/explanation")
@requires(Permission.VIEW)
def explain_trigger(agent_id: uuid.UUID, number: int) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    config = widget_configs.drafted(agent)
    if not 1 <= number <= len(config.triggers):
        raise NotFound("There is no such trigger in the draft.")
    trigger = config.triggers[number - 1]
    facts = _facts(trigger, config.hours)
    return render_page(
        "admin/customizer/explanation.html",
        fragment="explanation_dialog",
        agent=agent,
        number=number,
        trigger=trigger,
        said=widget_configs.described(trigger),
        facts=facts,
        before=request.args.get("before", "") if request.args.get("before") in _AGO else "",
        explanation=triggers.explain(trigger, facts),
        sample=page_patterns.sample_of(trigger.pages),
    )


def _facts(trigger: Trigger, hours: Hours) -> Facts:
    asked = request.args
    before = asked.get("before", "")
    is_open = business_hours.is_open(hours, utc_now())
    return Facts(
        seconds=_number("seconds"),
        scrolled=_number("scrolled"),
        leaving=asked.get("leaving") == "1",
        idle=_number("idle"),
        events=(trigger.event,) if asked.get("event") == "1" else (),
        context={trigger.value: _number("value")} if asked.get("value", "").strip() else {},
        path=(asked.get("path") or page_patterns.sample_of(trigger.pages))[:200],
        returning=asked.get("returning") == "1",
        page=max(1, round(_number("page"))),
        open={"1": True, "0": False}.get(asked.get("open", ""), is_open),
        ago=_AGO.get(before),
        in_visit=before in ("page", "visit"),
        on_page=before == "page",
        dismissed=asked.get("after") == "dismissed",
        opened=asked.get("after") == "opened",
    )


def _number(name: str) -> float:
    try:
        number = float(request.args.get(name, "0").strip() or "0")
    except ValueError:
        return 0.0
    return number if 0 <= number <= 1e9 else 0.0
