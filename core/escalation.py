"""Whether an answer is a person after all: rules before and after it is worked out, and an end to loops."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core import handoff_rules, handoffs, replies, widget_configs
from core.handoff_causes import Cause
from core.handoff_rules import Wish
from core.replies import Reply, fetching, speaker_of
from core.traces import Trace
from core.widget_configs import WidgetConfig
from models.agents import Agent
from models.conversations import Conversation, Message, Outcome

_SAID = {Cause.ANGRY: "reply_upset", Cause.UNANSWERED: "reply_unknown_fetching"}
"""What is said for a cause; else our usual words for fetching a person."""


def answer(
    agent: Agent,
    conversation: Conversation,
    message: Message,
    work_out: Callable[[WidgetConfig], Reply],
    *,
    trace: Trace,
    now: datetime,
) -> Reply:
    """The reply to a message: a person where a rule wants one, else what is worked out.

    Args:
        work_out: asked only where no rule wants a person for the question itself.
        trace: where to note which rule it was.
    """
    config, _version = widget_configs.published(agent)
    if not config.features.get("handoff", True):
        return work_out(config)
    wish = handoff_rules.before_answer(agent, conversation, message.text)
    if wish is not None and handoff_rules.may_fetch(conversation, now=now):
        return _worded(_fetching(config, conversation, wish, trace), agent, config, conversation, now=now)
    reply = work_out(config)
    wish = handoff_rules.after_answer(agent, message, reply.outcome)
    if wish is not None and handoff_rules.may_fetch(conversation, now=now):
        reply = replace(_fetching(config, conversation, wish, trace), score=reply.score)
    elif reply.wants_person and reply.cause.is_agents_own and not handoff_rules.may_fetch(conversation, now=now):
        trace.note("A person was fetched several times today; now one is offered only.")
        reply = _offering(reply, config, conversation)
    return _worded(reply, agent, config, conversation, now=now)


def excuse(agent: Agent, conversation: Conversation, *, now: datetime) -> Reply:
    """What is said when no answer could be worked out, a person for the customer with it."""
    may_fetch = handoff_rules.may_fetch(conversation, now=now)
    return replies.compose_excuse(agent, language=conversation.language, may_fetch=may_fetch)


def _fetching(config: WidgetConfig, conversation: Conversation, wish: Wish, trace: Trace) -> Reply:
    trace.note(f"A rule fetched a person: the customer {wish.reason}.")
    speaker = speaker_of(config, conversation.language)
    text = speaker.says(_SAID[wish.cause]) if wish.cause in _SAID else ""
    return fetching(speaker, reason=wish.reason, text=text, cause=wish.cause)


def _offering(reply: Reply, config: WidgetConfig, conversation: Conversation) -> Reply:
    speaker = speaker_of(config, conversation.language)
    text = speaker.says("reply_unknown_but_person")
    return Reply(text, Outcome.UNANSWERED, {"name": speaker.name, "offer_person": True}, score=reply.score)


def _worded(reply: Reply, agent: Agent, config: WidgetConfig, conversation: Conversation, *, now: datetime) -> Reply:
    # "I am fetching a person" would be no truth while nobody is there.
    if not (reply.wants_person and reply.is_stock) or handoffs.comes_soon(agent, config, now=now):
        return reply
    return replace(reply, text=speaker_of(config, conversation.language).says("reply_passing_on"))
