"""Showing what a masked message said: to few, for one look, and noted."""

import uuid

from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import words
from blueprints.admin.conversations.routes import bp
from core import conversations, masked_messages
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import render_page


@bp.post("/<uuid:conversation_id>/messages/<uuid:message_id>/original")
@requires(Permission.ANSWER)
@freshly_confirmed
def reveal_original(conversation_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    message = masked_messages.find(current_workspace(), conversation, message_id)
    original = masked_messages.reveal(message, by=current_teammate(), now=utc_now())
    # Answered at once and kept nowhere: neither the browser's history nor another look shows it again.
    return render_page(
        "admin/conversations/original.html",
        fragment="original_dialog",
        opened=conversation,
        message=message,
        original=original,
        words=words,
    )
