"""Correcting an answer of the agent where it stands, so that it answers better the next time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import audits, knowledge, unanswered
from core.errors import Conflict, Invalid, NotFound
from core.knowledge.wording import MOST_PHRASINGS, folded
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Sender
from models.knowledge import Entry
from models.teammates import Teammate

_MOST_OFFERED = 4


@dataclass(frozen=True)
class Answered:
    """A reply of the agent, with the question that it answers."""

    agent: Agent
    reply: Message
    answer: Answer
    entry: Entry | None
    """What it was answered from."""

    @property
    def asked(self) -> str:
        """The customer's words."""
        return self.answer.message.text

    @property
    def question(self) -> str:
        """The customer's words as the question of an entry."""
        return unanswered.shortened(self.asked)


def find(conversation: Conversation, message_id: uuid.UUID) -> Answered:
    """A reply of the agent in this conversation that can be corrected.

    Raises:
        NotFound: when there is no such reply, or nobody had asked anything in words.
    """
    reply = db.session.get(Message, message_id)
    answer = db.session.scalar(
        select(Answer).where(Answer.conversation_id == conversation.id, Answer.reply_id == message_id)
    )
    if reply is None or answer is None or reply.sender is not Sender.AGENT or not answer.message.text:
        raise NotFound("There is no such answer, or it answers no question.")
    entry = db.session.get(Entry, answer.entry_id) if answer.entry_id else None
    is_there = entry is not None and entry.archived_at is None
    return Answered(conversation.agent, reply, answer, entry if is_there else None)


def better_entries(answered: Answered) -> Sequence[Entry]:
    """What the agent knows that may answer it better, the nearest first. Looking may take a second."""
    ranking = knowledge.index_for(answered.agent).search(answered.asked, limit=_MOST_OFFERED + 1).ranking
    used = str(answered.entry.id) if answered.entry else None
    nearest = [uuid.UUID(entry_id) for entry_id, _score in ranking if entry_id != used]
    return [entry for entry in knowledge.find_many(answered.agent, nearest) if entry.archived_at is None][
        :_MOST_OFFERED
    ]


def teach_answer(answered: Answered, *, question: str, answer: str, by: Teammate, now: datetime) -> Entry:
    """Teach the agent another answer to what was asked.

    Raises:
        Invalid: when a text is missing or too long.
        Conflict: when what it answered from asks exactly this: then that answer has to be changed.
    """
    wrong = answered.entry
    if wrong is not None and folded(wrong.question) == folded(question):
        raise Conflict(f"“{wrong.question}” asks exactly this. Change its answer instead.")
    with transaction():
        _take_from_wrong(answered, question, by=by, now=now)
        entry = unanswered.answer(
            answered.agent, asked=answered.asked, question=question, answer=answer, phrasings=(), by=by, now=now
        )
        _settle(answered, "a new answer", by=by, now=now)
    return entry


def point_to(answered: Answered, entry: Entry, *, by: Teammate, now: datetime) -> None:
    """Let another entry answer what was asked from now on: the customer's words become a way to ask for it.

    Raises:
        Invalid: when it has as many of them as it can hold.
    """
    texts = [phrasing.text for phrasing in entry.phrasings]
    if len(texts) >= MOST_PHRASINGS:
        raise Invalid(f"“{entry.question}” has {MOST_PHRASINGS} other ways to ask already.")
    with transaction():
        _take_from_wrong(answered, answered.question, by=by, now=now)
        knowledge.change(
            answered.agent,
            entry,
            question=entry.question,
            answer=entry.answer,
            phrasings=[*texts, answered.question],
            by=by,
            now=now,
        )
        unanswered.settle(answered.agent, [answered.asked], now=now)
        _settle(answered, "another way to ask", by=by, now=now)


def _take_from_wrong(answered: Answered, question: str, *, by: Teammate, now: datetime) -> None:
    """What was answered from wrongly must not hold the question as one of its own ways to ask."""
    wrong = answered.entry
    if wrong is None:
        return
    asked = {folded(question), folded(answered.question)}
    kept = [phrasing.text for phrasing in wrong.phrasings if folded(phrasing.text) not in asked]
    if len(kept) < len(wrong.phrasings):
        knowledge.change(
            answered.agent, wrong, question=wrong.question, answer=wrong.answer, phrasings=kept, by=by, now=now
        )


def _settle(answered: Answered, taught: str, *, by: Teammate, now: datetime) -> None:
    agent = answered.agent
    answered.answer.settled_at = now
    # Not in the customer's words: the log outlives them.
    audits.record(
        agent.workspace_id,
        "answer.correct",
        by=by,
        subject=("agent", agent.id, agent.name),
        after={"taught": taught},
        now=now,
    )
