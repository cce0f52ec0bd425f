"""Takes the rating that a customer gives."""

import uuid
from datetime import datetime, timedelta

from core import conversations, occurrences, privacy_settings
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind, Occurrence
from core.texts import clean
from models import after_commit, db, transaction
from models.conversations import Conversation, Message
from models.inbox import Rating

COMMENT_LIMIT = 1_000
"""The most characters that a customer may add to a rating."""

OPEN_FOR = timedelta(days=30)
"""For so long after the question an answer is taken."""


def rate(conversation: Conversation, rating_id: uuid.UUID, *, score: object, comment: object, now: datetime) -> Rating:
    """Store how content a customer was, once; the same again is the same rating.

    Args:
        score: 1 (very unhappy) to 5 (very happy).
        comment: what they want to add, masked as all that customers write; None or empty for nothing.

    Raises:
        Invalid: when it is no such number, or the comment is no text or too long.
        NotFound: when this customer was not asked this.
        Conflict: `rating_closed` when another rating was given already, or the question is too old.
    """
    _find(conversation, rating_id)
    number, words = _score(score), _comment(comment)
    # Masking takes its time, and may be refused: no transaction waits for it.
    masked = privacy_settings.for_storage(conversation.workspace_id, words).text if words else None
    with transaction():
        rating = _find(conversation, rating_id, is_locked=True)
        if rating.rated_at is not None and (rating.score, rating.comment) == (number, masked):
            return rating
        if rating.rated_at is not None or now - rating.asked_at > OPEN_FOR:
            raise Conflict("This conversation can no longer be rated.", code="rating_closed")
        rating.score, rating.comment, rating.rated_at = number, masked, now
        _show(rating)
        details = {"score": number, "comment": masked}
        occurrences.tell(Occurrence(Kind.RATED, conversation, now, details=details))
    return rating


def _find(conversation: Conversation, rating_id: uuid.UUID, *, is_locked: bool = False) -> Rating:
    rating = db.session.get(Rating, rating_id, with_for_update=is_locked, populate_existing=True)
    if rating is None or rating.conversation_id != conversation.id:
        raise NotFound("There is no such question.")
    return rating


def _show(rating: Rating) -> None:
    """Have every tab, and the team, see that the question is answered."""
    notice = db.session.get(Message, rating.id)
    if notice is None:
        return
    notice.details = {**notice.details, "rating": {**notice.details.get("rating", {}), "score": rating.score}}
    after_commit(lambda: conversations.announce_message(notice))


def _score(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise Invalid("score has to be a number from 1 to 5.")
    return value


def _comment(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid("comment has to be a text.")
    if len(value) > COMMENT_LIMIT:
        raise Invalid(f"comment is too long: at most {COMMENT_LIMIT:,} characters.")
    return clean(value)
