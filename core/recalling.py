"""What a customer hears who asks what an agent remembers of them, or wants it forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core import memory, remembering
from core.answering import remarks
from core.intents.telling import safe
from core.replies import Reply, Speaker, speaker_of
from core.widget_configs import WidgetConfig
from models.agents import Agent
from models.conversations import Conversation, Outcome
from models.customers import Fact, FactSource

_THEIR_OWN = (FactSource.CUSTOMER, FactSource.AGENT)
"""What was noted in a conversation; what the website or a teammate knows of them is not the agent's to forget."""


def reply_to(
    agent: Agent, conversation: Conversation, text: str, config: WidgetConfig, *, now: datetime
) -> Reply | None:
    """The reply to who asks about what is remembered of them; nothing when that is not what they ask.

    What they want forgotten is forgotten: their own words, as far as they were noted.
    """
    heard = remarks.remark(text, language=conversation.language)
    if heard is None or heard.kind not in remarks.OF_MEMORY:
        return None
    if conversation.channel == "preview" or not remembering.of(agent).is_on:
        return None
    speaker = replace(speaker_of(config, conversation.language), language=heard.language)
    facts = memory.facts_of(conversation.customer, now=now)
    if heard.kind == "known":
        return _told(speaker, facts)
    noted = [fact for fact in facts if fact.source in _THEIR_OWN]
    for fact in noted if heard.kind == "forget_all" else noted[:1]:
        memory.forget(fact)
    if not noted:
        return _says(speaker, "reply_known_nothing")
    is_all = heard.kind == "forget_all"
    return replace(_says(speaker, "reply_forgotten" if is_all else "remembered_gone"), is_told_once=True)


def _told(speaker: Speaker, facts: Sequence[Fact]) -> Reply:
    if not facts:
        return _says(speaker, "reply_known_nothing")
    said = _says(speaker, "reply_known")
    return replace(said, text="\n\n".join((said.text, "\n".join(f"- {safe(fact.text)}" for fact in facts))))


def _says(speaker: Speaker, key: str) -> Reply:
    return Reply(speaker.says(key, title=speaker.says("data_title")), Outcome.SMALL_TALK, {"name": speaker.name})
