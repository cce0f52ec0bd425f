"""Answering a customer in the place of the agent."""

import uuid
from collections.abc import Sequence

from flask import make_response, request
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.forms import ReplyForm
from blueprints.admin.conversations.lists import list_beside
from blueprints.admin.conversations.panels import SHOW, changed, panel_of
from blueprints.admin.conversations.routes import bp
from core import attachments, canned_replies, conversations, notes, reply_drafts
from core.clock import utc_now
from core.errors import Invalid, TooMany, Unavailable
from core.permissions import Permission
from models import transaction
from models.conversations import Conversation
from models.files import Attachment
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, show_problem
from web.uploads import content_of, sent_files

_COMPOSER = "admin/conversations/_composer.html"


@bp.post("/<uuid:conversation_id>/messages")
@requires(Permission.ANSWER)
def create_message(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    form = ReplyForm()
    if not form.validate():
        return _reply_problem(conversation, form)
    try:
        if form.is_note:
            _note(conversation, form)
        else:
            _write(conversation, form)
    except (Invalid, TooMany, Unavailable) as refusal:
        form.text.errors = [*form.text.errors, refusal.message]
        return _reply_problem(conversation, form)
    return changed(conversation)


def _note(conversation: Conversation, form: ReplyForm) -> None:
    teammate, client_id = current_teammate(), form.client_id.data or None
    notes.add(conversation, text=form.text.data, by=teammate, now=utc_now(), client_id=client_id)
    reply_drafts.forget(conversation, teammate)


def _write(conversation: Conversation, form: ReplyForm) -> None:
    """Take the files in first, each of which takes its time; what does not get sent is not kept."""
    taken: list[Attachment] = []
    try:
        files = sent_files("files")
        attachments.check_number(len(files))
        for file in files:
            name, content = file.filename or "", content_of(file)
            taken.append(
                attachments.add(conversation, name=name, content=content, by=current_teammate(), now=utc_now())
            )
        with transaction():
            _store(conversation, form, taken)
    finally:
        attachments.discard_unsent(taken)


def _store(conversation: Conversation, form: ReplyForm, taken: Sequence[Attachment]) -> None:
    conversations.write_as_person(
        conversation,
        current_teammate(),
        text=form.text.data,
        files=[row.id for row in taken],
        client_id=form.client_id.data or None,
        now=utc_now(),
    )
    reply_drafts.forget(conversation, current_teammate())
    began_as = request.form.get("canned_reply", type=uuid.UUID)
    if began_as is not None:
        canned_replies.note_use(current_workspace(), began_as)


def _reply_problem(conversation: Conversation, form: ReplyForm) -> ResponseReturnValue:
    if not is_partial():
        return show_problem(SHOW, **(list_beside() | panel_of(conversation, form)))
    # Only the message is put on the page, so that what was typed stays where it is.
    response = make_response(show_problem(_COMPOSER, fragment="reply_problem", form=form))
    response.headers["HX-Retarget"] = "#reply-problem"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
