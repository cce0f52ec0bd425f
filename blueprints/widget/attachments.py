"""Files and pictures of the chat: handed in before the message that brings them, and fetched by their conversation.

They are fetched with the session's token in its header and shown as `blob:` addresses. An address that opened a file by
itself would stand in histories and logs, and would go on opening it after the session has ended (docs/security.md).
"""

import uuid

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import FILES_PER_ADDRESS, PER_ADDRESS, PER_SESSION, admit, check_not_blocked, within
from blueprints.widget.requests import agent_of, conversation_of, current_session
from core import attachments, pre_chat, widget_configs
from core.clock import utc_now
from core.errors import Conflict
from core.protection_settings import Action
from models import db
from web.access import public
from web.extensions import csrf
from web.uploads import answer_with, expect_files, sent_file

bp = Blueprint("widget_attachments", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)


@bp.post("/attachments")
@within(session=PER_SESSION, address=FILES_PER_ADDRESS)
@public
def create_attachment() -> ResponseReturnValue:
    session = current_session(by_link=True)
    # Nothing of the body is read before it is known who sends it, and that they may.
    admit(session, Action.FILES)
    config, _version = widget_configs.published(agent_of(session))
    if not config.features.get("attachments", True):
        raise Conflict("Files cannot be sent here.", code="files_off")
    conversation = conversation_of(session)
    pre_chat.check_ready(conversation)
    # A slow line must not hold a read of the database open.
    db.session.commit()
    expect_files(1)
    name, content = sent_file("file")
    row = attachments.add(conversation, name=name, content=content, by=None, now=utc_now())
    return jsonify(attachments.as_json(row)), 201


@bp.get("/attachments/<uuid:attachment_id>")
@within(address=PER_ADDRESS)
@public
def show_attachment(attachment_id: uuid.UUID) -> Response:
    session = current_session(by_link=True)
    check_not_blocked(session)
    found = attachments.find(conversation_of(session), attachment_id, by_customer=True)
    db.session.commit()
    return answer_with(found)
