"""The agent beside the person: what a teammate could answer. Nothing of it is ever sent by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import asking, generation, grounding, language_models, retrievals, spending, traces, widget_configs
from core.answering import Ranking
from core.conversations.finding import last_words_of_customer
from core.language_models import Endpoint
from core.traces import Trace
from models import db, transaction
from models.conversations import Conversation, Message
from models.knowledge import Entry

LIMIT = 4_000
"""As long as a message may be."""
_PATIENCE = 8
"""Seconds until the first word of a model: a teammate who has asked for it waits longer than a customer."""


@dataclass(frozen=True)
class Suggestion:
    """An answer to look at, to change, and to send or not."""

    text: str
    sources: Sequence[str]
    """What it is made from, by title."""
    is_sure: bool
    """Whether it answers what was asked, as far as the agent can tell."""


def suggest(conversation: Conversation, *, now: datetime) -> Suggestion | None:
    """What could be answered to the customer's last words, from what the agent knows and what was said.

    Notes of the team are no part of it. Takes a while: not inside a transaction.

    Returns:
        a model's words; the best entry where there is no model or it has no answer; None where nothing fits.
    """
    said = last_words_of_customer(conversation, most=1)
    if not said:
        return None
    message = said[0]
    found = retrievals.search(
        conversation.agent,
        message.text,
        language=conversation.language,
        before=lambda: retrievals.asked_before(message),
    ).ranking
    return _by_model(conversation, message, found, now=now) or _by_entry(found)


def _by_model(conversation: Conversation, message: Message, found: Ranking, *, now: datetime) -> Suggestion | None:
    endpoints = may_ask(conversation, now=now)
    if not endpoints:
        return None
    config, _version = widget_configs.published(conversation.agent)
    # A person is there already: the model is to find words, not somebody else.
    alone = replace(config, features={**config.features, "handoff": False})
    told = generation.told_of(conversation.agent, conversation, message, found, alone)
    heard = ask(conversation, endpoints, told.messages, tools=grounding.tools(has_people=False), now=now)
    if not heard or told.leaks.is_in(heard):
        return None
    words = grounding.shown(heard, hosts=told.hosts, is_whole=True).strip()[:LIMIT]
    used = list(dict.fromkeys(source.title for source in grounding.cited(heard, told.sources)))
    return Suggestion(words, used, is_sure=bool(used)) if words else None


def may_ask(conversation: Conversation, *, now: datetime) -> Sequence[Endpoint]:
    """The models that may be asked about a conversation; none when there is none, or enough was spent."""
    endpoints = language_models.endpoints(conversation.workspace_id)
    if not endpoints or spending.exceeded(conversation.agent_id, conversation, now=now):
        return ()
    return [replace(one, patience=max(one.patience or 0, _PATIENCE)) for one in endpoints]


def ask(
    conversation: Conversation,
    endpoints: Sequence[Endpoint],
    messages: Sequence[grounding.Said],
    *,
    tools: Sequence[grounding.Tool] = (),
    now: datetime,
) -> str:
    """What a model says for teammates, counted among what the agent uses; empty when it says nothing."""
    # The model takes its time; no read stays open meanwhile.
    db.session.commit()
    trace = Trace()
    heard = asking.ask(endpoints, messages, tools=tools, hear=lambda _words: None, trace=trace)
    with transaction():
        traces.count(trace, conversation, now=now)
    return heard.text if heard else ""


def _by_entry(found: Ranking) -> Suggestion | None:
    best = found.entry_id or next(iter(found.suggestions), None)
    entry = db.session.get(Entry, UUID(best)) if best else None
    if entry is None or entry.archived_at is not None:
        return None
    return Suggestion(entry.answer[:LIMIT], [entry.title_path or entry.question], is_sure=found.entry_id is not None)
