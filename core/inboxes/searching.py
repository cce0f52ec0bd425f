"""Full-text search through what was said and noted, by whole words and their beginnings (models/search_texts.py)."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, cast, column, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from models import db
from models.conversations import Conversation
from models.customers import Customer, folded
from models.search_texts import LEXEMES, SearchText, sought

_MOST_WORDS = 8
_MOST_TEXTS = 5_000
_MOST_CUSTOMERS = 1_000


def matching(workspace_id: uuid.UUID, search: str) -> Iterator[ColumnElement[bool]]:
    """What a conversation has to hold: all the words in one thing that was said or noted, or in the customer's name,
    e-mail or number.

    Of words that are everywhere only the newest texts are looked at: nobody pages through thousands, and looking at all
    would take seconds.
    """
    if not search:
        return
    called = select(Conversation.id).where(Conversation.customer_id.in_(_customers_called(workspace_id, search)))
    found: CompoundSelect[Any] | Select[Any] = called
    if words := words_in(search):
        newest = _texts_with(workspace_id, words).subquery()
        found = called.union_all(select(newest.c.conversation_id))
    yield Conversation.id.in_(found)


def words_in(search: str) -> list[tuple[str, bool]]:
    """The words that are looked for, each with whether it may be the beginning of one."""
    return sought(search, most=_MOST_WORDS)


def _texts_with(workspace_id: uuid.UUID, words: list[tuple[str, bool]]) -> Select[Any]:
    """The newest texts that hold all the words. These are letters and digits only: no query can be broken out of."""
    texts = select(SearchText.conversation_id).where(SearchText.workspace_id == workspace_id).limit(_MOST_TEXTS)
    if db.session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"'{word}'{':*' if is_beginning else ''}" for word, is_beginning in words)
        return texts.where(LEXEMES.op("@@")(cast(literal(query), TSQUERY))).order_by(SearchText.id.desc())
    query = " AND ".join(f'"{word}"{"*" if is_beginning else ""}' for word, is_beginning in words)
    index = table("search_index", column("rowid"), column("search_index"))
    # The index tells its rows from the newest back, so that it stops once there are enough.
    return (
        texts.select_from(index)
        .join(SearchText, SearchText.id == index.c.rowid)
        .where(index.c.search_index.op("MATCH")(query))
        .order_by(index.c.rowid.desc())
    )


def _customers_called(workspace_id: uuid.UUID, search: str) -> Select[uuid.UUID]:
    parts = folded(search).split()[:_MOST_WORDS]
    named = and_(*(Customer.search_text.contains(part, autoescape=True) for part in parts))
    return select(Customer.id).where(Customer.workspace_id == workspace_id, named).limit(_MOST_CUSTOMERS)
