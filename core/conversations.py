"""Conversations: who is in them, what was said, and whose turn it is."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.exc import InvalidRequestError

from core import (
    attachments,
    handoff_summaries,
    handoffs,
    jobs,
    masked_messages,
    memory,
    occurrences,
    privacy_settings,
    rich_text,
    tool_calls,
    widget_configs,
    widget_words,
)
from core.errors import Conflict, NotFound
from core.handoff_causes import Cause
from core.occurrences import Kind, Occurrence
from core.privacy_settings import Stored
from gateways.bus import current_bus
from models import after_commit, db, new_id, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Sender, State
from models.customers import Customer, Standing
from models.teammates import Teammate, Workspace

MESSAGE_LIMIT = 4_000
"""The most characters that a message may have."""

PREVIEW = "preview"
"""The channel of teammates who try their agent; nobody's work and in no figure."""


LOOKED_THROUGH = "proposals"
"""The job that reads in a closed conversation what the agent could learn from it."""

EXTRAS = ("cards", "remembered", "confirm")
"""Details of a message that a part of the widget of the same name shows beneath it, fetched when there is one."""

LEASE = timedelta(seconds=30)
"""For so long the answer to a message is in the hands of whoever has taken it on."""


class Asked(NamedTuple):
    """What a customer has said, and whether it was said just now."""

    message: Message
    is_new: bool


def topic(conversation_id: uuid.UUID) -> str:
    """Where the bus announces what happens in a conversation."""
    return f"conversation:{conversation_id.hex}"


def workspace_topic(workspace_id: uuid.UUID) -> str:
    """Where the bus announces that some conversation of a workspace has changed."""
    return f"workspace:{workspace_id.hex}"


def find(workspace: Workspace, conversation_id: uuid.UUID) -> Conversation:
    """A conversation of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    conversation = db.session.get(Conversation, conversation_id)
    # Its customer is read at once: they may be erased while the page is made.
    if conversation is None or conversation.workspace_id != workspace.id or conversation.customer is None:
        raise NotFound("There is no such conversation.")
    return conversation


def latest(agent: Agent, customer: Customer, *, channel: str) -> Conversation | None:
    """The conversation that a customer comes back to."""
    return db.session.scalar(
        select(Conversation)
        .where(
            Conversation.agent_id == agent.id,
            Conversation.customer_id == customer.id,
            Conversation.channel == channel,
        )
        .order_by(func.coalesce(Conversation.last_message_at, Conversation.created_at).desc(), Conversation.id.desc())
        .limit(1)
    )


def current(
    agent: Agent, customer: Customer, *, origin: str, channel: str, now: datetime, language: str = "en"
) -> Conversation:
    """The conversation that a customer comes back to, or a new one; two tabs that open at once share it."""
    with transaction():
        db.session.refresh(customer, with_for_update=True)
        conversation = latest(agent, customer, channel=channel) or begin(
            agent, customer, origin=origin, channel=channel, now=now
        )
        # As the customer's page speaks now; what was said before stays as it was.
        conversation.language = language
        return conversation


def begin(agent: Agent, customer: Customer, *, origin: str, channel: str, now: datetime) -> Conversation:
    conversation = Conversation(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        customer_id=customer.id,
        channel=channel,
        state=State.AGENT,
        origin=origin,
        last_seq=0,
        created_at=now,
    )
    with transaction():
        db.session.add(conversation)
    return conversation


def join(conversation: Conversation, customer: Customer, *, now: datetime) -> None:
    """Give an unproven visitor's conversation to the customer it turned out to be, visibly."""
    with transaction():
        _lock(conversation)
        conversation.customer_id = customer.id
        memory.follow(conversation, customer)
        tool_calls.follow(conversation, customer, now=now)
        _say_as_system(conversation, "said_signed_in", now=now)


def messages_after(conversation_id: uuid.UUID, seq: int, *, limit: int = 500) -> Sequence[Message]:
    """What came after a sequence number, oldest first."""
    return db.session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(limit)
    ).all()


