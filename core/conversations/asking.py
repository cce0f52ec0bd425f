"""What customers say, stored together with the answer that is owed to it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import select, update

from core import attachments, changes, masked_messages, occurrences, privacy_settings
from core.answering import remarks
from core.changes import Change
from core.conversations.announcing import announce_message
from core.conversations.snoozing import stir
from core.conversations.storing import add, lock, said_before
from core.conversations.turns import enter, hand_back, request_person
from core.occurrences import Kind, Occurrence
from core.privacy_settings import Stored
from models import after_commit, db, store_row, transaction
from models.conversations import Answer, Conversation, Message, Sender, State

MESSAGE_LIMIT = 4_000
"""The most characters that a message may have."""

LEASE = timedelta(seconds=30)
"""For so long the answer to a message is in the hands of whoever has taken it on."""


class Asked(NamedTuple):
    """What a customer has said, and whether it was said just now."""

    message: Message
    is_new: bool
    answer: Answer | None = None
    """What is owed to it, where it was said just now and the agent answers."""


def ask(
    conversation: Conversation, *, client_id: str, text: str, now: datetime, files: Sequence[uuid.UUID] = ()
) -> Message:
    """As `ask_once`, for whoever leaves the answer to others; returns the message."""
    return ask_once(conversation, client_id=client_id, text=text, now=now, files=files).message


def ask_once(
    conversation: Conversation,
    *,
    client_id: str,
    text: str,
    now: datetime,
    files: Sequence[uuid.UUID] = (),
    details: Mapping[str, Any] = MappingProxyType({}),
    person_because: str = "",
    answers_itself: bool = False,
    beside: Callable[[], None] = lambda: None,
    foresee: Callable[[str], uuid.UUID | None] = lambda _text: None,
) -> Asked:
    """Store what a customer says, once for each client id, together with the answer that is owed to it.

    Personal data is masked before anything is stored, told or answered. A resolved conversation is opened again.
    While a person has it, no answer of the agent is owed. Who waits for one and calls that off has the agent again.

    Args:
        files: the attachments that go with it; then the text may be empty.
        details: what else is to be known of the message.
        person_because: why a person is asked for instead of the agent, after "The customer"; for those of whom it is
            not proven well enough who they are.
        answers_itself: whether the caller has the answer produced at once; others come to it when that takes too long.
        beside: what is stored with it, in the same transaction.
        foresee: told the masked text before it is stored; the id that it gives becomes that of the message.

    Raises:
        Invalid: `file_gone` when a file is not one that waits to be sent here.
        Refused: when the words hold what the workspace does not want to have; then nothing is stored.
    """
    try:
        # Masking takes its time, and may be refused: no transaction waits for it.
        stored = privacy_settings.for_storage(conversation.workspace_id, text)
    except privacy_settings.Refused:
        # What was stored before the workspace refused such words is not asked for again.
        if (said := said_before(conversation, client_id)) is None:
            raise
        return Asked(said, is_new=False)
    if (said := said_before(conversation, client_id)) is not None:
        # Nobody makes a model work for nothing by saying the same again.
        return Asked(said, is_new=False)
    owed: Answer | None = None
    message_id = foresee(stored.text)
    with transaction():
        conversation = _followed(conversation)
        if (said := said_before(conversation, client_id)) is not None:
            return Asked(said, is_new=False)
        message = _hear(
            conversation, stored, client_id=client_id, files=files, details=details, message_id=message_id, now=now
        )
        if conversation.state is State.WAITING and not person_because and _calls_it_off(message):
            db.session.flush()
            hand_back(conversation, now=now)
        if conversation.state is State.AGENT and person_because:
            # To lock it again is to read it again.
            db.session.flush()
            request_person(conversation, reason=person_because, now=now)
        elif conversation.state is State.AGENT:
            owed = _owed(message, conversation.agent_id, claimed_until=now + LEASE if answers_itself else None)
            store_row(owed)
        beside()
        after_commit(lambda: announce_message(message))
    return Asked(message, is_new=True, answer=owed)


def ask_again(conversation: Conversation, target: Conversation, *, now: datetime) -> Sequence[Message]:
    """Have what the agent owes in one conversation asked in the one that it goes on in; both are locked by the caller.

    Owed it is there alone: whoever works the answer out already finds it given up, and nobody else sees it.

    Returns:
        what was asked there; nothing where the agent does not answer. Files stay where they were sent.
    """
    owed = db.session.scalars(
        update(Answer)
        .where(Answer.conversation_id == conversation.id, Answer.finished_at.is_(None))
        .values(finished_at=now)
        .returning(Answer.message_id)
        .execution_options(synchronize_session=False)
    ).all()
    if target.state is not State.AGENT:
        return []
    said = db.session.scalars(
        select(Message).where(Message.id.in_(owed), Message.text != "").order_by(Message.seq)
    ).all()
    return [_said_again(message, target, now=now) for message in said]


def _said_again(message: Message, target: Conversation, *, now: datetime) -> Message:
    again = add(
        target,
        Sender.CUSTOMER,
        message.text,
        # As the browser knows it, which may send it once more.
        client_id=message.client_id if said_before(target, message.client_id) is None else None,
        details={name: told for name, told in message.details.items() if name != "attachments"},
        now=now,
    )
    store_row(_owed(again, target.agent_id, claimed_until=None))
    after_commit(lambda: announce_message(again))
    return again


def _hear(
    conversation: Conversation,
    stored: Stored,
    *,
    client_id: str,
    files: Sequence[uuid.UUID],
    details: Mapping[str, Any],
    message_id: uuid.UUID | None,
    now: datetime,
) -> Message:
    is_first, was_resolved = conversation.last_message_at is None, conversation.state is State.RESOLVED
    if was_resolved:
        enter(conversation, State.AGENT)
    taken = attachments.take(conversation, files, by=None)
    hidden = {"masked": stored.hidden} if stored.hidden else {}
    known = {**details, **hidden, **attachments.as_details(taken)}
    message = add(
        conversation, Sender.CUSTOMER, stored.text, now=now, client_id=client_id, details=known, message_id=message_id
    )
    attachments.send(taken, message)
    if stored.original is not None:
        masked_messages.keep_original(message, stored.original, now=now)
    stir(conversation, by=None, now=now)
    if was_resolved:
        changes.record(conversation, Change.REOPENED, by=None, now=now)
        occurrences.tell(Occurrence(Kind.REOPENED, conversation, now))
    if is_first:
        occurrences.tell(Occurrence(Kind.STARTED, conversation, now))
    occurrences.tell(Occurrence(Kind.RECEIVED, conversation, now, message=message))
    return message


def _calls_it_off(message: Message) -> bool:
    """Whether a customer who waits for a person says that none is needed after all; "no" to a person is another no."""
    if not remarks.declines(message.text):
        return False
    last = db.session.scalar(
        select(Message.sender)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.seq < message.seq,
            Message.sender.in_((Sender.AGENT, Sender.PERSON)),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return last is not Sender.PERSON


def _followed(conversation: Conversation) -> Conversation:
    """The conversation that it goes on in, locked: it may have been merged a moment ago."""
    lock(conversation)
    while conversation.merged_into_id is not None:
        # What it was merged into may have been merged itself.
        conversation = db.session.get_one(Conversation, conversation.merged_into_id)
        lock(conversation)
    return conversation


def _owed(message: Message, agent_id: uuid.UUID, *, claimed_until: datetime | None) -> Answer:
    return Answer(
        message_id=message.id,
        workspace_id=message.workspace_id,
        agent_id=agent_id,
        conversation_id=message.conversation_id,
        attempts=0 if claimed_until is None else 1,
        claimed_until=claimed_until,
        created_at=message.created_at,
        # Written down as known, or each would be asked for where the row is handed over.
        finished_at=None,
        reply_id=None,
        outcome=None,
        entry_id=None,
        score=None,
        milliseconds=None,
        settled_at=None,
    )
