"""Why this answer: what was found, asked, called and paid for one reply of the agent."""

import uuid

from blueprints.admin.conversations import words
from blueprints.admin.conversations.routes import bp
from core import conversations, traces
from core.permissions import Permission
from web.access import current_workspace, requires
from web.fragments import render_page


@bp.get("/<uuid:conversation_id>/messages/<uuid:message_id>/why")
@requires(Permission.VIEW)
def show_why(conversation_id: uuid.UUID, message_id: uuid.UUID) -> str:
    conversation = conversations.find(current_workspace(), conversation_id)
    trace = traces.find(conversation, message_id)
    return render_page(
        "admin/conversations/why.html",
        fragment="why_dialog",
        opened=conversation,
        trace=trace,
        words=words,
        titles=traces.titles(trace),
    )
