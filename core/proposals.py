"""What a closed conversation could teach the agent: proposed here, and learned only when a person approves it."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import audits, knowledge, unanswered
from core.answering import small_talk, wishes
from core.answering.words import content_words
from core.clock import utc_now
from core.errors import Invalid, NotFound
from core.knowledge.wording import LONGEST_ANSWER, LONGEST_QUESTION, MOST_PHRASINGS, folded
from core.privacy import mask
from core.texts import clean, clean_line
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Outcome, Sender
from models.jobs import Job
from models.knowledge import Entry, Phrasing, Proposal, ProposalKind
from models.teammates import Teammate

MOST_OPEN = 200
MOST_OF_ONE = 3
_DEALT_WITH = "This proposal has been dealt with already."
_MOST_MESSAGES = 200
# "Yes." and "One moment, please" teach nobody anything.
_SHORTEST_ANSWER_WORDS = 5
# "Hello Priya, …" is for Priya.
_SALUTATION = re.compile(r"^(?:hello|hi|hey|dear|good \w+)(?: [^\W\d_]+)?[,!.] *", re.IGNORECASE)
_NOT_KNOWN = (Outcome.UNANSWERED, Outcome.SUGGESTED)


@dataclass(frozen=True)
class Said:
    """A message of a conversation, and what became of it where it was a question."""

    sender: Sender
    text: str
    outcome: Outcome | None = None
    entry_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Lesson:
    """A question in a customer's words with what answers it: an entry that is there, or a teammate's words."""

    question: str
    entry_id: uuid.UUID | None = None
    answer: str = ""


def run(job: Job) -> None:
    """Look through the job's conversation, and propose what it could teach."""
    conversation = db.session.get(Conversation, job.subject_id)
    if conversation is None:
        return
    agent = db.session.get_one(Agent, conversation.agent_id)
    fresh = [lesson for lesson in lessons(_said(conversation)) if not _is_known(agent, lesson)]
    with transaction():
        for lesson in fresh[: min(MOST_OF_ONE, MOST_OPEN - count(agent))]:
            db.session.add(_proposal(agent, conversation, lesson, now=utc_now()))


def lessons(said: Sequence[Said]) -> Iterator[Lesson]:
    """What a conversation teaches, from the order of who said what.

    A question that was not answered, and then was in other words, is a phrasing of what answered it. A teammate's
    words after a question that the agent could not answer are its answer.
    """
    open_question: Said | None = None
    answer: list[str] = []
    for one in said:
        if one.sender is Sender.PERSON and open_question is not None:
            answer.append(one.text)
        if one.sender is not Sender.CUSTOMER:
            continue
        if answer and open_question is not None:
            yield from _taught(open_question, answer)
            open_question, answer = None, []
        if one.outcome is Outcome.ANSWERED and one.entry_id and open_question is not None:
            if _are_alike(open_question.text, one.text) or open_question.outcome is Outcome.SUGGESTED:
                yield Lesson(_line(open_question.text), entry_id=one.entry_id)
            open_question = None
        elif _is_question(one):
            open_question = one
    if answer and open_question is not None:
        yield from _taught(open_question, answer)


def listed(agent: Agent) -> Sequence[Proposal]:
    """What waits to be looked at, the newest first."""
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.agent_id == agent.id, Proposal.settled_at.is_(None))
        .order_by(Proposal.created_at.desc(), Proposal.id.desc())
        .limit(MOST_OPEN)
    ).all()


def of(conversation: Conversation) -> Sequence[Proposal]:
    """All that one conversation has led to, dealt with or not."""
    return db.session.scalars(
        select(Proposal).where(Proposal.conversation_id == conversation.id).order_by(Proposal.id)
    ).all()


def count(agent: Agent) -> int:
    open_ones = select(func.count()).select_from(Proposal)
    return db.session.scalar(open_ones.where(Proposal.agent_id == agent.id, Proposal.settled_at.is_(None))) or 0


def find(agent: Agent, proposal_id: uuid.UUID) -> Proposal:
    """One that waits still.

    Raises:
        NotFound: when there is none of this id, it was dealt with, or it is another agent's.
    """
    proposal = db.session.scalar(
        select(Proposal).where(Proposal.id == proposal_id, Proposal.agent_id == agent.id, Proposal.settled_at.is_(None))
    )
    if proposal is None:
        raise NotFound(_DEALT_WITH)
    return proposal


