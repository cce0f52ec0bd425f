"""Notes for the team beside a conversation: worded anew or deleted by who wrote them, and whom an @ can call."""

import uuid

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations import words
from blueprints.admin.conversations.forms import NoteForm
from blueprints.admin.conversations.panels import changed
from blueprints.admin.conversations.routes import bp
from core import conversations, notes
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from models.conversations import Conversation
from models.inbox import Note
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_problem

_TEMPLATE = "admin/conversations/note.html"


@bp.get("/<uuid:conversation_id>/notes/<uuid:note_id>")
@requires(Permission.ANSWER)
def show_note(conversation_id: uuid.UUID, note_id: uuid.UUID) -> str:
    conversation, note = _found(conversation_id, note_id)
    form = NoteForm(formdata=None, text=note.text)
    return render_page(_TEMPLATE, fragment="note_dialog", opened=conversation, note=note, form=form, words=words)


@bp.post("/<uuid:conversation_id>/notes/<uuid:note_id>")
@requires(Permission.ANSWER)
def change_note(conversation_id: uuid.UUID, note_id: uuid.UUID) -> ResponseReturnValue:
    conversation, note = _found(conversation_id, note_id)
    form = NoteForm()
    if not form.validate():
        return _problem(conversation, note, form)
    try:
        notes.change(note, text=form.text.data, by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        form.text.errors = [refusal.message]
        return _problem(conversation, note, form)
    return changed(conversation)


@bp.post("/<uuid:conversation_id>/notes/<uuid:note_id>/deletion")
@requires(Permission.ANSWER)
def delete_note(conversation_id: uuid.UUID, note_id: uuid.UUID) -> ResponseReturnValue:
    conversation, note = _found(conversation_id, note_id)
    notes.remove(note, by=current_teammate())
    return changed(conversation)


@bp.get("/mentions")
@requires(Permission.ANSWER)
def list_mentions() -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for("team.index"), 303)
    people = notes.who_can_be_called(current_workspace(), request.args.get("typed", "")[:120])
    return render_page("admin/conversations/_mentions.html", people=people)


def _found(conversation_id: uuid.UUID, note_id: uuid.UUID) -> tuple[Conversation, Note]:
    conversation = conversations.find(current_workspace(), conversation_id)
    return conversation, notes.find(conversation, note_id)


def _problem(conversation: Conversation, note: Note, form: NoteForm) -> ResponseReturnValue:
    shown = show_problem(_TEMPLATE, fragment="note_form", opened=conversation, note=note, form=form, words=words)
    response = make_response(shown)
    # The form aims at the thread behind the dialog.
    response.headers["HX-Retarget"] = "#note-body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
