"""Erasing a customer: every row that speaks of them, and what other rows say of them (docs/security.md)."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, delete, null, or_, select, update
from sqlalchemy.exc import InvalidRequestError

from core import attachments, audits, refresh_secrets, risks
from core.conversations import workspace_topic
from core.errors import NotFound
from gateways.bus import current_bus
from models import after_commit, db, transaction
from models.audits import AuditEntry
from models.conversations import Conversation, Message
from models.customers import Customer, Fact, RefreshFamily, WidgetSession
from models.jobs import Job
from models.protection import Block, RiskMark, Stop
from models.search_texts import forget_deleted
from models.teammates import Teammate

_AT_ONCE = 500
_PATIENCE = 250
"""Milliseconds."""


def erase(customer: Customer, *, by: Teammate | None, now: datetime) -> None:
    """Erase a customer with everything that is kept of them, really and for ever.

    Conversations, messages and originals, owed answers and the questions that could not be answered, memory, sessions
    and secrets, mails on their way, jobs, blocks and reasons for suspicion go. The audit log keeps that something was
    done, and no longer to whom. Their open chats are told at once. What teammates wrote into the knowledge, and blocks
    of addresses, are the workspace's own and stay.

    Args:
        by: the teammate who decided it; None for the customer themselves.

    Raises:
        NotFound: when they are erased already.
    """
    workspace_id, customer_id = customer.workspace_id, customer.id
    with transaction():
        conversations = remove(customer, now=now)
        forget_deleted(db.session.connection())
        audits.record(
            workspace_id,
            "customer.erase",
            by=by,
            subject=("customer", customer_id, ""),
            after={"asked_by": "teammate" if by else "customer", "conversations": conversations},
            now=now,
        )


def remove(customer: Customer, *, now: datetime) -> int:
    """As `erase`, without a word in the audit log: for those whose time is over.

    Their words leave the rows at once, and the index of the search once the caller has it forget what was deleted.

    Returns:
        how many conversations they had.

    Raises:
        NotFound: when they are erased already.
    """
    with transaction():
        _lock(customer)
        refresh_secrets.revoke_all(customer.workspace_id, customer=customer, because="erased", now=now)
        traces = _traces(customer)
        _erase_beside(traces)
        _blank_audits(traces)
        # Everything else refers to the customer's row, and goes with it.
        db.session.delete(customer)
        db.session.flush()
        db.session.expire_all()
        after_commit(lambda: _finish(traces))
    return len(traces.conversations)


@dataclass(frozen=True)
class _Traces:
    """All ids by which other rows may speak of a customer."""

    workspace_id: uuid.UUID
    customer_id: uuid.UUID
    formerly: Sequence[uuid.UUID]
    """Customers who were merged into this one."""
    conversations: Sequence[uuid.UUID]
    messages: Sequence[uuid.UUID]
    others: Sequence[uuid.UUID]
    """Facts, sessions, families and blocks."""
    files: Sequence[uuid.UUID]
    """Of attachments, whose bytes are outside the database."""

    @property
    def all_ids(self) -> list[uuid.UUID]:
        return [self.customer_id, *self.formerly, *self.conversations, *self.messages, *self.others, *self.files]


def _lock(customer: Customer) -> None:
    try:
        db.session.refresh(customer, with_for_update=True)
    except InvalidRequestError:
        raise NotFound("There is no such customer. They may have been erased.") from None


def _traces(customer: Customer) -> _Traces:
    conversations = select(Conversation.id).where(Conversation.customer_id == customer.id)
    conversation_ids = db.session.scalars(conversations).all()
    messages = select(Message.id).where(Message.conversation_id.in_(conversations))
    others = [
        *(
            number
            for table in (Fact, WidgetSession, RefreshFamily, Block)
            for number in db.session.scalars(select(table.id).where(table.customer_id == customer.id))
        )
    ]
    return _Traces(
        workspace_id=customer.workspace_id,
        customer_id=customer.id,
        formerly=_formerly(customer),
        conversations=conversation_ids,
        messages=db.session.scalars(messages).all(),
        others=others,
        files=attachments.ids_of(conversation_ids),
    )


def _formerly(customer: Customer) -> list[uuid.UUID]:
    """The ids of those who were merged into this customer, also by way of others."""
    found: list[uuid.UUID] = []
    asked = [customer.id]
    while asked:
        merges = db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.workspace_id == customer.workspace_id,
                AuditEntry.action == "customer.merge",
                AuditEntry.subject_id.in_([str(number) for number in asked]),
            )
        )
        asked = [uuid.UUID((entry.before or {})["merged"]) for entry in merges if (entry.before or {}).get("merged")]
        found += asked
    return found


def _erase_beside(traces: _Traces) -> None:
    """Erase what no foreign key leads to."""
    for part in _parts(traces.all_ids):
        subjects = [spelling for number in part for spelling in (str(number), number.hex, risks.of_customer(number))]
        of_workspace = Stop.workspace_id == traces.workspace_id
        db.session.execute(delete(Stop).where(of_workspace, Stop.subject.in_(subjects)))
        db.session.execute(
            delete(RiskMark).where(RiskMark.workspace_id == traces.workspace_id, RiskMark.subject.in_(subjects))
        )
        db.session.execute(delete(Job).where(Job.workspace_id == traces.workspace_id, Job.subject_id.in_(part)))


def _blank_audits(traces: _Traces) -> None:
    for part in _parts(traces.all_ids):
        spellings = [spelling for number in part for spelling in (str(number), number.hex)]
        _blank(traces, AuditEntry.subject_id.in_(spellings))
    for number in (traces.customer_id, *traces.formerly):
        # Of what is gone by now, such as a block that was lifted long ago, the entry itself says whom it was about.
        _blank(traces, or_(*(cast(told, Text).contains(str(number)) for told in (AuditEntry.before, AuditEntry.after))))


def _blank(traces: _Traces, condition: ColumnElement[bool]) -> None:
    db.session.execute(
        update(AuditEntry)
        .where(AuditEntry.workspace_id == traces.workspace_id, condition)
        .values(subject_name="", before=null(), after=null())
        .execution_options(synchronize_session=False)
    )


def _parts(ids: list[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    # A database takes only so many values in one statement.
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _finish(traces: _Traces) -> None:
    attachments.delete_files(traces.files)
    empty_the_log()
    for conversation_id in traces.conversations:
        note = {"kind": "conversation", "id": str(conversation_id)}
        current_bus().publish(workspace_topic(traces.workspace_id), note)


def empty_the_log() -> None:
    """Have SQLite put what it has written ahead in place, and cut its log: erased words would stand there for a while.

    Freed pages are overwritten with zeros (`secure_delete`). When somebody is reading, the next writers do it.
    """
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
    finally:
        connection.close()