def latest_messages(conversation: Conversation, *, limit: int = 100) -> Sequence[Message]:
    """The end of a conversation, oldest first."""
    return messages_after(conversation.id, max(0, conversation.last_seq - limit), limit=limit)


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
    answers_itself: bool = False,
    beside: Callable[[], None] = lambda: None,
) -> Asked:
    """Store what a customer says, once for each client id, together with the answer that is owed to it.

    Personal data is masked before anything is stored, told or answered. A resolved conversation is opened again.
    While a person has it, no answer of the agent is owed.

    Args:
        files: the attachments that go with it; then the text may be empty.
        answers_itself: whether the caller has the answer produced at once; others come to it when that takes too long.
        beside: what is stored with it, in the same transaction.

    Raises:
        Invalid: `file_gone` when a file is not one that waits to be sent here.
        Refused: when the words hold what the workspace does not want to have; then nothing is stored.
    """
    try:
        # Masking takes its time, and may be refused: no transaction waits for it.
        stored = privacy_settings.for_storage(conversation.workspace_id, text)
    except privacy_settings.Refused:
        # What was stored before the workspace refused such words is not asked for again.
        if (said := _said(conversation, client_id)) is None:
            raise
        return Asked(said, is_new=False)
    with transaction():
        _lock(conversation)
        if (said := _said(conversation, client_id)) is not None:
            return Asked(said, is_new=False)
        message = _hear(conversation, stored, client_id=client_id, files=files, now=now)
        if conversation.state is State.AGENT:
            db.session.add(_owed(message, conversation.agent_id, claimed_until=now + LEASE if answers_itself else None))
        beside()
        after_commit(lambda: announce_message(message))
    return Asked(message, is_new=True)


def _hear(
    conversation: Conversation, stored: Stored, *, client_id: str, files: Sequence[uuid.UUID], now: datetime
) -> Message:
    is_first, was_resolved = conversation.last_message_at is None, conversation.state is State.RESOLVED
    if was_resolved:
        _enter(conversation, State.AGENT)
    taken = attachments.take(conversation, files, by=None)
    details = ({"masked": stored.hidden} if stored.hidden else {}) | attachments.as_details(taken)
    message = _add(conversation, Sender.CUSTOMER, stored.text, now=now, client_id=client_id, details=details)
    attachments.send(taken, message)
    if stored.original is not None:
        db.session.flush()
        masked_messages.keep_original(message, stored.original, now=now)
    conversation.last_message_at = now
    if was_resolved:
        occurrences.tell(Occurrence(Kind.REOPENED, conversation, now))
    if is_first:
        occurrences.tell(Occurrence(Kind.STARTED, conversation, now))
    occurrences.tell(Occurrence(Kind.RECEIVED, conversation, now, message=message))
    return message


def _owed(message: Message, agent_id: uuid.UUID, *, claimed_until: datetime | None) -> Answer:
    return Answer(
        message=message,
        workspace_id=message.workspace_id,
        agent_id=agent_id,
        conversation_id=message.conversation_id,
        attempts=0 if claimed_until is None else 1,
        claimed_until=claimed_until,
        created_at=message.created_at,
    )


def reply(
    conversation: Conversation,
    *,
    text: str,
    details: dict[str, Any],
    now: datetime,
    message_id: uuid.UUID | None = None,
    announce: bool = True,
    is_locked: bool = False,
) -> Message:
    """Store what the agent says.

    Args:
        message_id: the id under which pieces of it were or will be announced.
        announce: false when the pieces come first; then `announce_message` ends them.
        is_locked: whether the caller's transaction has locked and read the conversation.
    """
    with transaction():
        if not is_locked:
            _lock(conversation)
        message = _add(conversation, Sender.AGENT, text, now=now, details=details, message_id=message_id)
        conversation.last_message_at = now
        occurrences.tell(Occurrence(Kind.SENT, conversation, now, message=message))
        if announce:
            after_commit(lambda: announce_message(message))
    return message


def write_as_person(
    conversation: Conversation,
    teammate: Teammate,
    *,
    text: str,
    now: datetime,
    client_id: str | None = None,
    files: Sequence[uuid.UUID] = (),
) -> Message:
    """Store what a teammate says, once for each client id; whoever writes has the conversation from then on.

    Args:
        files: the attachments that go with it; then the text may be empty.

    Raises:
        Invalid: `file_gone` when a file is not one that this teammate has added here.
        Conflict: when another teammate has it, so that two never answer unawares.
    """
    with transaction():
        _lock(conversation)
        said = _said(conversation, client_id)
        if said is not None:
            return said
        if conversation.state is not State.PERSON or conversation.teammate_id != teammate.id:
            _check_free(conversation, teammate, instead_of=None)
            _give_to(conversation, teammate, now=now)
        taken = attachments.take(conversation, files, by=teammate)
        details = attachments.as_details(taken)
        message = _add(
            conversation, Sender.PERSON, text, now=now, teammate=teammate, client_id=client_id, details=details
        )
        attachments.send(taken, message)
        conversation.last_message_at = now
        occurrences.tell(Occurrence(Kind.SENT, conversation, now, by=teammate, message=message))
        after_commit(lambda: announce_message(message))
    return message


