"""What the agent says to a question: found by the index, put into words here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from core import retrievals, widget_configs
from core.answering import Ranking, showing, wishes
from core.handoff_causes import Cause
from core.replies import remarking
from core.replies.repeating import Said, shortened
from core.replies.saying import Reply, Speaker, fetching, speaker_of
from core.replies.wording import from_found, from_several, handoff, no_person, talk_of
from core.retrievals import Asked, Found
from core.traces import Trace
from core.widget_words import waiting_time
from models.agents import Agent
from models.conversations import Outcome

_NO_ANSWER = (Outcome.UNANSWERED, Outcome.SUGGESTED)


class LookUp(Protocol):
    """Answers from a shop's tools, without any model; None where the question is not of that kind."""

    def first(self, speaker: Speaker) -> Reply | None:
        """About the customer's own orders, before what the agent knows is told."""

    def beside(self, speaker: Speaker) -> Reply | None:
        """About the customer's own orders that a question about something else names."""

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
    said: Callable[[], Sequence[Said]] = tuple,
    generate: Generate = lambda _found, _config: None,
    look_up: LookUp | None = None,
    trace: Trace | None = None,
    config: widget_configs.WidgetConfig | None = None,
    brings_files: bool = False,
) -> Reply:
    """Answer a question from what the agent knows.

    Args:
        question: the customer's words.
        language: in which the widget speaks to this customer.
        offer: what the agent's last words offered, so that a yes means that.
        before: reads the customer's questions before this one, the last first; for one that leans on them.
        said: reads what the agent has said before; for what would be the same once more.
        generate: asked first where the question is neither small talk nor a wish for a person.
        look_up: looks into a shop, where the agent is connected to one and no model answers.
        trace: where to note how the answer comes about.
        config: what the agent has published; read when it is not given.
        brings_files: whether the words came with files; then "here it is" is no question.
    """
    trace = trace or Trace()
    config = config or widget_configs.published(agent)[0]
    speaker = speaker_of(config, language)
    asked, taken = question, remarking.taken(speaker, question, offer)
    if isinstance(taken, Reply):
        return taken
    question = taken or question
    if wishes.asks_for_person(question):
        return handoff(speaker) if speaker.has_people else no_person(speaker)
    found = retrievals.search(agent, question, language=language, before=before)
    if found.question != question:
        trace.note("Understood from what was asked before.", question=found.question)
    trace.found(found.ranking.ranking)
    generated = generate(found.ranking, config) if found.ranking.outcome != "small_talk" else None
    reply = generated or _without_model(agent, speaker, asked, found, look_up)
    if brings_files and reply.outcome in _NO_ANSWER and showing.only_shows(asked):
        return _to_files(speaker)
    return reply if generated else shortened(reply, speaker, asked, said)


def _without_model(agent: Agent, speaker: Speaker, asked: str, found: Found, look_up: LookUp | None) -> Reply:
    own = look_up.first(speaker) if look_up else None
    # Whoever can sign in right here is shown the way, and nothing that would hide it.
    if own is not None and (not own.details.get("sign_in") or "shop_account" in own.details):
        return own
    remark = remarking.said_to(speaker, asked, found) if own is None else None
    if remark is not None:
        return remark
    each = retrievals.search_each(agent, asked, language=speaker.language) if found.question == asked else []
    known = from_several(speaker, found, each) or from_found(speaker, found)
    if own is not None:
        # Whoever has not signed in is told besides what everybody may know.
        return _after_way_in(own, known)
    return _looked_up(speaker, known, look_up) if look_up else known


def _after_way_in(own: Reply, known: Reply) -> Reply:
    if known.outcome is not Outcome.ANSWERED:
        return own
    details = {name: told for name, told in own.details.items() if name in ("sign_in", "offer_person")}
    return replace(known, text=f"{own.text}\n\n{known.text}", details={**known.details, **details})


def _looked_up(speaker: Speaker, known: Reply, look_up: LookUp) -> Reply:
    beside = look_up.beside(speaker)
    if beside is not None:
        return _with_orders(known, beside, speaker)
    if known.outcome not in _NO_ANSWER:
        return known
    goods = look_up.last(speaker)
    if goods is None and known.outcome is Outcome.UNANSWERED:
        goods = look_up.asked(speaker)
    return goods or known


def _with_orders(known: Reply, orders: Reply, speaker: Speaker) -> Reply:
    if known.outcome is Outcome.ANSWERED:
        details = {**known.details, "orders": orders.details["orders"]}
        return replace(known, text=f"{known.text}\n\n{orders.text}", details=details)
    # What is known of the order is no whole answer to what was asked of it.
    details = {**orders.details, "offer_person": speaker.has_people}
    return replace(orders, details=details)


def compose_to_files(agent: Agent, *, language: str = "en") -> Reply:
    """What there is to say to a message that brings files and no words: the truth, and who can look at them."""
    return _to_files(speaker_of(widget_configs.published(agent)[0], language))


def _to_files(speaker: Speaker) -> Reply:
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
        return handoff(speaker)
    talk = talk_of(speaker, question)
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
