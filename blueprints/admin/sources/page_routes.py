"""One page of a source: its text part by part, what became of each, and what is left out."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.sources.blueprint import bp, find_source
from blueprints.admin.sources.words import STATUSES
from core.clock import utc_now
from core.permissions import Permission
from core.sources import excluding, keeping, looking
from core.sources.rules import WEB
from models.agents import Agent
from models.knowledge import Source, SourcePage
from web.access import current_teammate, requires
from web.fragments import render_page, show_change

_PAGE = "admin/sources/page.html"
_PER_PAGE = 40


@bp.get("/<uuid:source_id>/pages/<uuid:page_id>")
@requires(Permission.VIEW)
def show_page(agent_id: uuid.UUID, source_id: uuid.UUID, page_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    return render_page(_PAGE, fragment="parts", **shown(agent, source, keeping.find_page(source, page_id)))


@bp.post("/<uuid:source_id>/pages/<uuid:page_id>/exclusion")
@requires(Permission.EDIT_KNOWLEDGE)
def leave_out_page(agent_id: uuid.UUID, source_id: uuid.UUID, page_id: uuid.UUID) -> ResponseReturnValue:
    """Leave the whole page out, or take it in again."""
    agent, source = find_source(agent_id, source_id)
    page = keeping.find_page(source, page_id)
    excluding.leave_out_page(page, _is_left_out(), by=current_teammate(), now=utc_now())
    return _changed(agent, source, page)


@bp.post("/<uuid:source_id>/pages/<uuid:page_id>/parts")
@requires(Permission.EDIT_KNOWLEDGE)
def leave_out_part(agent_id: uuid.UUID, source_id: uuid.UUID, page_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a part of the page out, or take it in again."""
    agent, source = find_source(agent_id, source_id)
    page = keeping.find_page(source, page_id)
    key = request.form.get("part", "")[:64]
    excluding.leave_out_part(page, key, _is_left_out(), by=current_teammate(), now=utc_now())
    return _changed(agent, source, page)


def shown(agent: Agent, source: Source, page: SourcePage) -> dict[str, Any]:
    """What there is to see of a page: one page of the list of its parts."""
    parts = looking.shown_parts(page)
    pages = max(1, -(-len(parts) // _PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return {
        "agent": agent,
        "source": source,
        "page": page,
        "is_web": source.kind in WEB,
        "statuses": STATUSES,
        "parts": parts[(number - 1) * _PER_PAGE : number * _PER_PAGE],
        "part_total": len(parts),
        "left_out": sum(part.is_excluded for part in parts),
        "number": number,
        "pages": pages,
    }


def _is_left_out() -> bool:
    return request.form.get("left_out") == "1"


def _changed(agent: Agent, source: Source, page: SourcePage) -> ResponseReturnValue:
    address = url_for(".show_page", agent_id=agent.id, source_id=source.id, page_id=page.id)
    return show_change(_PAGE, fragment="parts", otherwise=address, **shown(agent, source, page))
