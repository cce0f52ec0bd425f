"""What the agent says to a question: found by the index, put into words here."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import select

from core import retrievals, widget_configs
from core.answering import Ranking, small_talk, wishes
from core.answering.excerpts import excerpt
from core.answering.languages import recognized
from core.citations import citation
from core.handoff_causes import Cause
from core.retrievals import Asked, Found
from core.traces import Trace
from core.widget_configs import WidgetConfig
from core.widget_words import OwnWords, say, waiting_time
from gateways import embeddings
from models import db
from models.agents import Agent
from models.conversations import Outcome
from models.customers import FactKind, FactSource
from models.knowledge import Entry


@dataclass(frozen=True)
class Speaker:
    """Who answers, and in which language."""

    name: str
    has_people: bool
    language: str
    words: OwnWords

    def says(self, key: str, **values: object) -> str:
        """Our own words in this language, or an admin's in their place."""
        return say(self.language, key, own=self.words, **values)


@dataclass(frozen=True)
class Wanted:
    """Something to be remembered of a customer."""

    kind: FactKind
    words: str
    """The customer's own."""
    source: FactSource


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
    cause: Cause = Cause.CUSTOMER
    summary: str = ""
    """What the person needs to know, in a model's words."""
    is_stock: bool = False
    """Whether the words are our own ones for fetching a person, which may be put more fitly."""
    remembers: Sequence[Wanted] = ()


_NO_ANSWER = (Outcome.UNANSWERED, Outcome.SUGGESTED)


class LookUp(Protocol):
    """Answers from a shop's tools, without any model; None where the question is not of that kind."""

    def first(self, speaker: Speaker) -> Reply | None:
        """About the customer's own orders, before what the agent knows is told."""

    def last(self, speaker: Speaker) -> Reply | None:
        """About goods, where the agent knows no answer."""

    def asked(self, speaker: Speaker) -> Reply | None:
        """What the shop says to it, where nothing here is even near."""


Generate = Callable[[Ranking, widget_configs.WidgetConfig], Reply | None]
"""Answers in other words from what was found; None leaves it to the found words."""


def compose(
    agent: Agent,
    question: str,
    *,
    language: str = "en",
    offer: Mapping[str, Any] = MappingProxyType({}),
    before: Callable[[], Sequence[Asked]] = tuple,
    generate: Generate = lambda _found, _config: None,
    look_up: LookUp | None = None,
    trace: Trace | None = None,
    config: widget_configs.WidgetConfig | None = None,
) -> Reply:
    """Answer a question from what the agent knows.

    Args:
        question: the customer's words.
        language: in which the widget speaks to this customer.
        offer: what the agent's last words offered, so that a yes means that.
        before: reads the customer's questions before this one, the last first; for one that leans on them.
        generate: asked first where the question is neither small talk nor a wish for a person.
        look_up: looks into a shop, where the agent is connected to one and no model answers.
        trace: where to note how the answer comes about.
        config: what the agent has published; read when it is not given.
    """
    trace = trace or Trace()
    config = config or widget_configs.published(agent)[0]
    speaker = speaker_of(config, language)
    if wishes.agrees(question):
        suggested = offer.get("suggestions", [])
        if len(suggested) == 1:
            question = suggested[0]
        elif not suggested and offer.get("offer_person") and speaker.has_people:
            return _handoff(speaker)
    if wishes.asks_for_person(question):
        return _handoff(speaker) if speaker.has_people else _no_person(speaker)
    found = retrievals.search(agent, question, language=language, before=before)
    if found.question != question:
        trace.note("Understood from what was asked before.", question=found.question)
    trace.found(found.ranking.ranking)
    generated = generate(found.ranking, config) if found.ranking.outcome != "small_talk" else None
    return generated or _without_model(speaker, found, look_up)


def _without_model(speaker: Speaker, found: Found, look_up: LookUp | None) -> Reply:
    own = look_up.first(speaker) if look_up else None
    # Whoever can sign in right here is shown the way, and nothing that would hide it.
    if own is not None and (not own.details.get("sign_in") or "shop_account" in own.details):
        return own
    known = _from_found(speaker, found)
    if own is not None:
        # Whoever has not signed in is told besides what everybody may know.
        is_more = known.outcome is Outcome.ANSWERED
        return replace(known, text=f"{own.text}\n\n{known.text}") if is_more else own
    if look_up is None or known.outcome not in _NO_ANSWER:
        return known
    goods = look_up.last(speaker)
    if goods is None and known.outcome is Outcome.UNANSWERED:
        goods = look_up.asked(speaker)
    return goods or known


def compose_to_files(agent: Agent, *, language: str = "en") -> Reply:
    """What there is to say to a message that brings files and no words: the truth, and who can look at them."""
    speaker = speaker_of(widget_configs.published(agent)[0], language)
    text = speaker.says("reply_files_only_but_person" if speaker.has_people else "reply_files_only")
    details = {"name": speaker.name, "offer_person": speaker.has_people, "cannot_look": True}
    return Reply(text, Outcome.SMALL_TALK, details)


