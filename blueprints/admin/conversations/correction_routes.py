"""Correct this answer: teach the agent, beside the reply that was wrong."""

import uuid

from flask import make_response, request
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import words
from blueprints.admin.conversations.forms import CorrectionForm
from blueprints.admin.conversations.panels import changed
from blueprints.admin.conversations.routes import bp
from core import conversations, corrections, knowledge, rich_text
from core.clock import utc_now
from core.corrections import Answered
from core.errors import Conflict, Invalid
from core.permissions import Permission
from models.conversations import Conversation
from web.access import current_teammate, current_workspace, requires
from web.fragments import render_page, show_problem

_TEMPLATE = "admin/conversations/correction.html"


@bp.get("/<uuid:conversation_id>/messages/<uuid:message_id>/correction")
@requires(Permission.EDIT_KNOWLEDGE)
def show_correction(conversation_id: uuid.UUID, message_id: uuid.UUID) -> str:
    conversation = conversations.find(current_workspace(), conversation_id)
    answered = corrections.find(conversation, message_id)
    form = CorrectionForm(formdata=None, question=answered.question)
    return render_page(_TEMPLATE, fragment="correction_dialog", **_page(conversation, answered, form))


@bp.post("/<uuid:conversation_id>/messages/<uuid:message_id>/correction")
@requires(Permission.EDIT_KNOWLEDGE)
def create_correction(conversation_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    answered = corrections.find(conversation, message_id)
    form = CorrectionForm()
    if not form.validate():
        return _problem(conversation, answered, form)
    try:
        _teach(answered, form)
    except (Invalid, Conflict) as refusal:
        form.answer.errors = [refusal.message]
        return _problem(conversation, answered, form)
    return changed(conversation)


def _teach(answered: Answered, form: CorrectionForm) -> None:
    by, now = current_teammate(), utc_now()
    entry_id = request.form.get("entry", type=uuid.UUID)
    if entry_id is not None:
        corrections.point_to(answered, knowledge.find(current_workspace(), answered.agent, entry_id), by=by, now=now)
        return
    question, answer = form.question.data or "", form.answer.data or ""
    corrections.teach_answer(answered, question=question, answer=answer, by=by, now=now)


def _page(conversation: Conversation, answered: Answered, form: CorrectionForm) -> dict[str, object]:
    return {
        "opened": conversation,
        "answered": answered,
        "better": corrections.better_entries(answered),
        "plain": rich_text.to_text,
        "chosen": request.form.get("entry", ""),
        "form": form,
        "words": words,
    }


def _problem(conversation: Conversation, answered: Answered, form: CorrectionForm) -> ResponseReturnValue:
    shown = show_problem(_TEMPLATE, fragment="correction_form", **_page(conversation, answered, form))
    response = make_response(shown)
    # The form aims at the thread behind the dialog.
    response.headers["HX-Retarget"] = "#correction-body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
