"""Pictures for the look: choose one, cut out the part to show, and use it."""

import uuid

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from core import agents, looks, pictures, widget_configs
from core.clock import utc_now
from core.errors import Invalid
from core.images import Crop
from core.permissions import Permission
from models.agents import Agent
from models.files import Picture
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import go_to, is_partial, render_page

_PAGE = "admin/customizer/picture.html"


@bp.get("/<uuid:agent_id>/customizer/pictures/<any(avatar, logo, image):use>")
@requires(Permission.EDIT_AGENTS)
def choose_picture(agent_id: uuid.UUID, use: str) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page(_PAGE, fragment="picture_dialog", **_values(agent, use))


@bp.post("/<uuid:agent_id>/customizer/pictures/<any(avatar, logo, image):use>")
@limiter.limit("30 per 10 minutes", key_func=lambda: str(current_teammate().id))
@requires(Permission.EDIT_AGENTS)
def create_picture(agent_id: uuid.UUID, use: str) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    try:
        picture = pictures.add(agent, _sent(), use=use, crop=_crop(), by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        return _refused(agent, use, refusal.message)
    if is_partial():
        # The form of the look takes it over, as any other change, so that it can be undone.
        return render_page(_PAGE, fragment="picture_field", **_values(agent, use), picture=picture)
    _use(agent, use, picture)
    return go_to(url_for(".show", agent_id=agent.id))


def _refused(agent: Agent, use: str, problem: str) -> Response:
    """Say what is wrong beside the picture that was chosen; that stays chosen."""
    response = make_response(render_page(_PAGE, fragment="picture_problem", **_values(agent, use, problem)), 422)
    response.headers.update({"HX-Retarget": "#picture-problem", "HX-Reswap": "innerHTML"})
    return response


def _values(agent: Agent, use: str, problem: str = "") -> dict[str, object]:
    shape = pictures.USES[use]
    return {
        "agent": agent,
        "use": use,
        "shape": shape,
        "problem": problem,
        "most_bytes": pictures.MOST_BYTES,
        "address": url_for("customizer.create_picture", agent_id=agent.id, use=use),
    }


def _sent() -> bytes:
    sent = request.files.get("picture")
    if sent is None:
        return b""
    # What is large lies in a file of its own until it is closed.
    with sent.stream:
        content: bytes = sent.read()
    return content


def _crop() -> Crop | None:
    """The part that was chosen, in pixels of the picture; None for what the server chooses."""
    sides = [request.form.get(name, type=int) for name in ("left", "top", "width", "height")]
    left, top, width, height = sides
    if left is None or top is None or width is None or height is None:
        return None
    return Crop(left, top, width, height)


def _use(agent: Agent, use: str, picture: Picture) -> None:
    draft, config = widget_configs.draft(agent), widget_configs.drafted(agent)
    part = "launcher" if use == "image" else "brand"
    chosen: dict[str, str] = {use: str(picture.id)} | ({"fill": "image"} if use == "image" else {})
    changed, problems = looks.check(agent, {part: chosen}, base=config)
    if problems:
        raise Invalid(" ".join(problems.values()))
    widget_configs.save_draft(agent, changed, revision=draft.revision, by=current_teammate(), now=utc_now())
