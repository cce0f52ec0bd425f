"""Answers in a language model's words, from what the agent knows; nothing where there is none or it fails."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from sqlalchemy import bindparam, select

from core import (
    answer_settings,
    asking,
    grounding,
    handoff_summaries,
    language_models,
    page_contexts,
    remembering,
    shop_accounts,
    spending,
    tool_calls,
)
from core.answer_settings import Manner, Unsupported
from core.answering import Ranking
from core.asking import Heard
from core.citations import citation
from core.clock import utc_now
from core.errors import NotFound
from core.grounding import Source, Turn
from core.growing import Growing
from core.handoff_causes import Cause
from core.language_models import Endpoint, use_model
from core.leaks import Leaks
from core.privacy import mask
from core.replies import Reply, Speaker, Wanted, fetching, speaker_of
from core.support import unsupported_figures
from core.tool_rounds import Rounds
from core.traces import Trace
from core.widget_configs import WidgetConfig
from gateways.llm import Call
from models import Prepared, db
from models.agents import Agent
from models.conversations import Conversation, Message, Outcome, Sender
from models.knowledge import Entry
from models.teammates import Workspace

__all__ = ["compose", "use_model"]


_HISTORY = 6
"""Messages before the question that the model is told."""
_LONGEST_REASON = 60

_SHOWN = tuple(f"entry_{number}" for number in range(grounding.MOST_SOURCES))
_ENTRIES = Prepared(
    select(Entry.id, Entry.question, Entry.answer, Entry.title_path, Entry.link, Entry.page_id).where(
        # As many as there can be.
        Entry.id.in_([bindparam(name, type_=Entry.id.type) for name in _SHOWN]),
        Entry.agent_id == bindparam("agent_id"),
        Entry.archived_at.is_(None),
    )
)
_SAID = Prepared(
    select(Message.sender, Message.text)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.seq < bindparam("seq"),
        Message.sender != bindparam("unsaid", Sender.SYSTEM),
    )
    .order_by(Message.seq.desc())
    .limit(_HISTORY)
)


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
    endpoints = language_models.endpoints(agent.workspace_id)
    if not endpoints:
        return None
    spent = spending.exceeded(agent.id, conversation, now=utc_now())
    if spent:
        trace.note(f"{spent} The built-in answering answers.")
        return None
    told = told_of(agent, conversation, message, found, config)
    rounds = Rounds(conversation, message, trace)
    heard = _heard(endpoints, told, rounds, _shower(growing, told), growing.asked, trace)
    if heard is None:
        trace.note("No model answered. The built-in answering answers.")
        return None
    if rounds.question is not None:
        return tool_calls.question(rounds.question, speaker_of(config, conversation.language))
    reply = _made_of(heard, told, config, conversation, found, trace, rounds.sources)
    if reply is None or rounds.sign_in_at is None:
        return reply
    return _with_way_in(reply, rounds.sign_in_at)


def _with_way_in(reply: Reply, connection_id: uuid.UUID) -> Reply:
    try:
        way = shop_accounts.card(connection_id)
    except NotFound:
        return reply
    return replace(reply, details={**reply.details, **way})


def _heard(
    endpoints: Sequence[Endpoint],
    told: "Told",
    rounds: Rounds,
    show: Callable[[str], None],
    asked: Callable[[], None],
    trace: Trace,
) -> Heard | None:
    """What the model says in the end; between, it has used tools."""
    messages, waited = rounds.introduced(told.messages), trace.waited
    while True:
        trace.asked(messages)
        # The model takes its time; no read stays open meanwhile.
        db.session.commit()
        tools = [*grounding.tools(has_people=told.has_people, may_note=told.may_note), *rounds.tools]
        heard = asking.ask(endpoints, messages, tools=tools, hear=show, trace=trace, asked=asked, waited=waited)
        told.notes.extend(_noted(heard.calls, told, trace) if heard else ())
        if heard is None or (told.has_people and any(call.name == grounding.FETCH_PERSON for call in heard.calls)):
            return heard
        more = rounds.go_on(heard.text, heard.calls)
        if not more:
            return heard
        # A tool has taken its own time; the model is given all of its own again.
        messages, waited = [*messages, *more], 0.0


@dataclass(frozen=True)
class Told:
    """What a model is told for one question, and what holds for its answer."""

    messages: Sequence[grounding.Said]
    sources: Sequence[Source]
    said: Sequence[str]
    """The customer's question, and what they said before it."""
    hosts: frozenset[str]
    manner: Manner
    has_people: bool
    may_note: bool
    leaks: Leaks
    notes: list[Wanted] = field(default_factory=list)
    """What the model wants remembered of the customer."""


