"""The commands that teach an agent and ask it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from core import knowledge, replies
from core.answering import Index
from core.clock import utc_now
from core.texts import clean
from models.agents import Agent
from models.conversations import Outcome
from web.command_files import Question, read_list, read_questions
from web.command_lines import FOR_AN_AGENT, find_agent, plainly, show, tell


@click.group("knowledge")
def knowledge_group() -> None:
    """What an agent knows."""


@knowledge_group.command("import", context_settings=FOR_AN_AGENT)
@click.argument("agent_id")
@click.argument("path", type=Path)
@plainly
def import_knowledge(agent_id: str, path: Path) -> None:
    """Add questions and answers from a JSON list; those with a known id are replaced.

    An id that is a number is kept, and told by `ask`, as text.
    """
    agent = find_agent(agent_id)
    result = knowledge.import_entries(agent, read_list(path), by=None, now=utc_now())
    tell(f"{result.new:,} new, {result.changed:,} changed, {result.unchanged:,} as before. Learning them now.")
    knowledge.learn_now(agent)
    show({"imported": result.imported})


@click.command("ask", context_settings=FOR_AN_AGENT)
@click.argument("agent_id")
@click.option("--file", "path", required=True, type=Path, help="Lines of {id, text}.")
@plainly
def ask(agent_id: str, path: Path) -> None:
    """Ask an agent each line's question, from its knowledge alone; a line of JSON comes back for each."""
    agent = find_agent(agent_id)
    questions = list(read_questions(path))
    index = knowledge.index_for(agent, complete=True)
    names = knowledge.external_ids(agent)
    for question in questions:
        show(_answered(agent, index, names, question))


def _answered(agent: Agent, index: Index, names: Mapping[str, str], question: Question) -> dict[str, Any]:
    text = clean(question.text)
    found = index.search(text)
    # What a customer would read, which may be small talk, or a person who is fetched, in the place of an entry.
    reply = replies.compose(agent, text)
    is_answered = reply.outcome is Outcome.ANSWERED
    return {
        "id": question.id,
        "entry_id": names[str(reply.entry_id)] if is_answered else None,
        "answer": reply.details.get("whole", {}).get("text", reply.text),
        "abstained": not is_answered,
        "suggestions": [names[one] for one in found.suggestions],
        "ranking": [names[one] for one, _score in found.ranking],
        "score": round(found.score, 4),
        "ms": round(found.ms, 3),
    }
