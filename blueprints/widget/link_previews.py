"""Previews of the pages that a reply links to; asked for when the reply is seen, so that no reply waits for them."""

import uuid

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import PER_ADDRESS, check_not_blocked, within
from blueprints.widget.requests import conversation_of, current_session
from core import link_previews, widget_configs
from core.errors import NotFound
from web.access import public
from web.extensions import csrf

bp = Blueprint("widget_link_previews", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)

_LOOKS = "30/minute;300/hour"


@bp.get("/messages/<uuid:message_id>/links")
@within(session=_LOOKS, address=PER_ADDRESS)
@public
def show_links(message_id: uuid.UUID) -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    conversation = conversation_of(session)
    message = link_previews.find(conversation, message_id)
    if message is None:
        raise NotFound("There is no such message.")
    config, _version = widget_configs.published(conversation.agent)
    if not config.features.get("link_previews", False):
        return jsonify(links=[])
    allow_private = current_app.config["PORCHLIGHT"].allow_private_addresses
    return jsonify(links=[preview.as_json() for preview in link_previews.of(message, allow_private=allow_private)])
