"""What teammates have begun to write, kept until it is sent: on their other devices, too, and after a reload."""

from datetime import datetime

from sqlalchemy import delete

from core.errors import Invalid
from core.texts import clean
from models import db, insert_into, transaction
from models.conversations import Conversation
from models.inbox import ReplyDraft
from models.teammates import Teammate

LIMIT = 4_000


def of(conversation: Conversation, teammate: Teammate) -> ReplyDraft | None:
    """What somebody has begun to write in a conversation."""
    return db.session.get(ReplyDraft, (conversation.id, teammate.id), populate_existing=True)


def keep(conversation: Conversation, teammate: Teammate, *, text: str, is_note: bool, now: datetime) -> None:
    """Keep this in the place of what was kept before; an empty text forgets it.

    Raises:
        Invalid: when it is longer than a message can be.
    """
    if len(text) > LIMIT:
        raise Invalid(f"This is too long: at most {LIMIT:,} characters.")
    if not clean(text):
        forget(conversation, teammate)
        return
    # Trimmed it would jump under the hands of who types a space.
    kept = clean(f"|{text}|")[1:-1]
    values = {"workspace_id": conversation.workspace_id, "text": kept, "is_note": is_note, "updated_at": now}
    keys = {"conversation_id": conversation.id, "teammate_id": teammate.id}
    with transaction():
        writing = insert_into(ReplyDraft).values(**keys, **values)
        db.session.execute(writing.on_conflict_do_update(index_elements=list(keys), set_=values))


def forget(conversation: Conversation, teammate: Teammate) -> None:
    """Keep nothing of what somebody has begun to write: it was sent, or is not wanted any more."""
    with transaction():
        db.session.execute(
            delete(ReplyDraft).where(
                ReplyDraft.conversation_id == conversation.id, ReplyDraft.teammate_id == teammate.id
            )
        )
