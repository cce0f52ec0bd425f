"""Full-text search through what was said and noted, by whole words and their beginnings (models/search_texts.py)."""

import uuid
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, cast, column, literal, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from models import db
from models.conversations import Conversation
from models.customers import Customer, folded
from models.search_texts import LEXEMES, SearchText, sought

_MOST_WORDS = 8


def matching(workspace_id: uuid.UUID, search: str) -> Iterator[ColumnElement[bool]]:
    """What a conversation has to hold: each word in something that was said or noted, or all of them in the customer's
    name, e-mail or number."""
    if not search:
        return
    said = Conversation.id.in_(texts_with(workspace_id, search)) if words_in(search) else literal(False)
    yield or_(said, Conversation.customer_id.in_(_customers_called(workspace_id, search)))


def words_in(search: str) -> list[tuple[str, bool]]:
    """The words that are looked for, each with whether it may be the beginning of one."""
    return sought(search, most=_MOST_WORDS)


def texts_with(workspace_id: uuid.UUID, search: str) -> Select[uuid.UUID]:
    """The conversations of all texts that hold the words."""
    return select(SearchText.conversation_id).where(SearchText.workspace_id == workspace_id, holds(search))


def holds(search: str) -> ColumnElement[bool]:
    """Whether a text holds all the words; there has to be one."""
    words = words_in(search)
    # Words are letters and digits only, so that neither query can be broken out of.
    if db.session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"'{word}'{':*' if is_beginning else ''}" for word, is_beginning in words)
        return LEXEMES.op("@@")(cast(literal(query), TSQUERY))
    query = " AND ".join(f'"{word}"{"*" if is_beginning else ""}' for word, is_beginning in words)
    index = table("search_index", column("rowid"), column("search_index"))
    return SearchText.id.in_(select(index.c.rowid).where(index.c.search_index.op("MATCH")(query)))


def _customers_called(workspace_id: uuid.UUID, search: str) -> Select[uuid.UUID]:
    parts = folded(search).split()[:_MOST_WORDS]
    named = and_(*(Customer.search_text.contains(part, autoescape=True) for part in parts))
    return select(Customer.id).where(Customer.workspace_id == workspace_id, named)
