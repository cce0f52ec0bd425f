"""Answers in a language model's words, from what the agent knows; nothing where there is none or it fails."""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import select

from core import grounding
from core.answering import Ranking
from core.grounding import Source, Turn
from core.growing import Growing
from core.replies import Reply, fetching, speaker_of
from core.traces import Attempt, Trace
from core.widget_configs import WidgetConfig
from gateways import llm
from gateways.llm import Call, Model, ModelFailed, Words
from models import db
from models.agents import Agent
from models.conversations import Conversation, Message, Outcome, Sender
from models.knowledge import Entry
from models.teammates import Workspace

log = structlog.get_logger()

_HISTORY = 6
"""Messages before the question that the model is told."""
_LONGEST_REASON = 60

_model: Model | None = None


def use_model(model: Model | None) -> None:
    """Say which model answers; None: the built-in answering alone."""
    global _model  # noqa: PLW0603 - one model a process is the point
    _model = model


def compose(
    agent: Agent,
    conversation: Conversation,
    message: Message,
    found: Ranking,
    *,
    config: WidgetConfig,
    growing: Growing,
    trace: Trace,
) -> Reply | None:
    """Have the model answer, and show its words as they come.

    Args:
        found: what the agent knows about the question.
        config: how the agent is called, and whether it may fetch a person.
        trace: where to note how the answer comes about.

    Returns:
        the reply, or None when there is no model, it failed, or it has no answer: the built-in answering is asked then.

    Raises:
        Interrupted: when a person has taken over meanwhile.
    """
    if _model is None:
        return None
    has_people = config.features["handoff"]
    sources = _sources(agent, found)
    messages = _prompt(agent, conversation, message, sources, name=config.name, has_people=has_people)
    hosts = grounding.hosts_of([agent.site_url or "", *(source.text for source in sources)])
    trace.asked(messages)
    # The model takes its time; no read stays open meanwhile.
    db.session.commit()
    started = time.perf_counter()
    try:
        text, calls = _listen(_model, messages, grounding.tools(has_people=has_people), hosts, growing)
    except ModelFailed as failure:
        seconds = time.perf_counter() - started
        log.warning("model_failed", code=failure.code, seconds=round(seconds, 3))
        trace.tried(Attempt(_model.name, milliseconds=seconds * 1000, failure=failure.code))
        return None
    trace.tried(Attempt(_model.name, milliseconds=(time.perf_counter() - started) * 1000))
    log.info("model_answered", seconds=round(time.perf_counter() - started, 3), characters=len(text))
    words = grounding.shown(text, hosts=hosts, is_whole=True).strip()
    person = next((call for call in calls if has_people and call.name == grounding.FETCH_PERSON), None)
    if person is not None:
        speaker = speaker_of(config, conversation.language)
        return replace(fetching(speaker, reason=_reason(person), text=words), score=found.score)
    return _reply(config.name, words, grounding.cited(text, sources), found.score) if words else None


def _prompt(
    agent: Agent,
    conversation: Conversation,
    message: Message,
    sources: Sequence[Source],
    *,
    name: str,
    has_people: bool,
) -> Sequence[grounding.Said]:
    return grounding.prompt(
        name=name,
        business=db.session.get_one(Workspace, agent.workspace_id).name,
        sources=sources,
        history=_history(conversation, message),
        question=message.text,
        has_people=has_people,
    )


def _reason(call: Call) -> str:
    reason = " ".join(str(call.arguments.get("reason") or "").split())[:_LONGEST_REASON]
    return reason or "the agent asked for one"


def _listen(
    model: Model,
    messages: Sequence[grounding.Said],
    tools: Sequence[grounding.Tool],
    hosts: Iterable[str],
    growing: Growing,
) -> tuple[str, list[Call]]:
    text, calls = "", []
    for part in llm.stream(model, messages, tools=tools):
        if isinstance(part, Words):
            text += part.text
            if growing.is_due:
                growing.grow(grounding.shown(text, hosts=hosts))
        elif isinstance(part, Call):
            calls.append(part)
    return text, calls


def _reply(name: str, words: str, used: Sequence[Source], score: float) -> Reply:
    details = {
        "name": name,
        "sources": [{"title": source.title, "html": ""} for source in used],
        "unsupported": not used,
    }
    entry_id = uuid.UUID(used[0].entry_id) if used else None
    return Reply(words, Outcome.ANSWERED, details, entry_id=entry_id, score=score)


def _sources(agent: Agent, found: Ranking) -> list[Source]:
    ids = [uuid.UUID(entry_id) for entry_id, _score in found.ranking[: grounding.MOST_SOURCES]]
    rows = db.session.execute(
        select(Entry.id, Entry.question, Entry.answer).where(
            Entry.id.in_(ids), Entry.agent_id == agent.id, Entry.archived_at.is_(None)
        )
    )
    by_id = {row.id: Source(str(row.id), row.question, row.answer) for row in rows}
    return [by_id[entry_id] for entry_id in ids if entry_id in by_id]


def _history(conversation: Conversation, message: Message) -> list[Turn]:
    rows = db.session.execute(
        select(Message.sender, Message.text)
        .where(
            Message.conversation_id == conversation.id,
            Message.seq < message.seq,
            Message.sender.in_((Sender.CUSTOMER, Sender.AGENT, Sender.PERSON)),
        )
        .order_by(Message.seq.desc())
        .limit(_HISTORY)
    ).all()
    return [Turn(row.sender is Sender.CUSTOMER, row.text) for row in reversed(rows)]
