"""Keeps the agent from saying the same at length again and again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from core.answering.languages import recognized
from core.replies.saying import Reply, Speaker
from models.conversations import Outcome

_TWICE = 2
_ALWAYS_WHOLE = ("confirm", "cards", "sign_in")
"""What stands beside words that are needed as they are, however often."""


class Said(NamedTuple):
    """What the agent has said before, and what stood beside it."""

    text: str
    details: Mapping[str, Any]


def shortened(reply: Reply, speaker: Speaker, asked: str, said: Callable[[], Sequence[Said]]) -> Reply:
    """The reply, or where the customer has it twice before their eyes a shorter one that offers a person.

    Args:
        asked: the customer's words.
        said: reads what the agent has said right before; called only where that matters.
    """
    is_answer = reply.outcome in (Outcome.ANSWERED, Outcome.SUGGESTED) and not reply.wants_person
    if not is_answer or any(name in reply.details for name in _ALWAYS_WHOLE):
        return reply
    # Of the same questions offered: "did you mean one of these?" alone is said to anything.
    offered = reply.details.get("suggestions", [])
    before = [one for one in said() if one.text == reply.text and one.details.get("suggestions", []) == offered]
    if len(before) < _TWICE:
        return reply
    speaking = replace(speaker, language=recognized(asked) or speaker.language)
    text = speaking.says("reply_repeated_but_person" if speaker.has_people else "reply_repeated")
    return replace(reply, text=text, details={**reply.details, "offer_person": speaker.has_people})
