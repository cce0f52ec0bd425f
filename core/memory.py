"""Memory: facts about a customer that are kept between conversations."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.exc import InvalidRequestError

from core import privacy_settings
from core.errors import Conflict, NotFound
from core.privacy_settings import Refused
from core.texts import clean_line, required_text
from models import Prepared, db, transaction
from models.conversations import Conversation
from models.customers import Customer, Fact, FactKind, FactSource, WidgetSession, folded
from models.teammates import Teammate

MOST = 50
"""The most facts of one customer: more than that nobody reads, and no answer is better for it."""
LONGEST = 300
"""The most characters of one fact."""

_ENDED = select(WidgetSession.id).where(WidgetSession.revoked_at.is_not(None))


def facts_of(customer: Customer, *, now: datetime) -> Sequence[Fact]:
    """What is remembered of a customer, the newest first; of a session that has ended, nothing."""
    return db.session.scalars(_FACTS, {"customer_id": customer.id, "now": now}).all()


def texts_of(customer_id: uuid.UUID, *, limit: int, now: datetime) -> Sequence[str]:
    """The words alone of what `facts_of` gives, the newest first."""
    return [text for [text] in _TEXTS.all(customer_id=customer_id, now=now, limit=limit)]


# Made once: each answer asks for it.
_FACTS = (
    select(Fact)
    .where(
        Fact.customer_id == bindparam("customer_id"),
        or_(Fact.expires_at.is_(None), Fact.expires_at > bindparam("now")),
        or_(Fact.session_id.is_(None), Fact.session_id.not_in(_ENDED)),
    )
    .order_by(Fact.updated_at.desc(), Fact.id.desc())
)
_TEXTS = Prepared(_FACTS.with_only_columns(Fact.text).limit(bindparam("limit")))


def find(customer: Customer, fact_id: uuid.UUID) -> Fact:
    """One fact about this customer.

    Raises:
        NotFound: also for a fact about somebody else.
    """
    fact = db.session.get(Fact, fact_id)
    if fact is None or fact.customer_id != customer.id:
        raise NotFound("This is not remembered any more.")
    return fact


def remember(
    customer: Customer,
    text: object,
    *,
    source: FactSource,
    now: datetime,
    conversation: Conversation | None = None,
    by: Teammate | None = None,
    expires_at: datetime | None = None,
    kind: FactKind = FactKind.NOTE,
    session: WidgetSession | None = None,
) -> Fact:
    """Keep a fact for later conversations; one that is known already is kept once, in its newest words.

    Args:
        source: who it comes from.
        conversation: where it was said.
        by: the teammate who wrote it down.
        expires_at: from when on it is no longer true or no longer needed.
        kind: what it is about.
        session: with which it ends, of somebody who has not agreed to more.

    Raises:
        Invalid: when it is no text of 1 to 300 characters, or holds what the workspace does not want to have.
        Conflict: when as much is remembered as may be.
        NotFound: when the customer is erased meanwhile.
    """
    words = _words(customer.workspace_id, text)
    with transaction():
        _hold(customer)
        known = facts_of(customer, now=now)
        fact = next((fact for fact in known if folded(fact.text) == folded(words)), None)
        if fact is None:
            _check_room(len(known))
            fact = Fact(workspace_id=customer.workspace_id, customer_id=customer.id, created_at=now)
            db.session.add(fact)
        fact.text, fact.source, fact.updated_at, fact.expires_at = words, source, now, expires_at
        fact.conversation_id = conversation.id if conversation else fact.conversation_id
        fact.teammate, fact.kind, fact.session_id = by, kind, session.id if session else None
    return fact


def correct(fact: Fact, text: object, *, source: FactSource, now: datetime, by: Teammate | None = None) -> None:
    """Put a fact right; it comes from whoever did so from then on.

    Raises:
        Invalid: as `remember`.
    """
    words = _words(fact.workspace_id, text)
    with transaction():
        fact.text, fact.source, fact.teammate, fact.updated_at = words, source, by, now


def forget(fact: Fact) -> None:
    """Erase a fact."""
    with transaction():
        db.session.delete(fact)


def follow(conversation: Conversation, customer: Customer) -> None:
    """Give what was learned in a conversation to the customer whose it is now."""
    with transaction():
        db.session.execute(
            update(Fact)
            .where(Fact.conversation_id == conversation.id)
            .values(customer_id=customer.id)
            .execution_options(synchronize_session=False)
        )


def clear_expired(*, now: datetime) -> None:
    """Erase facts that have run out, or whose session has ended."""
    with transaction():
        db.session.execute(delete(Fact).where(or_(Fact.expires_at <= now, Fact.session_id.in_(_ENDED))))


def _words(workspace_id: uuid.UUID, text: object) -> str:
    words = clean_line(required_text(text, name="What to remember", limit=LONGEST))
    try:
        stored = privacy_settings.for_storage(workspace_id, words)
    except Refused:
        raise Refused(
            "This holds personal data that is not kept here, such as a card number. Take it out and save it again."
        ) from None
    # Marks may be longer than what they stand for.
    return required_text(stored.text, name="What to remember", limit=LONGEST)


def _hold(customer: Customer) -> None:
    # One at a time, so that two who add at once do not add one too many.
    try:
        db.session.refresh(customer, with_for_update=True)
    except InvalidRequestError:
        raise NotFound("There is no such customer. They may have been erased.") from None


def _check_room(known: int) -> None:
    if known >= MOST:
        raise Conflict(f"{MOST} facts are remembered already, which is as many as there can be. Delete one first.")
