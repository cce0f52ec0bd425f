"""What an agent knows about a customer's message, understood from the conversation it stands in."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from core import knowledge
from core.answering import Index, Ranking, follow_ups, remarks, several, small_talk
from core.answering.languages import recognized
from core.answering.words import WORD
from models import db
from models.agents import Agent
from models.conversations import Answer, Message, Sender
from models.knowledge import Entry

# Whoever asks "and there?" four times in a row still means the question that began it.
_MOST_BEFORE = 4
_ORDER_NUMBER = re.compile(r"#\s?[A-Za-z]{0,4}-?\d{3,14}\b|(?<![\w/-])[A-Za-z]{1,4}-\d{4,14}(?![\w-])")


@dataclass(frozen=True)
class Asked:
    """An earlier question of the same conversation, and the entry that it was answered with, if it was."""

    text: str
    entry_id: uuid.UUID | None


@dataclass(frozen=True)
class Found:
    """A ranking, and the question that it was made for: the customer's own, or that with what it leans on."""

    ranking: Ranking
    question: str
    unknown_language: str | None = None
    """In which the customer wrote, where nothing that the agent knows is in it."""


def search(agent: Agent, question: str, *, language: str, before: Callable[[], Sequence[Asked]] = tuple) -> Found:
    """Look for what answers a message. To be called outside any transaction: it may take a second.

    Args:
        language: in which the widget speaks to this customer.
        before: reads what was asked before, the last first; called only when the message leans on that.
    """
    index = knowledge.index_for(agent)
    alone = _alone(index, question, language)
    if alone.ranking.outcome == "small_talk" or not follow_ups.leans(question):
        return alone
    asked = before()
    if not asked:
        return alone
    together = replace(_together(index, question, asked, language), unknown_language=alone.unknown_language)
    return max(alone, together, key=_worth)


def _alone(index: Index, question: str, language: str) -> Found:
    whole = Found(index.search(question, language=language), question, _unknown_language(index, question))
    # The number of somebody's order says nothing of what an agent knows.
    bare = " ".join(_ORDER_NUMBER.sub(" ", question).split())
    if bare == question or whole.ranking.outcome == "answered" or not WORD.search(bare):
        return whole
    return max(whole, replace(whole, ranking=index.search(bare, language=language)), key=_worth)


def search_each(agent: Agent, question: str, *, language: str) -> Sequence[Found]:
    """Look for what answers each of the questions in a message; nothing where it asks one thing."""
    parts = several.questions_in(question)
    index = knowledge.index_for(agent) if parts else None
    return [Found(index.search(part, language=language), part) for part in parts] if index else []


def asked_before(message: Message) -> list[Asked]:
    """The questions right before a message of a customer's, the last first."""
    rows = db.session.execute(
        select(Message.text, Answer.entry_id)
        .outerjoin(Answer, Answer.message_id == Message.id)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.seq < message.seq,
            Message.sender == Sender.CUSTOMER,
            Message.text != "",
        )
        .order_by(Message.seq.desc())
        .limit(2 * _MOST_BEFORE)
    )
    # "Thanks" and "no" between two questions are not what the second one leans on.
    return [Asked(row.text, row.entry_id) for row in rows if not _is_aside(row.text)][:_MOST_BEFORE]


def _is_aside(text: str) -> bool:
    return small_talk.kind(text) is not None or remarks.remark(text) is not None


def _together(index: Index, question: str, asked: Sequence[Asked], language: str) -> Found:
    whole = follow_ups.joined(question, [one.text for one in asked])
    ranking = index.search(whole, language=language)
    last = next((one.entry_id for one in asked if one.entry_id), None)
    if last is None or ranking.entry_id != str(last) or _has_more_to_say(last, question):
        return Found(ranking, whole)
    # The same words once more would be no answer.
    return Found(index.search(whole, language=language, leave_out=str(last)), whole)


def _unknown_language(index: Index, question: str) -> str | None:
    asked = recognized(question)
    return asked if index.languages and asked not in index.languages else None


def _has_more_to_say(entry_id: uuid.UUID, question: str) -> bool:
    entry = db.session.get(Entry, entry_id)
    return entry is not None and follow_ups.says_of(f"{entry.question} {entry.answer}", question)


def _worth(found: Found) -> tuple[int, float]:
    order = ("unanswered", "small_talk", "suggested", "answered")
    return order.index(found.ranking.outcome), found.ranking.score
