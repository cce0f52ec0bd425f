"""What an agent would do with a question, shown to whoever teaches it."""

import uuid
from dataclasses import dataclass, field

from core import knowledge
from core.answering import small_talk, wishes
from models.agents import Agent
from models.knowledge import Entry

LONGEST_QUESTION = 2_000


@dataclass(frozen=True)
class Trial:
    """What would become of a question: `answered`, `suggested`, `unanswered`, `small_talk` or `handoff`."""

    question: str
    outcome: str
    entry: Entry | None = None
    sureness: str = ""
    others: list[Entry] = field(default_factory=list)
    """To choose from in place of an answer, or what else came close."""
    text: str = ""


def try_question(agent: Agent, question: str) -> Trial:
    """Ask the built-in answerer; nothing is stored."""
    question = question[:LONGEST_QUESTION].strip()
    if wishes.asks_for_person(question):
        return Trial(question, "handoff")
    found = knowledge.index_for(agent).search(question)
    others = knowledge.find_many(agent, map(uuid.UUID, found.suggestions))
    if found.entry_id is not None:
        answering = knowledge.find_many(agent, [uuid.UUID(found.entry_id)])
        if answering:
            return Trial(question, "answered", answering[0], sureness=_in_words(found.score), others=others)
    talk = small_talk.reply(question, agent_name=agent.name) if found.outcome == "small_talk" else None
    if talk is not None:
        return Trial(question, "small_talk", text=talk.text)
    return Trial(question, "suggested" if others else "unanswered", others=others)


def _in_words(score: float) -> str:
    if score >= 0.9:
        return "Very sure"
    return "Sure" if score >= 0.7 else "Just sure enough"
