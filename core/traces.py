"""Why an answer was given: what was found, asked, called and paid for it, noted while it comes about.

Customers' words in it are masked, whoever noted them; what an agent knows is its business's own and stays as it is.
"""

import json
import time
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import Table, select

from core.errors import NotFound
from core.privacy import mask
from models import Prepared, db, insert_into, write_row
from models.answering import AnswerTrace, ModelUse
from models.conversations import Conversation, Message
from models.knowledge import Entry

_MOST_STEPS = 60
_MOST_FOUND = 8
_LONGEST_TEXT = 2_000
_LONGEST_PROMPT = 24_000


@dataclass
class Attempt:
    """One try of one model, as the trace keeps it."""

    model: str
    """What admins call it."""
    name: str = ""
    """What its server calls it."""
    milliseconds: float = 0.0
    first_word: float | None = None
    """Milliseconds until then."""
    input_tokens: int = 0
    output_tokens: int = 0
    is_estimated: bool = False
    """Whether the server did not count the tokens."""
    cost: int = 0
    """Millionths of the workspace's money."""
    failure: str | None = None
    """A code of `gateways.llm`; None: it has answered."""


@dataclass
class Trace:
    """Collects what leads to one answer. Nothing is stored before `store`, and noting costs next to nothing."""

    started: float = field(default_factory=time.perf_counter)
    asked_at: float = field(default_factory=time.monotonic)
    """When the question came in; answers are begun soon after, and where much is asked, later."""
    attempts: list[Attempt] = field(default_factory=list)
    _found: list[dict[str, Any]] = field(default_factory=list)
    _prompt: Sequence[Mapping[str, Any]] = ()
    _steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """Since the answer was begun."""
        return (time.perf_counter() - self.started) * 1000

    @property
    def waited(self) -> float:
        """Seconds since the question came in."""
        return time.monotonic() - self.asked_at

    def found(self, ranking: Sequence[tuple[str, float]]) -> None:
        """Note what was found in what the agent knows: ids of entries and their scores, the best first."""
        self._found = [{"id": entry_id, "score": round(score, 3)} for entry_id, score in ranking[:_MOST_FOUND]]

    def asked(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Note what the model is asked, as it is sent: whoever makes a prompt masks it."""
        self._prompt = messages

    def note(self, text: str, **values: Any) -> None:
        """Note a decision in a sentence for admins, such as "The budget of today is used up."

        Args:
            values: what it was decided by; numbers and short texts.
        """
        self._step({"kind": "note", "text": text, **({"values": values} if values else {})})

    def call(
        self,
        title: str,
        arguments: Mapping[str, Any],
        result: str,
        *,
        seconds: float,
        is_ok: bool = True,
        is_asked: bool = False,
    ) -> None:
        """Note a call of a tool.

        Args:
            title: of the tool, for people.
            arguments: what it was given, without any key or token.
            result: what came back, in words.
            is_asked: whether the customer is asked first, and nothing was done yet.
        """
        told = {"arguments": json.dumps(arguments, ensure_ascii=False, default=str), "result": result}
        how = {"took": round(seconds * 1000, 1), "is_ok": is_ok, **({"is_asked": True} if is_asked else {})}
        self._step({"kind": "call", "title": title, **how, **told})

    def tried(self, attempt: Attempt) -> None:
        """Note one try of a model, whatever came of it."""
        self.attempts.append(attempt)
        self._step({"kind": "model", "attempt": len(self.attempts) - 1})

    @contextmanager
    def timed(self, text: str) -> Iterator[None]:
        """Note how long something takes."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._step({"kind": "note", "text": text, "took": round((time.perf_counter() - started) * 1000, 1)})

    def content(self) -> dict[str, Any]:
        """All of it, bounded and masked, fit for JSON."""
        return {
            "found": self._found,
            "prompt": _bounded(self._prompt),
            "attempts": [vars(attempt) for attempt in self.attempts],
            "steps": [_masked(step) for step in self._steps],
        }

    def _step(self, step: dict[str, Any]) -> None:
        if len(self._steps) < _MOST_STEPS:
            self._steps.append({"at": round(self.milliseconds, 1), **step})


def store(trace: Trace, message: Message, conversation: Conversation, *, now: datetime) -> None:
    """Keep why a reply was given, in the transaction that stores the reply, and count what it has cost.

    Args:
        message: the reply.
    """
    answered = next((attempt for attempt in trace.attempts if attempt.failure is None), None)
    write_row(
        AnswerTrace,
        message_id=message.id,
        workspace_id=conversation.workspace_id,
        agent_id=conversation.agent_id,
        conversation_id=conversation.id,
        model=answered.model if answered else None,
        input_tokens=sum(attempt.input_tokens for attempt in trace.attempts),
        output_tokens=sum(attempt.output_tokens for attempt in trace.attempts),
        cost=sum(attempt.cost for attempt in trace.attempts),
        milliseconds=trace.milliseconds,
        content=trace.content(),
        created_at=now,
    )
    count(trace, conversation, now=now)


def find(conversation: Conversation, message_id: uuid.UUID) -> AnswerTrace:
    """Why a reply in this conversation was given.

    Raises:
        NotFound: when there is no such reply, or nothing is kept about it.
    """
    trace = db.session.get(AnswerTrace, message_id)
    if trace is None or trace.conversation_id != conversation.id:
        raise NotFound("Nothing is kept about how this answer came about.")
    return trace


def explained(message_ids: Collection[uuid.UUID]) -> Collection[uuid.UUID]:
    """Those of some replies about which it is kept why they were given."""
    return set(db.session.scalars(select(AnswerTrace.message_id).where(AnswerTrace.message_id.in_(message_ids))))


def titles(trace: AnswerTrace) -> dict[str, str]:
    """What the entries are called that were found, by their ids; those that are gone are left out."""
    ids = [uuid.UUID(found["id"]) for found in trace.content.get("found", [])]
    rows = db.session.execute(
        select(Entry.id, Entry.question).where(Entry.id.in_(ids), Entry.agent_id == trace.agent_id)
    )
    return {str(row.id): row.question for row in rows}


def count(trace: Trace, conversation: Conversation, *, now: datetime) -> None:
    """Add what an answer has used of models to the figures of the day, whether or not it was given."""
    for title in sorted({attempt.model for attempt in trace.attempts}):
        tries = [attempt for attempt in trace.attempts if attempt.model == title]
        counted = {
            "answers": sum(attempt.failure is None for attempt in tries),
            "failures": sum(attempt.failure is not None for attempt in tries),
            "input_tokens": sum(attempt.input_tokens for attempt in tries),
            "output_tokens": sum(attempt.output_tokens for attempt in tries),
            "cost": sum(attempt.cost for attempt in tries),
        }
        new = {"agent_id": conversation.agent_id, "day": now.date(), "model": title[:60]}
        values = {**new, "workspace_id": conversation.workspace_id, **counted}
        _counting(db.session.get_bind().dialect.name).run(**values)


@cache
def _counting(_dialect: str) -> Prepared:
    table = cast(Table, ModelUse.__table__)
    adding = insert_into(table)
    names = ("answers", "failures", "input_tokens", "output_tokens", "cost")
    key = ("agent_id", "day", "model")
    counting = adding.on_conflict_do_update(
        index_elements=key, set_={name: table.c[name] + adding.excluded[name] for name in names}
    )
    return Prepared(counting, (*key, "workspace_id", *names))


def _bounded(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    left, kept = _LONGEST_PROMPT, []
    for message in messages:
        content = message.get("content")
        text = content if isinstance(content, str) else json.dumps(message, ensure_ascii=False, default=str)
        kept.append({"role": str(message.get("role", "")), "content": text[:left]})
        left = max(0, left - len(text))
    return kept


def _masked(step: dict[str, Any]) -> dict[str, Any]:
    return {name: _mask(value[:_LONGEST_TEXT]) if _is_free(name, value) else value for name, value in step.items()}


@lru_cache(maxsize=500)
def _mask(text: str) -> str:
    # Most of it is one of our few sentences.
    return mask(text).text


def _is_free(name: str, value: object) -> bool:
    # What tools were given and gave may be anybody's words.
    return name in ("arguments", "result", "text") and isinstance(value, str)
