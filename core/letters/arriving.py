"""What customers answer by mail, put into the conversation that the mail was about.

Everything in a mail can be made up but the mark of its conversation, which only its mails carry. So the mark says where
it goes, and the sender's address whether it is shown as the customer's; what is not is marked for the team. Nothing
that came by mail is answered by the agent: it proves too little for tools and memory.
"""

import enum
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from core import attachments, conversations, protection
from core.errors import DomainError, NotFound
from core.letters.arrived import Arrived
from core.letters.marks import conversation_in
from core.letters.reading import new_words
from core.privacy import mask
from core.privacy_settings import Refused
from core.signing import hash_secret
from models import db
from models.conversations import Conversation, Message
from models.letters import Letter, LetterDirection, Mailbox

log = structlog.get_logger()

_MOST_AN_HOUR = 30
"""Mails into one conversation: two programs that answer each other end here."""
_MOST_MERGES = 5


class Outcome(enum.StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    UNPROVEN = "unproven"
    """It is in the conversation, marked as of somebody whose address is not the customer's."""
    AGAIN = "again"
    """It was taken before."""
    AUTOMATIC = "automatic"
    """A program wrote it."""
    UNKNOWN = "unknown"
    """It is about no conversation of this workspace."""
    TOO_MANY = "too_many"
    BLOCKED = "blocked"
    EMPTY = "empty"


def take(mailbox: Mailbox, mail: Arrived, *, now: datetime) -> Outcome:
    """Put a mail into its conversation, once. It is slow where files come with it: call it outside a transaction."""
    outcome = _take(mailbox, mail, now=now)
    log.info("letter_arrived", mailbox=str(mailbox.id), outcome=outcome.value)
    return outcome


def _take(mailbox: Mailbox, mail: Arrived, *, now: datetime) -> Outcome:
    if mail.is_automatic or mail.sender in ("", mailbox.address):
        return Outcome.AUTOMATIC
    conversation = _conversation_of(mailbox.workspace_id, mail)
    if conversation is None:
        return Outcome.UNKNOWN
    if _was_taken(mailbox.workspace_id, mail):
        return Outcome.AGAIN
    if _taken_lately(conversation, now=now) >= _MOST_AN_HOUR:
        return Outcome.TOO_MANY
    try:
        protection.check_blocked(protection.visitor_behind(conversation), now=now)
    except DomainError:
        return Outcome.BLOCKED
    return _keep(conversation, mail, now=now)


def _keep(conversation: Conversation, mail: Arrived, *, now: datetime) -> Outcome:
    is_plain = mail.names_its_sender_plainly and not mail.is_forged
    is_proven = is_plain and mail.sender == (conversation.customer.email or "").lower()
    text = new_words(mail, language=conversation.language)
    files, left_out = _files_of(conversation, mail, now=now)
    if not text and not files:
        return Outcome.EMPTY
    letter: dict[str, object] = {"way": "mail", "proven": is_proven}
    if not is_proven:
        letter["from"] = _hinted(mail.sender)
    if left_out:
        letter["left_out"] = left_out
    _say(conversation, mail, text, files, letter, now=now)
    return Outcome.TAKEN if is_proven else Outcome.UNPROVEN


def _say(
    conversation: Conversation,
    mail: Arrived,
    text: str,
    files: Sequence[uuid.UUID],
    letter: dict[str, object],
    *,
    now: datetime,
) -> Message:
    def say(words: str) -> Message:
        return conversations.ask_once(
            conversation,
            client_id=f"mail-{hash_secret(mail.mail_id)[:40]}",
            text=words,
            files=files,
            details={"letter": letter},
            person_because="answered by e-mail",
            beside=lambda: _note(conversation, mail, now=now),
            now=now,
        ).message

    try:
        return say(text)
    except Refused:
        # Nobody is there who could be asked to leave it out.
        return say(mask(text).text)


def _note(conversation: Conversation, mail: Arrived, *, now: datetime) -> None:
    db.session.add(
        Letter(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            direction=LetterDirection.IN,
            mail_id=mail.mail_id,
            created_at=now,
        )
    )


def _conversation_of(workspace_id: uuid.UUID, mail: Arrived) -> Conversation | None:
    """The conversation whose mark the mail was sent to, or whose mail it answers; where it was merged, the other."""
    marked = next((mark for address in mail.recipients if (mark := conversation_in(address))), None)
    conversation_id = marked or _answered(workspace_id, mail)
    for _ in range(_MOST_MERGES):
        found = db.session.get(Conversation, conversation_id) if conversation_id else None
        if found is None or found.workspace_id != workspace_id or found.channel == conversations.PREVIEW:
            return None
        if found.merged_into_id is None:
            return found
        conversation_id = found.merged_into_id
    return None


def _answered(workspace_id: uuid.UUID, mail: Arrived) -> uuid.UUID | None:
    # Our own names of mails are as hard to guess as the mark is.
    rows = db.session.execute(
        select(Letter.mail_id, Letter.conversation_id).where(
            Letter.workspace_id == workspace_id,
            Letter.direction == LetterDirection.OUT,
            Letter.mail_id.in_(mail.references),
        )
    )
    found = {row.mail_id: row.conversation_id for row in rows}
    return next((found[mail_id] for mail_id in mail.references if mail_id in found), None)


def _was_taken(workspace_id: uuid.UUID, mail: Arrived) -> bool:
    same = select(Letter.id).where(
        Letter.workspace_id == workspace_id, Letter.direction == LetterDirection.IN, Letter.mail_id == mail.mail_id
    )
    return db.session.scalar(same) is not None


def _taken_lately(conversation: Conversation, *, now: datetime) -> int:
    of_this_hour = (
        Letter.conversation_id == conversation.id,
        Letter.direction == LetterDirection.IN,
        Letter.created_at > now - timedelta(hours=1),
    )
    return db.session.scalar(select(func.count()).select_from(Letter).where(*of_this_hour)) or 0


def _files_of(conversation: Conversation, mail: Arrived, *, now: datetime) -> tuple[list[uuid.UUID], int]:
    """The files that may be taken, and how many may not: a mail is not refused for one of them."""
    taken, left_out = [], 0
    for file in mail.files:
        try:
            taken.append(attachments.add(conversation, name=file.name, content=file.content, by=None, now=now).id)
        except NotFound:
            raise
        except DomainError:
            left_out += 1
    return taken, left_out


def _hinted(address: str) -> str:
    """Enough of an address to know it again, and too little to be written to."""
    name, _at, host = address.rpartition("@")
    return f"{name[:2]}…@{host}"[:120]