def request_person(
    conversation: Conversation, *, reason: str, now: datetime, cause: Cause = Cause.CUSTOMER, summary: str = ""
) -> None:
    """Ask for a person, once; the agent is silent from here on.

    Args:
        reason: for teammates, after "The customer".
        cause: who or what wanted a person.
        summary: of the model; what is known anyway when empty.
    """
    with transaction():
        _lock(conversation)
        if conversation.state in (State.WAITING, State.PERSON):
            return
        _enter(conversation, State.WAITING)
        conversation.waiting_since, conversation.handoff_reason = now, reason
        conversation.handoff_cause = cause.value
        conversation.handoff_summary = summary or handoff_summaries.of(conversation) or None
        conversation.last_message_at = conversation.last_message_at or now
        promise = handoffs.promise(conversation, now=now)
        _tell_as_system(conversation, promise, now=now, details={"handoff": cause.value})
        occurrences.tell(Occurrence(Kind.REQUESTED, conversation, now, details={"cause": cause.value}))
        if conversation.channel != PREVIEW:
            handoffs.call_people(conversation, now=now)


def take_over(
    conversation: Conversation, teammate: Teammate, *, now: datetime, instead_of: uuid.UUID | None = None
) -> None:
    """Let a teammate answer in the agent's place.

    Args:
        instead_of: the teammate who is known to have it and is relieved.

    Raises:
        Conflict: when another teammate has it.
    """
    with transaction():
        _lock(conversation)
        _check_free(conversation, teammate, instead_of=instead_of)
        _give_to(conversation, teammate, now=now)


def hand_back(conversation: Conversation, *, now: datetime) -> None:
    """Let the agent answer again."""
    with transaction():
        _lock(conversation)
        if conversation.state not in (State.WAITING, State.PERSON):
            raise Conflict("The agent is answering in this conversation already.")
        _enter(conversation, State.AGENT)
        _say_as_system(conversation, "said_assistant_again", now=now)
        occurrences.tell(Occurrence(Kind.RETURNED, conversation, now))


def resolve(conversation: Conversation, *, now: datetime) -> None:
    """Close a conversation; the customer's next message opens it again."""
    with transaction():
        _lock(conversation)
        if conversation.state is State.RESOLVED:
            return
        _enter(conversation, State.RESOLVED)
        conversation.resolved_at = now
        _say_as_system(conversation, "said_closed", now=now)
        occurrences.tell(Occurrence(Kind.RESOLVED, conversation, now))
        if conversation.channel != PREVIEW:
            jobs.start(conversation.workspace_id, LOOKED_THROUGH, conversation.id, now=now)


def announce_message(message: Message) -> None:
    """Tell every open tab that a message is there, and what it says; who missed one before asks the database.

    Teammates are told that their list has changed.
    """
    note = {"kind": "message", "seq": message.seq, "message": as_json(message)}
    current_bus().publish(topic(message.conversation_id), note)
    _tell_workspace(message.workspace_id, message.conversation_id)


def as_json(message: Message) -> dict[str, Any]:
    """A message as the widget gets it (docs/widget-api.md)."""
    details = message.details
    return {
        "id": str(message.id),
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text,
        "html": _html(message),
        "at": message.created_at.isoformat(),
        "name": details.get("name") or (message.teammate.name if message.teammate else None),
        "clientId": message.client_id if message.sender is Sender.CUSTOMER else None,
        "masked": details.get("masked", []),
        "attachments": [attachments.with_address(told) for told in details.get("attachments", [])],
        "sources": details.get("sources", []),
        "suggestions": details.get("suggestions", []),
        "offerPerson": bool(details.get("offer_person")),
        "extras": {name: details[name] for name in EXTRAS if details.get(name)},
    }


def _html(message: Message) -> str:
    # Markdown costs a thousand times more than plain words, and strangers would make the most of it.
    if message.sender is Sender.CUSTOMER:
        return rich_text.plain_to_html(message.text)
    whole = message.details.get("whole")
    return _rendered(message.text) + (_folded(whole["text"], whole["label"]) if whole else "")


def _folded(text: str, label: str) -> str:
    """The whole of an answer beneath its best part, to be opened; no script is needed for that."""
    return f'<details class="whole"><summary>{escape(label)}</summary>{_rendered(text)}</details>'


@lru_cache(maxsize=2_000)
def _rendered(text: str) -> str:
    # The same answers are shown over and over, at each load of a page.
    return rich_text.to_html(text)


