"""What is said to a message about the conversation itself: a yes, a no, a choice, or that an answer was none."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.answering import choices, remarks, wishes
from core.replies.saying import Reply, Speaker
from core.replies.wording import handoff
from core.retrievals import Found
from models.conversations import Outcome


def taken(speaker: Speaker, question: str, offer: Mapping[str, Any]) -> Reply | str | None:
    """What comes of an offer of the agent's: the question that was chosen, or what is said to a yes or a no.

    Args:
        question: the customer's words.
        offer: what the agent's last words offered.
    """
    suggested = offer.get("suggestions", [])
    place = choices.chosen(question, len(suggested))
    if place is not None:
        return str(suggested[place])
    is_person_offered = bool(offer.get("offer_person")) and speaker.has_people
    if wishes.agrees(question):
        if len(suggested) > 1:
            details = {"suggestions": suggested, "offer_person": speaker.has_people}
            return _says(speaker, "talk_which", Outcome.SUGGESTED, **details)
        return suggested[0] if suggested else handoff(speaker) if is_person_offered else None
    if remarks.declines(question) and (suggested or is_person_offered):
        # None of the questions that were offered was the right one; a person is not wanted, either way.
        return _sorry(speaker) if suggested else _says(speaker, "talk_no")
    return None


def said_to(speaker: Speaker, asked: str, found: Found) -> Reply | None:
    """What is said to a message about the conversation itself, where none of the agent's answers is one to it.

    Args:
        asked: the customer's words.
        found: what the agent knows that comes close to them.
    """
    if found.ranking.outcome == "small_talk" or (found.ranking.outcome == "answered" and found.question == asked):
        return None
    heard = remarks.remark(asked, language=speaker.language)
    if heard is not None and heard.kind in remarks.OF_MEMORY:
        return None
    if heard is None:
        is_agreed = wishes.agrees(asked)
        key = "talk_help" if is_agreed else "talk_unclear" if remarks.is_wordless(asked) else None
        return _says(speaker, key) if key else None
    speaking = replace(speaker, language=heard.language)
    return _sorry(speaking) if heard.kind == "sorry" else _says(speaking, f"talk_{heard.kind}")


def _says(speaker: Speaker, key: str, outcome: Outcome = Outcome.SMALL_TALK, **details: Any) -> Reply:
    return Reply(speaker.says(key), outcome, {"name": speaker.name, **details})


def _sorry(speaker: Speaker) -> Reply:
    key = "talk_sorry_but_person" if speaker.has_people else "talk_sorry"
    return _says(speaker, key, offer_person=speaker.has_people)
