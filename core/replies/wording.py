"""What was found, or was not, put into words."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from core.answering import small_talk
from core.answering.excerpts import excerpt
from core.answering.index import MOST_SUGGESTIONS
from core.answering.languages import recognized
from core.citations import citation
from core.replies.saying import Reply, Speaker, fetching
from core.retrievals import Found
from gateways import embeddings
from models import db
from models.conversations import Outcome
from models.knowledge import Entry


def from_found(speaker: Speaker, looked_up: Found) -> Reply:
    """What is said to what was found, be it nothing."""
    found, question = looked_up.ranking, looked_up.question
    entry = db.session.get(Entry, uuid.UUID(found.entry_id)) if found.entry_id else None
    # The index of a large agent may be a moment older than its knowledge.
    if entry is not None and entry.archived_at is None:
        return _answer(speaker, entry, question, found.score)
    talk = talk_of(speaker, question) if found.outcome == "small_talk" else None
    if talk is not None:
        return talk
    if found.outcome == "suggested" and (offered := _offered([uuid.UUID(one) for one in found.suggestions])):
        return _suggestion(speaker, offered, found.score)
    return _unknown(speaker, found.score, unknown_language=looked_up.unknown_language)


def from_several(speaker: Speaker, whole: Found, each: Sequence[Found]) -> Reply | None:
    """The answers to a message that asks several things, together; None where they are not known to be several.

    Args:
        whole: what was found for the message as it is.
        each: what was found for each of its questions.
    """
    answered = list({one.ranking.entry_id: one for one in each if one.ranking.outcome == "answered"}.values())
    known = {one.ranking.entry_id for one in answered}
    if not answered or (whole.ranking.entry_id is not None and whole.ranking.entry_id not in known):
        return None
    replies = [reply for one in answered if (reply := from_found(speaker, one)).outcome is Outcome.ANSWERED]
    more = [one for one in each if one.ranking.outcome == "suggested"]
    left = _offered([uuid.UUID(entry) for one in more for entry in one.ranking.suggestions if entry not in known])
    rest = left[:MOST_SUGGESTIONS] if len(replies) < len(each) else []
    offer = _suggestion(speaker, rest, 0.0, key="reply_unsure_other") if rest else None
    if not replies or (len(replies) == 1 and offer is None):
        return None
    first = replies[0]
    sources = [source for reply in replies for source in reply.details["sources"]]
    details = {**(offer.details if offer else {}), "name": speaker.name, "sources": sources}
    if len(replies) == 1 and "whole" in first.details:
        details["whole"] = first.details["whole"]
    return replace(
        first, text="\n\n".join(one.text for one in (*replies, *([offer] if offer else []))), details=details
    )


def talk_of(speaker: Speaker, question: str) -> Reply | None:
    """The reply to a greeting, thanks and the like; None to all else."""
    talk = small_talk.reply(question, agent_name=speaker.name, language=speaker.language, own=speaker.words)
    return None if talk is None else Reply(talk.text, Outcome.SMALL_TALK, {"name": speaker.name})


def handoff(speaker: Speaker) -> Reply:
    return fetching(speaker, reason="asked for a person")


def no_person(speaker: Speaker) -> Reply:
    return Reply(speaker.says("reply_no_person"), Outcome.SMALL_TALK, {"name": speaker.name})


def _unknown(speaker: Speaker, score: float, *, unknown_language: str | None) -> Reply:
    # Whoever writes in a language that nothing is known in is told so in that language.
    speaking = replace(speaker, language=unknown_language) if unknown_language else speaker
    text = speaking.says("reply_unknown_but_person" if speaker.has_people else "reply_unknown")
    if unknown_language:
        text = f"{speaking.says('reply_in_no_such_language')}\n\n{text}"
    details = {"name": speaker.name, "offer_person": speaker.has_people}
    return Reply(text, Outcome.UNANSWERED, details, score=score)


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


def _offered(entry_ids: list[uuid.UUID]) -> list[str]:
    """The questions that may be offered, in their order."""
    rows = db.session.execute(
        select(Entry.id, Entry.question).where(Entry.id.in_(entry_ids), Entry.archived_at.is_(None))
    )
    titles = {row.id: row.question for row in rows}
    # Parts of one long section, and copies of a page, go by the same words: a choice between them is none.
    return list(dict.fromkeys(titles[entry_id] for entry_id in entry_ids if entry_id in titles))


def _suggestion(speaker: Speaker, offered: list[str], score: float, *, key: str = "reply_unsure") -> Reply:
    details = {"name": speaker.name, "suggestions": offered, "offer_person": speaker.has_people}
    text = speaker.says(key if len(offered) > 1 else f"{key}_of_one")
    return Reply(text, Outcome.SUGGESTED, details, score=score)