def offer_before(message: Message) -> Mapping[str, Any]:
    """What the agent offered right before this message, as in its details; nothing when it was not its turn."""
    before = db.session.execute(_BEFORE, {"conversation_id": message.conversation_id, "seq": message.seq}).first()
    return before.details if before is not None and before.sender is Sender.AGENT else {}


# Made once, as each message asks for them.
_BEFORE = (
    select(Message.sender, Message.details)
    .where(Message.conversation_id == bindparam("conversation_id"), Message.seq < bindparam("seq"))
    .order_by(Message.seq.desc())
    .limit(1)
)
_OF_CLIENT = select(Message).where(
    Message.conversation_id == bindparam("conversation_id"), Message.client_id == bindparam("client_id")
)


def state_as_json(conversation: Conversation) -> dict[str, Any]:
    has_person = conversation.state is State.PERSON and conversation.teammate is not None
    return {
        "id": str(conversation.id),
        "state": conversation.state.value,
        "name": conversation.teammate.name if has_person and conversation.teammate else None,
    }


def clear_silent(*, now: datetime) -> None:
    """Forget chats that were opened and never used, and visitors who left nothing behind."""
    with transaction():
        db.session.execute(
            delete(Conversation).where(
                Conversation.last_message_at.is_(None), Conversation.created_at < now - timedelta(days=2)
            )
        )
        db.session.execute(
            delete(Customer).where(
                Customer.standing != Standing.VERIFIED,
                Customer.last_seen_at < now - timedelta(days=31),
                ~exists().where(Conversation.customer_id == Customer.id),
            )
        )


def _lock(conversation: Conversation) -> None:
    # One at a time: sequence numbers are given in the order in which they become visible.
    try:
        db.session.refresh(conversation, with_for_update=True)
    except InvalidRequestError:
        # Erased meanwhile, with its customer.
        raise NotFound("There is no such conversation.") from None


def _said(conversation: Conversation, client_id: str | None) -> Message | None:
    if client_id is None:
        return None
    return db.session.scalar(_OF_CLIENT, {"conversation_id": conversation.id, "client_id": client_id})


def _add(
    conversation: Conversation,
    sender: Sender,
    text: str,
    *,
    now: datetime,
    client_id: str | None = None,
    details: dict[str, Any] | None = None,
    teammate: Teammate | None = None,
    message_id: uuid.UUID | None = None,
) -> Message:
    conversation.last_seq += 1
    message = Message(
        id=message_id or new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        sender=sender,
        client_id=client_id,
        text=text,
        details=details or {},
        teammate=teammate,
        created_at=now,
    )
    db.session.add(message)
    return message


def _say_as_system(conversation: Conversation, key: str, *, now: datetime, **values: object) -> None:
    """Tell both sides something, in the customer's language."""
    config, _version = widget_configs.published(db.session.get_one(Agent, conversation.agent_id))
    text = widget_words.say(conversation.language, key, own=config.words, **values)
    _tell_as_system(conversation, text, now=now)


def _tell_as_system(
    conversation: Conversation, text: str, *, now: datetime, details: dict[str, Any] | None = None
) -> None:
    message = _add(conversation, Sender.SYSTEM, text, now=now, details=details)
    after_commit(lambda: announce_message(message))


def _check_free(conversation: Conversation, teammate: Teammate, *, instead_of: uuid.UUID | None) -> None:
    if conversation.state is not State.PERSON or conversation.teammate is None:
        return
    if conversation.teammate_id not in (teammate.id, instead_of):
        raise Conflict(f"{conversation.teammate.name} has taken this conversation over already.")


def _give_to(conversation: Conversation, teammate: Teammate, *, now: datetime) -> None:
    is_new = conversation.state is not State.PERSON or conversation.teammate_id != teammate.id
    _enter(conversation, State.PERSON)
    conversation.teammate = teammate
    if is_new:
        _say_as_system(conversation, "said_person_joined", now=now, name=teammate.name)
        occurrences.tell(Occurrence(Kind.ASSIGNED, conversation, now, by=teammate))


def _enter(conversation: Conversation, state: State) -> None:
    conversation.state = state
    conversation.resolved_at = conversation.waiting_since = None
    if state is not State.PERSON:
        conversation.teammate = None
    after_commit(lambda: _announce_state(conversation))


def _announce_state(conversation: Conversation) -> None:
    current_bus().publish(topic(conversation.id), {"kind": "state", **state_as_json(conversation)})
    _tell_workspace(conversation.workspace_id, conversation.id)


def _tell_workspace(workspace_id: uuid.UUID, conversation_id: uuid.UUID) -> None:
    current_bus().publish(workspace_topic(workspace_id), {"kind": "conversation", "id": str(conversation_id)})