def approve(
    agent: Agent, proposal: Proposal, *, question: str, answer: str = "", by: Teammate | None, now: datetime
) -> Entry:
    """Teach the agent what was proposed, as the teammate has worded it.

    Raises:
        Invalid: when a text is missing or too long, or the entry can take no more phrasings.
        NotFound: when somebody else has just dealt with it.
    """
    with transaction():
        _lock(proposal)
        entry = db.session.get(Entry, proposal.entry_id) if proposal.entry_id else None
        if entry is None:
            entry = unanswered.answer(
                agent, asked=proposal.question, question=question, answer=answer, phrasings=(), by=by, now=now
            )
        else:
            _add_phrasing(agent, entry, question, by=by, now=now)
            unanswered.settle(agent, [proposal.question, question], now=now)
        _settle(agent, proposal, is_approved=True, by=by, now=now)
    return entry


def refuse(agent: Agent, proposal: Proposal, *, by: Teammate | None, now: datetime) -> None:
    """Take a proposal off the list; the agent learns nothing of it.

    Raises:
        NotFound: when somebody else has just dealt with it.
    """
    with transaction():
        _lock(proposal)
        _settle(agent, proposal, is_approved=False, by=by, now=now)


def _lock(proposal: Proposal) -> None:
    # Two who press the button at once teach it once.
    db.session.refresh(proposal, with_for_update=True)
    if proposal.settled_at is not None:
        raise NotFound(_DEALT_WITH)


def _settle(agent: Agent, proposal: Proposal, *, is_approved: bool, by: Teammate | None, now: datetime) -> None:
    proposal.settled_at, proposal.is_approved = now, is_approved
    proposal.teammate_id = by.id if by else None
    action = "proposal.approve" if is_approved else "proposal.refuse"
    audits.record(agent.workspace_id, action, by=by, subject=("proposal", proposal.id, agent.name), now=now)


def _add_phrasing(agent: Agent, entry: Entry, text: str, *, by: Teammate | None, now: datetime) -> None:
    texts = [phrasing.text for phrasing in entry.phrasings]
    if not clean_line(text):
        raise Invalid("Write how customers ask this.")
    if len(texts) >= MOST_PHRASINGS:
        raise Invalid(f"“{entry.question}” has {MOST_PHRASINGS} other ways to ask already.")
    knowledge.change(
        agent, entry, question=entry.question, answer=entry.answer, phrasings=[*texts, text], by=by, now=now
    )


def _said(conversation: Conversation) -> list[Said]:
    rows = db.session.execute(
        select(Message.sender, Message.text, Answer.outcome, Answer.entry_id)
        .outerjoin(Answer, Answer.message_id == Message.id)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.seq.desc())
        .limit(_MOST_MESSAGES)
    ).all()
    return [Said(row.sender, row.text, row.outcome, row.entry_id) for row in reversed(rows)]


def _is_question(said: Said) -> bool:
    # What was written while a person was there has no outcome: only its mark tells a question from the rest.
    return (
        (said.outcome in _NOT_KNOWN or (said.outcome is None and said.text.rstrip().endswith(("?", "？", "؟"))))
        and len(content_words(said.text)) > 1
        and small_talk.kind(said.text) is None
        and not wishes.asks_for_person(said.text)
        and not wishes.agrees(said.text)
    )


def _taught(question: Said, answer: Sequence[str]) -> Iterator[Lesson]:
    # A person writes names and numbers of the one customer before them; nobody else is to read those.
    text = mask(clean("\n\n".join(_SALUTATION.sub("", part) for part in answer))).text[:LONGEST_ANSWER]
    if len(text.split()) >= _SHORTEST_ANSWER_WORDS:
        yield Lesson(_line(question.text), answer=text)


def _line(text: str) -> str:
    return clean_line(mask(text).text)[:LONGEST_QUESTION].rstrip()


def _are_alike(question: str, other: str) -> bool:
    """Whether two questions share a word that says something: then the second is the first, in other words."""
    return bool(set(content_words(question)) & set(content_words(other)))


def _is_known(agent: Agent, lesson: Lesson) -> bool:
    key = folded(lesson.question)
    if lesson.entry_id is not None:
        entry = db.session.get(Entry, lesson.entry_id)
        # What a page says is changed on the page.
        if entry is None or entry.archived_at is not None or entry.page_id is not None:
            return True
    asked = db.session.scalars(select(Entry.question).where(Entry.agent_id == agent.id, Entry.archived_at.is_(None)))
    phrasings = db.session.scalars(
        select(Phrasing.text).join(Entry, Entry.id == Phrasing.entry_id).where(Entry.agent_id == agent.id)
    )
    proposed = db.session.scalars(select(Proposal.question).where(Proposal.agent_id == agent.id))
    return any(folded(text) == key for texts in (asked, phrasings, proposed) for text in texts)


def _proposal(agent: Agent, conversation: Conversation, lesson: Lesson, *, now: datetime) -> Proposal:
    return Proposal(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        conversation_id=conversation.id,
        kind=ProposalKind.PHRASING if lesson.entry_id else ProposalKind.ENTRY,
        entry_id=lesson.entry_id,
        question=lesson.question,
        answer=lesson.answer or None,
        created_at=now,
    )
