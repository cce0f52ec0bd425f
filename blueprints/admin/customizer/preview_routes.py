"""The page in the customizer's preview, and whether a page of the website can stand behind the chat there."""

import uuid

from flask import Response, current_app, request, url_for

from blueprints.admin.customizer.blueprint import bp
from config.settings import Settings
from core import agents, installs, signing, websites
from core.domains import DomainValidator
from core.errors import DomainError
from core.permissions import Permission
from core.signing import Kind
from core.widget_words.languages import is_rtl
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import render_page
from web.preview_pages import preview_page

_LONGEST_NUMBER = 9


@bp.get("/<uuid:agent_id>/preview")
@requires(Permission.VIEW)
def show_preview(agent_id: uuid.UUID) -> Response:
    """A page with the draft on it, or with the version that is asked for."""
    agent = agents.find(current_workspace(), agent_id)
    number = request.args.get("version", "")
    content: dict[str, object] = {"agent": str(agent.id)}
    if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        content["version"] = int(number)
    language = request.args.get("language", "")
    language = language if language.isalpha() and len(language) == 2 else "en"
    return preview_page(
        agent,
        signing.sign(Kind.PREVIEW, content),
        ancestors="'self'",
        backdrop=_backdrop(agent, request.args.get("page", "")),
        language=language,
        direction="rtl" if is_rtl(language) else "ltr",
    )


@bp.get("/<uuid:agent_id>/preview/backdrop")
@limiter.limit("30 per 10 minutes", key_func=lambda: str(current_teammate().id))
@requires(Permission.EDIT_AGENTS)
def show_backdrop(agent_id: uuid.UUID) -> str:
    """Whether the website's first page may be framed by us; where not, why."""
    agent = agents.find(current_workspace(), agent_id)
    settings: Settings = current_app.config["PORCHLIGHT"]
    address, why = "", ""
    try:
        page = installs.page_to_frame(
            agent, public_url=settings.public_url, allow_private=settings.allow_private_addresses
        )
        address = url_for(".show_preview", agent_id=agent.id, page=page)
    except DomainError as refusal:
        why = refusal.message
    return render_page("admin/customizer/_backdrop.html", agent=agent, address=address, why=why)


def _backdrop(agent: Agent, page: str) -> str:
    """A page that may stand behind the chat: of the agent's own websites only."""
    own = installs.is_page_of(agent, page) or DomainValidator.validate_referer(page, websites.patterns(agent))
    return page if page and own else ""