def told_of(agent: Agent, conversation: Conversation, message: Message, found: Ranking, config: WidgetConfig) -> Told:
    manner = answer_settings.of(agent.id).manner
    sources, history = _sources(agent, found), _history(conversation, message)
    has_people = config.features["handoff"]
    messages = grounding.prompt(
        name=config.name,
        business=db.session.get_one(Workspace, agent.workspace_id).name,
        sources=sources,
        history=history,
        question=message.text,
        has_people=has_people,
        manner=manner,
        known=remembering.told_to_models(conversation, now=utc_now()),
        page=page_contexts.of(conversation).lines,
    )
    # Its own words of before support nothing.
    said = [message.text, *(turn.text for turn in history if turn.is_customer)]
    # A page or a file may hold what strangers wrote: its links count only where it stands itself.
    trusted = [source.link or "" if source.is_read else source.text for source in sources]
    hosts = grounding.hosts_of([agent.site_url or "", *trusted])
    may_note = remembering.may_note(agent, conversation)
    # What follows the instructions is nothing that the customer may not know.
    leaks = Leaks(messages[0]["content"].partition(grounding.BEFORE_SOURCES)[0])
    return Told(messages, sources, said, hosts, manner, has_people, may_note, leaks)


def _made_of(
    heard: Heard,
    told: Told,
    config: WidgetConfig,
    conversation: Conversation,
    found: Ranking,
    trace: Trace,
    given: Sequence[Source],
) -> Reply | None:
    if told.leaks.is_in(heard.text):
        trace.note("The model gave its instructions away. That was withheld, and the built-in answering answers.")
        return None
    words = grounding.shown(heard.text, hosts=told.hosts, is_whole=True).strip()
    person = next((call for call in heard.calls if told.has_people and call.name == grounding.FETCH_PERSON), None)
    if person is not None:
        speaker = speaker_of(config, conversation.language)
        return replace(_fetched(speaker, person, words), score=found.score)
    if not words and told.notes:
        return remembering.promise(told.notes, conversation, speaker_of(config, conversation.language))
    if not words:
        trace.note("The model found no answer in what it was shown. The built-in answering answers.")
        return None
    used = [*grounding.cited(heard.text, told.sources), *given]
    problem = _problem(words, used, told.said)
    if problem and told.manner.unsupported is Unsupported.WITHHOLD:
        trace.note(f"{problem} It was withheld, and the built-in answering answers.")
        return None
    if problem:
        trace.note(problem)
    return replace(_reply(config.name, words, used, found.score, problem), remembers=tuple(told.notes))


def _noted(calls: Sequence[Call], told: Told, trace: Trace) -> list[Wanted]:
    """What the model may note of what it wants to."""
    wanted = [call for call in calls if told.may_note and call.name == grounding.REMEMBER]
    notes = [note for call in wanted if (note := remembering.checked(call.arguments, told.said[0]))]
    if len(notes) < len(wanted):
        trace.note("The model wanted to note what the customer has not said. That was refused.")
    return notes


def _shower(growing: Growing, told: Told) -> Callable[[str], None]:
    """What shows the words so far; where none may be shown without a source, only those up to the last one named."""
    is_strict = told.manner.unsupported is Unsupported.WITHHOLD

    def show(text: str) -> None:
        if growing.is_due and not told.leaks.begins_in(text):
            growing.grow(grounding.shown(grounding.supported_part(text) if is_strict else text, hosts=told.hosts))

    return show


def _problem(words: str, used: Sequence[Source], said: Sequence[str]) -> str:
    """Why nothing supports an answer; empty when something does."""
    if not used:
        return "The answer names no source."
    shown = [text for source in used for text in (source.title, source.text)]
    figures = unsupported_figures(words, [*shown, *said])
    return f"The answer tells numbers that no source has: {', '.join(figures[:5])}." if figures else ""


def _fetched(speaker: Speaker, call: Call, words: str) -> Reply:
    summary = handoff_summaries.told_by_model(call.arguments.get("summary"))
    return fetching(speaker, reason=_reason(call), text=words, cause=Cause.MODEL, summary=summary)


def _reason(call: Call) -> str:
    reason = " ".join(str(call.arguments.get("reason") or "").split())[:_LONGEST_REASON]
    return mask(reason).text[:_LONGEST_REASON] or "needs a person, says the agent"


def _reply(name: str, words: str, used: Sequence[Source], score: float, problem: str) -> Reply:
    details = {
        "name": name,
        "sources": list({source.title: citation(source.title, source.link) for source in used}.values()),
        "unsupported": bool(problem),
    }
    entry_id = uuid.UUID(used[0].entry_id) if used and used[0].entry_id else None
    return Reply(words, Outcome.ANSWERED, details, entry_id=entry_id, score=score)


def _sources(agent: Agent, found: Ranking) -> list[Source]:
    ids = [uuid.UUID(entry_id) for entry_id, _score in found.ranking[: grounding.MOST_SOURCES]]
    asked = dict(zip_longest(_SHOWN, ids))
    by_id = {
        entry_id: Source(str(entry_id), title_path or question, answer, link, is_read=page_id is not None)
        for entry_id, question, answer, title_path, link, page_id in _ENTRIES.all(**asked, agent_id=agent.id)
    }
    return [by_id[entry_id] for entry_id in ids if entry_id in by_id]


def _history(conversation: Conversation, message: Message) -> list[Turn]:
    rows = _SAID.all(conversation_id=conversation.id, seq=message.seq)
    return [Turn(sender is Sender.CUSTOMER, text) for sender, text in reversed(rows)]
