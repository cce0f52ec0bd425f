"""Questions that an agent could not answer, and what a teammate does about them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Row, select, update

from core import knowledge
from core.answering.entries import Vector
from core.answering.groups import grouped
from core.conversations import PREVIEW
from core.errors import Invalid, NotFound
from core.knowledge.learning import start_learning
from core.knowledge.revisions import touch
from core.knowledge.wording import LONGEST_QUESTION, MOST_PHRASINGS, folded
from core.texts import clean_line
from gateways import embeddings
from models import db, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, Outcome
from models.knowledge import Entry, Phrasing
from models.teammates import Teammate

# The latest so many are looked at; nobody works through more, and older ones come up when these are settled.
_MOST_LOOKED_AT = 2_000
_AT_ONCE = 500
# The latest so many are compared by their meaning (5 ms each, the first time).
_MOST_COMPARED = 150


@dataclass(frozen=True)
class Question:
    """One question, however often, in whichever spelling and in whichever words it was asked."""

    message_id: uuid.UUID
    text: str
    times: int
    asked_at: datetime
    """The last time."""
    was_offered_others: bool
    """The agent was not sure, and offered questions to choose from."""
    others: tuple[str, ...] = ()
    """The same in other words, as it was asked beside."""

    @property
    def short(self) -> str:
        """As the question of an entry, which is one line of limited length."""
        return shortened(self.text)


def shortened(text: str) -> str:
    """A customer's words as the question of an entry: one line of limited length."""
    return clean_line(text)[:LONGEST_QUESTION].rstrip()


def listed(agent: Agent) -> list[Question]:
    """The open questions, those that mean the same together; what was asked last first."""
    return _together(_by_spelling(agent))


def _by_spelling(agent: Agent) -> list[Question]:
    groups: dict[str, list[Row[uuid.UUID, str, datetime, Outcome | None]]] = {}
    for row in _open(agent):
        groups.setdefault(_key(row.text), []).append(row)
    return [
        Question(rows[0].message_id, rows[0].text, len(rows), rows[0].created_at, _is_suggested(rows))
        for rows in groups.values()
    ]


def find(agent: Agent, message_id: uuid.UUID) -> Question:
    """One open question of this agent.

    Raises:
        NotFound: when there is none of this id, or it has been settled, or it is another agent's.
    """
    message = db.session.scalar(
        select(Message)
        .join(Answer, Answer.message_id == Message.id)
        .where(Message.id == message_id, Answer.agent_id == agent.id, Answer.settled_at.is_(None))
    )
    wanted = _key(message.text) if message else None
    question = next((question for question in listed(agent) if wanted in _keys(question)), None)
    if question is None:
        raise NotFound("This question has been dealt with already.")
    return question


def answer(
    agent: Agent,
    *,
    asked: str,
    question: str,
    answer: str,
    phrasings: Iterable[str],
    by: Teammate | None,
    now: datetime,
) -> Entry:
    """Teach the agent an answer, and settle what was asked with it.

    Args:
        asked: the customer's words, where the entry was made for them; the entry's own words are settled too.

    Raises:
        Invalid: when a text is missing or too long.
    """
    meant = _meant_by(agent, asked) if asked else []
    with transaction():
        entry = knowledge.add(agent, question=question, answer=answer, phrasings=phrasings, by=by, now=now)
        settle(agent, [*meant, entry.question, *(phrasing.text for phrasing in entry.phrasings)], now=now)
    return entry


def add_as_phrasing(agent: Agent, question: Question, entry: Entry, *, by: Teammate | None, now: datetime) -> None:
    """Let an entry that is there already answer the question too, and settle it.

    Raises:
        Invalid: when the entry has as many phrasings as it can hold.
    """
    with transaction():
        touch(agent)
        db.session.refresh(entry)
        known = {folded(text) for text in (entry.question, *(phrasing.text for phrasing in entry.phrasings))}
        if len(entry.phrasings) >= MOST_PHRASINGS:
            raise Invalid(
                f"“{entry.question}” has {MOST_PHRASINGS} other ways to ask already. Choose another question."
            )
        for text in (question.short, *map(shortened, question.others)):
            if folded(text) not in known and len(entry.phrasings) < MOST_PHRASINGS:
                known.add(folded(text))
                entry.phrasings.append(Phrasing(text=text, position=len(entry.phrasings)))
                entry.updated_at = now
        settle(agent, [question.text, *question.others], now=now)
        start_learning(agent, now=now)


