"""What somebody has taught an agent, as files that can be changed elsewhere and imported again."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core import sheets
from core.knowledge.rows import join_phrasings
from models import db
from models.agents import Agent
from models.knowledge import Entry

_HEADING = ("id", "question", "answer", "phrasings")
_EXAMPLES = (
    (
        "delivery",
        "How long does delivery take?",
        "**2 to 4 days** within the country.",
        "When does it come? | Shipping",
    ),
    ("returns", "How do I send something back?", "You have 30 days. Print the label in your account.", "Refund"),
)


def as_csv(agent: Agent) -> bytes:
    """A table for spreadsheets: UTF-8 with its mark, as Excel asks for, and no cell that is a formula."""
    rows = [
        (_name(entry), entry.question, entry.answer, join_phrasings(_phrasings(entry))) for entry in _entries(agent)
    ]
    return sheets.write([_HEADING, *rows]).encode("utf-8-sig")


def as_json(agent: Agent) -> bytes:
    """The list that `knowledge import` takes (design.md 5.1)."""
    listing = [
        {"id": _name(entry), "question": entry.question, "answer": entry.answer, "alt": _phrasings(entry)}
        for entry in _entries(agent)
    ]
    return (json.dumps(listing, ensure_ascii=False, indent=2) + "\n").encode()


def example() -> bytes:
    """A small table that shows what an import looks like."""
    return sheets.write([_HEADING, *_EXAMPLES]).encode("utf-8-sig")


def _entries(agent: Agent) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry)
        .where(Entry.agent_id == agent.id, Entry.archived_at.is_(None), Entry.page_id.is_(None))
        .order_by(Entry.position, Entry.id)
        .options(selectinload(Entry.phrasings))
        .execution_options(populate_existing=True)
    ).all()


def _name(entry: Entry) -> str:
    """What the entry is called in a file; an entry that came from no file goes by its own id."""
    return entry.external_id or str(entry.id)


def _phrasings(entry: Entry) -> list[str]:
    return [phrasing.text for phrasing in entry.phrasings]
