"""Asks a customer how content they were, when their conversation is resolved."""

import uuid

from sqlalchemy import exists, func, select

from core.occurrences import Occurrence
from core.ratings.deciding import Asked, Decisions, of
from core.resolutions import Resolution
from models import db
from models.conversations import Conversation, Message, Sender
from models.inbox import Rating


def ask(occurrence: Occurrence) -> None:
    """Put the question beneath the notice that the conversation was closed, which is `occurrence.message`.

    A question has the id of that notice. Who has said nothing since they were last asked is not asked again, and who
    sends spam is not asked at all.
    """
    conversation, notice = occurrence.conversation, occurrence.message
    decisions = of(conversation.workspace_id)
    if notice is None or not decisions.is_on or conversation.resolution == Resolution.SPAM:
        return
    if not _has_said_something(conversation):
        return
    teammate_id = _last_who_answered(conversation)
    if teammate_id is None and decisions.asked is Asked.PEOPLE:
        return
    notice.details = {**notice.details, "rating": _question(notice, decisions)}
    db.session.add(
        Rating(
            id=notice.id,
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            teammate_id=teammate_id,
            asked_at=occurrence.at,
        )
    )


def _question(notice: Message, decisions: Decisions) -> dict[str, str]:
    own = {"question": decisions.question} if decisions.question else {}
    return {"id": str(notice.id)} | own


def _has_said_something(conversation: Conversation) -> bool:
    asked_at = db.session.scalar(select(func.max(Rating.asked_at)).where(Rating.conversation_id == conversation.id))
    said = exists().where(Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER)
    if asked_at is not None:
        said = said.where(Message.created_at > asked_at)
    return bool(db.session.scalar(select(said)))


def _last_who_answered(conversation: Conversation) -> uuid.UUID | None:
    # Who is responsible has been taken off it by now, and may have written nothing.
    return db.session.scalar(
        select(Message.teammate_id)
        .where(
            Message.conversation_id == conversation.id,
            Message.sender == Sender.PERSON,
            Message.teammate_id.is_not(None),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