def dismiss(agent: Agent, question: Question, *, now: datetime) -> None:
    """Not a question for this business: take it off the list, with all its repetitions."""
    with transaction():
        settle(agent, [question.text, *question.others], now=now)


def near_entries(agent: Agent, question: Question) -> list[Entry]:
    """The entries that may answer it already, if only they were asked for like this; the most likely first."""
    found = knowledge.index_for(agent).search(question.text)
    near = [found.entry_id, *found.suggestions] if found.entry_id else found.suggestions
    return knowledge.find_many(agent, map(uuid.UUID, near))


def suggested_entries(agent: Agent, question: Question) -> list[Entry]:
    """The entries that come closest, to choose from."""
    ranking = knowledge.index_for(agent).search(question.text, limit=5).ranking
    return knowledge.find_many(agent, [uuid.UUID(entry_id) for entry_id, _ in ranking])


def ways_to_ask(agent: Agent, asked: str) -> list[str]:
    """Other words in which an open question was asked, fit to be phrasings of its answer."""
    return [shortened(text) for text in _meant_by(agent, asked)[1:]][:MOST_PHRASINGS]


def settle(agent: Agent, texts: Iterable[str], *, now: datetime) -> None:
    """Take these questions off the list, inside the caller's transaction: they have an answer now, or need none."""
    keys = {_key(text) for text in texts} - {""}
    matching = [row.message_id for row in _open(agent) if _key(row.text) in keys]
    for first in range(0, len(matching), _AT_ONCE):
        db.session.execute(
            update(Answer)
            .where(Answer.message_id.in_(matching[first : first + _AT_ONCE]))
            .values(settled_at=now)
            .execution_options(synchronize_session=False)
        )


def _open(agent: Agent) -> Sequence[Row[uuid.UUID, str, datetime, Outcome | None]]:
    return db.session.execute(
        select(Answer.message_id, Message.text, Answer.created_at, Answer.outcome)
        .join(Message, Message.id == Answer.message_id)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Answer.agent_id == agent.id,
            Answer.outcome.in_((Outcome.UNANSWERED, Outcome.SUGGESTED)),
            Answer.settled_at.is_(None),
            Conversation.channel != PREVIEW,
        )
        .order_by(Answer.created_at.desc(), Answer.message_id.desc())
        .limit(_MOST_LOOKED_AT)
    ).all()


def _together(questions: Sequence[Question]) -> list[Question]:
    """Put those that mean the same behind the one of them that was asked last."""
    if embeddings.load() is None:
        return list(questions)
    compared, rest = questions[:_MOST_COMPARED], questions[_MOST_COMPARED:]
    vectors = [vector for question in compared if (vector := _vector(question.short)) is not None]
    return [_joined([compared[place] for place in group]) for group in grouped(vectors)] + list(rest)


def _joined(same: Sequence[Question]) -> Question:
    first, *others = same
    return replace(
        first,
        times=sum(question.times for question in same),
        was_offered_others=any(question.was_offered_others for question in same),
        others=tuple(question.text for question in others),
    )


@lru_cache(maxsize=2_000)
def _vector(text: str) -> Vector | None:
    # A page is looked at again and again, and each question costs milliseconds.
    embedder = embeddings.load()
    return embedder.embed([text])[0] if embedder else None


def _meant_by(agent: Agent, asked: str) -> list[str]:
    """The question that was asked, and what else was asked that means the same."""
    key = _key(asked)
    same = next((question for question in listed(agent) if key in _keys(question)), None)
    if same is None:
        return [asked]
    return [asked, *(text for text in (same.text, *same.others) if _key(text) != key)]


def _keys(question: Question) -> set[str]:
    return {_key(text) for text in (question.text, *question.others)}


def _key(text: str) -> str:
    """What spellings of one question have in common; a link may hold no more than its beginning."""
    return folded(text[: 4 * LONGEST_QUESTION])[:LONGEST_QUESTION].rstrip(" ?!.")


def _is_suggested(rows: Sequence[Row[uuid.UUID, str, datetime, Outcome | None]]) -> bool:
    return any(row.outcome == Outcome.SUGGESTED for row in rows)
