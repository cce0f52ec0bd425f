"""What the agent says to a question: found by the index, put into words here."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from core import knowledge, widget_configs
from core.answering import Ranking, small_talk, wishes
from models import db
from models.agents import Agent
from models.conversations import Outcome
from models.knowledge import Entry

UNSURE = "I am not sure that I understood. Did you mean one of these?"
UNSURE_OF_ONE = "I am not sure that I understood. Did you mean this?"
UNKNOWN = "I do not know the answer to that, and I would rather not guess."
UNKNOWN_BUT_PERSON = f"{UNKNOWN} Shall I fetch a person?"
FETCHING = "I am fetching a person for you."
NO_PERSON = "There is no person here at the moment. Ask me, and I will do my best."
FILES_ONLY = "Thank you. I cannot look into files. Tell me in words what it is about, and I will do my best."
FILES_ONLY_BUT_PERSON = "Thank you. I cannot look into files, but a person can. Shall I fetch one?"
LEAVE_A_MESSAGE = (
    "I have answered as many questions as I may today. Your question is not lost: a person reads it and answers here."
)
BACK_LATER = "I have answered as many questions as I may today. I am back in {wait}: please ask me again then."


@dataclass(frozen=True)
class Reply:
    """An answer in words, with what stands beside it."""

    text: str
    outcome: Outcome
    details: Mapping[str, Any] = field(default_factory=dict)
    entry_id: uuid.UUID | None = None
    score: float | None = None
    wants_person: bool = False
    reason: str = "asked for a person"
    """Why a person is fetched, when one is."""


Generate = Callable[[Ranking, widget_configs.WidgetConfig], Reply | None]
"""Answers in other words from what was found; None leaves it to the found words."""


def compose(
    agent: Agent,
    question: str,
    *,
    offer: Mapping[str, Any] = MappingProxyType({}),
    generate: Generate = lambda _found, _config: None,
) -> Reply:
    """Answer a question from what the agent knows.

    Args:
        question: the customer's words.
        offer: what the agent's last words offered, so that a yes means that.
        generate: asked first where the question is neither small talk nor a wish for a person.
    """
    config, _version = widget_configs.published(agent)
    has_people = config.features.get("handoff", True)
    if wishes.agrees(question):
        suggested = offer.get("suggestions", [])
        if len(suggested) == 1:
            question = suggested[0]
        elif not suggested and offer.get("offer_person") and has_people:
            return _handoff(config.name)
    if wishes.asks_for_person(question):
        return _handoff(config.name) if has_people else _no_person(config.name)
    found = knowledge.index_for(agent).search(question)
    generated = generate(found, config) if found.outcome != "small_talk" else None
    return generated or _from_found(config.name, question, found, has_people=has_people)


def compose_to_files(agent: Agent) -> Reply:
    """What there is to say to a message that brings files and no words: the truth, and who can look at them."""
    config, _version = widget_configs.published(agent)
    has_people = config.features.get("handoff", True)
    text = FILES_ONLY_BUT_PERSON if has_people else FILES_ONLY
    details = {"name": config.name, "offer_person": has_people, "cannot_look": True}
    return Reply(text, Outcome.SMALL_TALK, details)


def compose_without_answers(
    agent: Agent, question: str, *, offer: Mapping[str, Any] = MappingProxyType({}), wait: str
) -> Reply:
    """What is left to say when today's answers are given: small talk, and leaving a message.

    Args:
        wait: until the agent answers again, in words.
    """
    config, _version = widget_configs.published(agent)
    has_people = config.features.get("handoff", True)
    agrees = wishes.agrees(question) and bool(offer.get("offer_person"))
    if has_people and (agrees or wishes.asks_for_person(question)):
        return _handoff(config.name)
    talk = small_talk.reply(question, agent_name=config.name)
    if talk is not None:
        return Reply(talk.text, Outcome.SMALL_TALK, {"name": config.name})
    if has_people:
        reason = "wrote after today's answers were used up"
        return Reply(LEAVE_A_MESSAGE, Outcome.HANDOFF, {"name": config.name}, wants_person=True, reason=reason)
    return Reply(BACK_LATER.format(wait=wait), Outcome.SMALL_TALK, {"name": config.name})


def _from_found(name: str, question: str, found: Ranking, *, has_people: bool) -> Reply:
    entry = db.session.get(Entry, uuid.UUID(found.entry_id)) if found.entry_id else None
    # The index of a large agent may be a moment older than its knowledge.
    if entry is not None and entry.archived_at is None:
        return _answer(name, entry, found.score)
    talk = small_talk.reply(question, agent_name=name) if found.outcome == "small_talk" else None
    if talk is not None:
        return Reply(talk.text, Outcome.SMALL_TALK, {"name": name})
    if found.outcome == "suggested":
        return _suggestion(name, [uuid.UUID(one) for one in found.suggestions], found.score, has_people)
    text = UNKNOWN_BUT_PERSON if has_people else UNKNOWN
    return Reply(text, Outcome.UNANSWERED, {"name": name, "offer_person": has_people}, score=found.score)


def _answer(name: str, entry: Entry, score: float) -> Reply:
    details = {"name": name, "sources": [{"title": entry.question, "html": ""}]}
    return Reply(entry.answer, Outcome.ANSWERED, details, entry_id=entry.id, score=score)


def _suggestion(name: str, entry_ids: list[uuid.UUID], score: float, has_people: bool) -> Reply:
    rows = db.session.execute(select(Entry.id, Entry.question).where(Entry.id.in_(entry_ids)))
    titles = {row.id: row.question for row in rows}
    details = {
        "name": name,
        "suggestions": [titles[entry_id] for entry_id in entry_ids if entry_id in titles],
        "offer_person": has_people,
    }
    text = UNSURE if len(entry_ids) > 1 else UNSURE_OF_ONE
    return Reply(text, Outcome.SUGGESTED, details, score=score)


def fetching(name: str, *, reason: str, text: str = "") -> Reply:
    """A reply with which a person is fetched.

    Args:
        name: of the agent.
        reason: for the teammates.
        text: for the customer; our own words when empty.
    """
    return Reply(text or FETCHING, Outcome.HANDOFF, {"name": name}, wants_person=True, reason=reason)


def _handoff(name: str) -> Reply:
    return fetching(name, reason="asked for a person")


def _no_person(name: str) -> Reply:
    return Reply(NO_PERSON, Outcome.SMALL_TALK, {"name": name})