def compose_without_answers(
    agent: Agent,
    question: str,
    *,
    language: str = "en",
    offer: Mapping[str, Any] = MappingProxyType({}),
    seconds: int,
) -> Reply:
    """What is left to say when today's answers are given: small talk, and leaving a message.

    Args:
        language: in which the widget speaks to this customer.
        seconds: until the agent answers again.
    """
    speaker = speaker_of(widget_configs.published(agent)[0], language)
    agrees = wishes.agrees(question) and bool(offer.get("offer_person"))
    if speaker.has_people and (agrees or wishes.asks_for_person(question)):
        return _handoff(speaker)
    talk = _small_talk(speaker, question)
    if talk is not None:
        return talk
    if speaker.has_people:
        reason = "wrote after today's answers were used up"
        text = speaker.says("reply_leave_a_message")
        details = {"name": speaker.name}
        return Reply(text, Outcome.HANDOFF, details, wants_person=True, reason=reason, cause=Cause.BUDGET)
    text = speaker.says("reply_back_later", time=waiting_time(language, seconds, own=speaker.words))
    return Reply(text, Outcome.SMALL_TALK, {"name": speaker.name})


def compose_excuse(agent: Agent, *, language: str = "en", may_fetch: bool = True) -> Reply:
    """What is said when no answer could be worked out: silence would be worse, so a person is fetched.

    Args:
        language: in which the widget speaks to this customer.
        may_fetch: whether one may be fetched without being asked for; else one is offered.
    """
    speaker = speaker_of(widget_configs.published(agent)[0], language)
    if not speaker.has_people or not may_fetch:
        details = {"name": speaker.name, "offer_person": speaker.has_people}
        return Reply(speaker.says("reply_sorry"), Outcome.UNANSWERED, details)
    text = speaker.says("reply_sorry_fetching")
    return fetching(speaker, reason="got no answer: the agent failed", text=text, cause=Cause.FAILURE)


def speaker_of(config: WidgetConfig, language: str) -> Speaker:
    """Who answers with these settings, in this language."""
    name = widget_configs.name_in(config, language)
    return Speaker(name, config.features.get("handoff", True), language, config.words)


def fetching(
    speaker: Speaker, *, reason: str, text: str = "", cause: Cause = Cause.CUSTOMER, summary: str = ""
) -> Reply:
    """A reply with which a person is fetched.

    Args:
        reason: for the teammates.
        text: for the customer; our own words when empty.
        cause: who or what wanted a person.
        summary: for the teammates; what is known anyway when empty.
    """
    said = text or speaker.says("reply_fetching")
    return Reply(
        said,
        Outcome.HANDOFF,
        {"name": speaker.name},
        wants_person=True,
        reason=reason,
        cause=cause,
        summary=summary,
        is_stock=not text,
    )


def _from_found(speaker: Speaker, looked_up: Found) -> Reply:
    found, question = looked_up.ranking, looked_up.question
    entry = db.session.get(Entry, uuid.UUID(found.entry_id)) if found.entry_id else None
    # The index of a large agent may be a moment older than its knowledge.
    if entry is not None and entry.archived_at is None:
        return _answer(speaker, entry, question, found.score)
    talk = _small_talk(speaker, question) if found.outcome == "small_talk" else None
    if talk is not None:
        return talk
    if found.outcome == "suggested":
        return _suggestion(speaker, [uuid.UUID(one) for one in found.suggestions], found.score)
    return _unknown(speaker, found.score, unknown_language=looked_up.unknown_language)


def _unknown(speaker: Speaker, score: float, *, unknown_language: str | None) -> Reply:
    # Whoever writes in a language that nothing is known in is told so in that language.
    speaking = replace(speaker, language=unknown_language) if unknown_language else speaker
    text = speaking.says("reply_unknown_but_person" if speaker.has_people else "reply_unknown")
    if unknown_language:
        text = f"{speaking.says('reply_in_no_such_language')}\n\n{text}"
    details = {"name": speaker.name, "offer_person": speaker.has_people}
    return Reply(text, Outcome.UNANSWERED, details, score=score)


def _small_talk(speaker: Speaker, question: str) -> Reply | None:
    talk = small_talk.reply(question, agent_name=speaker.name, language=speaker.language, own=speaker.words)
    return None if talk is None else Reply(talk.text, Outcome.SMALL_TALK, {"name": speaker.name})


def _answer(speaker: Speaker, entry: Entry, question: str, score: float) -> Reply:
    cited = citation(entry.title_path or entry.question, entry.link)
    details: dict[str, Any] = {"name": speaker.name, "sources": [cited]}
    text = entry.answer
    part = excerpt(entry.answer, question, embeddings.load())
    if part is not None:
        text = part
        details["whole"] = {"text": entry.answer, "label": speaker.says("reply_whole")}
    if _is_foreign(entry, question):
        text = f"{speaker.says('reply_in_other_language')}\n\n{text}"
    return Reply(text, Outcome.ANSWERED, details, entry_id=entry.id, score=score)


def _is_foreign(entry: Entry, question: str) -> bool:
    asked, answered = recognized(question), entry.language or recognized(entry.answer)
    return asked is not None and answered is not None and asked != answered


def _suggestion(speaker: Speaker, entry_ids: list[uuid.UUID], score: float) -> Reply:
    rows = db.session.execute(select(Entry.id, Entry.question).where(Entry.id.in_(entry_ids)))
    titles = {row.id: row.question for row in rows}
    # Parts of one long section, and copies of a page, go by the same words: a choice between them is none.
    offered = list(dict.fromkeys(titles[entry_id] for entry_id in entry_ids if entry_id in titles))
    details = {"name": speaker.name, "suggestions": offered, "offer_person": speaker.has_people}
    text = speaker.says("reply_unsure" if len(offered) > 1 else "reply_unsure_of_one")
    return Reply(text, Outcome.SUGGESTED, details, score=score)


def _handoff(speaker: Speaker) -> Reply:
    return fetching(speaker, reason="asked for a person")


def _no_person(speaker: Speaker) -> Reply:
    return Reply(speaker.says("reply_no_person"), Outcome.SMALL_TALK, {"name": speaker.name})
