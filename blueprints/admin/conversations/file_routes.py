"""The files of conversations, for teammates who may read them."""

import uuid

from flask import Response

from blueprints.admin.conversations.routes import bp
from core import attachments, conversations
from core.permissions import Permission
from models import db
from web.access import current_workspace, is_allowed, requires
from web.uploads import answer_with, expect_files


@bp.url_value_preprocessor
def expect_files_of_a_reply(endpoint: str | None, _values: object) -> None:
    """Let a reply be as large as its files; before its form is read, and only from who may answer."""
    if endpoint == "conversations.create_message" and is_allowed(Permission.ANSWER):
        expect_files(attachments.MOST_OF_A_MESSAGE)


@bp.get("/<uuid:conversation_id>/attachments/<uuid:attachment_id>")
@requires(Permission.VIEW)
def show_attachment(conversation_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
    conversation = conversations.find(current_workspace(), conversation_id)
    found = attachments.find(conversation, attachment_id)
    # A slow file store must not hold a read of the database open.
    db.session.commit()
    return answer_with(found)
