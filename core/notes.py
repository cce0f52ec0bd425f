"""What teammates write for each other beside a conversation; customers and models never get to read it."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete, func, select

from core import occurrences, privacy_settings, rich_text
from core.conversations.announcing import tell_workspace
from core.conversations.storing import lock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.occurrences import Kind, Occurrence
from core.texts import required_text
from models import after_commit, db, transaction
from models.conversations import Conversation
from models.inbox import Mention, Note
from models.teammates import Teammate, Workspace

LIMIT = 4_000
"""The most characters of a note."""
MOST = 500
"""The most notes beside one conversation."""
_MOST_OFFERED = 8


def of(conversation: Conversation) -> Sequence[Note]:
    """All notes beside a conversation, the oldest first."""
    return db.session.scalars(
        select(Note).where(Note.conversation_id == conversation.id).order_by(Note.created_at, Note.id)
    ).all()


def find(conversation: Conversation, note_id: uuid.UUID) -> Note:
    """One note beside this conversation.

    Raises:
        NotFound: also for one that stands beside another conversation.
    """
    note = db.session.get(Note, note_id)
    if note is None or note.conversation_id != conversation.id:
        raise NotFound("There is no such note. It may have been deleted.")
    return note


def add(conversation: Conversation, *, text: str, by: Teammate, now: datetime, client_id: str | None = None) -> Note:
    """Write a note below what was said last, once for each client id; it changes nothing about who answers.

    Personal data is masked as the workspace wants it masked in messages.

    Raises:
        Invalid: when the text is empty, too long, or holds what the workspace does not want to have.
        Conflict: when the conversation has as many notes as it can hold.
    """
    stored = _stored(conversation, text)
    with transaction():
        lock(conversation)
        earlier = _written(conversation, client_id)
        if earlier is not None:
            return earlier
        if (_count(conversation) or 0) >= MOST:
            raise Conflict(f"There are {MOST} notes here already. Delete some that nobody needs any more.")
        note = Note(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            teammate=by,
            after_seq=conversation.last_seq,
            client_id=client_id,
            text=stored,
            created_at=now,
        )
        db.session.add(note)
        db.session.flush()
        called = _call(note, by=by, now=now)
        details = {"note_id": str(note.id), "mentioned": [str(number) for number in called]}
        occurrences.tell(Occurrence(Kind.NOTED, conversation, now, by=by, details=details))
        after_commit(lambda: tell_workspace(note.workspace_id, note.conversation_id))
    return note


def change(note: Note, *, text: str, by: Teammate, now: datetime) -> None:
    """Word one's own note anew. Who is called in it by now is noted; whoever was called before is not called again.

    Raises:
        Forbidden: when somebody else has written it.
        Invalid: as `add`.
    """
    _check_own(note, by)
    conversation = db.session.get_one(Conversation, note.conversation_id)
    stored = _stored(conversation, text)
    with transaction():
        lock(conversation)
        if stored == note.text:
            return
        note.text, note.edited_at = stored, now
        called = _call(note, by=by, now=now)
        if called:
            details = {"note_id": str(note.id), "mentioned": [str(number) for number in called]}
            occurrences.tell(Occurrence(Kind.NOTED, conversation, now, by=by, details=details))
        after_commit(lambda: tell_workspace(note.workspace_id, note.conversation_id))


def remove(note: Note, *, by: Teammate) -> None:
    """Delete one's own note.

    Raises:
        Forbidden: when somebody else has written it.
    """
    _check_own(note, by)
    with transaction():
        db.session.delete(note)
        after_commit(lambda: tell_workspace(note.workspace_id, note.conversation_id))


def who_can_be_called(workspace: Workspace, beginning: str) -> Sequence[Teammate]:
    """Teammates whose name, or a word of it, begins like this, for the list behind an @."""
    wanted = beginning.strip().casefold()
    team = _team(workspace.id)
    words = ((teammate, [teammate.name.casefold(), *teammate.name.casefold().split()]) for teammate in team)
    return [one for one, names in words if any(name.startswith(wanted) for name in names)][:_MOST_OFFERED]


def html(note: Note) -> str:
    """A note as it is shown to teammates: safe HTML."""
    return _rendered(note.text)


def _stored(conversation: Conversation, text: str) -> str:
    try:
        stored = privacy_settings.for_storage(
            conversation.workspace_id, required_text(text, name="Your note", limit=LIMIT)
        )
    except privacy_settings.Refused:
        # The sentence of the refusal speaks to customers.
        raise Invalid("Your workspace keeps nothing of this kind. Take out the numbers, then save again.") from None
    return stored.text


def _written(conversation: Conversation, client_id: str | None) -> Note | None:
    if client_id is None:
        return None
    return db.session.scalar(
        select(Note).where(Note.conversation_id == conversation.id, Note.client_id == client_id).limit(1)
    )


def _count(conversation: Conversation) -> int | None:
    return db.session.scalar(select(func.count()).select_from(Note).where(Note.conversation_id == conversation.id))


def _call(note: Note, *, by: Teammate, now: datetime) -> list[uuid.UUID]:
    """Keep whom a note calls.

    Returns:
        who was not called in it before, without its author.
    """
    wanted = {teammate.id for teammate in _called_in(note.text, _team(note.workspace_id)) if teammate.id != by.id}
    known = set(db.session.scalars(select(Mention.teammate_id).where(Mention.note_id == note.id)))
    gone = known - wanted
    if gone:
        db.session.execute(delete(Mention).where(Mention.note_id == note.id, Mention.teammate_id.in_(gone)))
    new = sorted(wanted - known)
    db.session.add_all(
        Mention(note_id=note.id, teammate_id=number, workspace_id=note.workspace_id, created_at=now) for number in new
    )
    return new


def _called_in(text: str, team: Sequence[Teammate]) -> list[Teammate]:
    """Who is called by an @ and their name. The longest name that fits counts: “@Sue Ellen” calls no “Sue”."""
    by_name = sorted(team, key=lambda teammate: -len(teammate.name))
    found = []
    for mark in re.finditer(r"(?<!\w)@", text):
        rest = text[mark.end() :].casefold()
        names = (one for one in by_name if rest.startswith(one.name.casefold()))
        longest = next((one for one in names if not rest[len(one.name.casefold()) :][:1].isalnum()), None)
        if longest is not None:
            # Two of one name are both meant: nobody can tell which one.
            found += [one for one in team if one.name.casefold() == longest.name.casefold()]
    return found


def _team(workspace_id: uuid.UUID) -> Sequence[Teammate]:
    return db.session.scalars(
        select(Teammate)
        .where(Teammate.workspace_id == workspace_id, Teammate.removed_at.is_(None))
        .order_by(Teammate.name, Teammate.id)
    ).all()


def _check_own(note: Note, by: Teammate) -> None:
    if note.teammate_id != by.id:
        raise Forbidden("Only who has written a note can change or delete it.")


@lru_cache(maxsize=1_000)
def _rendered(text: str) -> str:
    return rich_text.to_html(text)
