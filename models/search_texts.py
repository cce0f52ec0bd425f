"""What conversations are searched by: the words of each message and note, and the database's own index of them."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, ForeignKey, Text, event, func, insert, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.conversations import Message, Sender
from models.customers import folded
from models.inbox import Note
from models.prepared import Prepared


class SearchText(Base):
    """The words of one message or note; it comes, changes and goes with it."""

    __tablename__ = "search_texts"

    # A number, because the index of SQLite (FTS5) knows its rows by numbers only.
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    note_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), unique=True)
    # As `search_words`: each word once, between spaces.
    words: Mapped[str] = mapped_column(Text)


LEXEMES = func.array_to_tsvector(func.string_to_array(SearchText.words, " "))
"""The words as PostgreSQL indexes them. Its own parser would take them apart again, each language in another way."""

POSTGRESQL_INDEX = (
    "CREATE INDEX ix_search_texts_words ON search_texts USING gin (array_to_tsvector(string_to_array(words, ' ')))"
)
SQLITE_INDEX = (
    # Any byte beyond ASCII is part of a word: what a word is was decided before. Where it stands is of no interest.
    """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_texts', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)""",
    """CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN
        INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER search_texts_removed AFTER DELETE ON search_texts BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER search_texts_changed AFTER UPDATE OF words ON search_texts BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END""",
)


@event.listens_for(SearchText.__table__, "after_create")
def _make_index(_table: object, connection: Connection, **_options: object) -> None:
    for statement in [POSTGRESQL_INDEX] if connection.dialect.name == "postgresql" else SQLITE_INDEX:
        connection.exec_driver_sql(statement)


@event.listens_for(SearchText.__table__, "before_drop")
def _drop_index(_table: object, connection: Connection, **_options: object) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")


def is_ours(_thing: object, name: str | None, _kind: str, _is_reflected: bool, _other: object) -> bool:
    """Whether a table or an index is one that the models speak of (Alembic's `include_object`)."""
    return not (name or "").startswith(("search_index", "ix_search_texts_words"))


def _signs(*ranges: tuple[int, int]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Scripts that write no spaces between words: Thai and Lao, Burmese, Khmer, Japanese, Chinese.
_UNSPACED = _signs(
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0x20000, 0x3FFFF)
)
# Vowels of the Indic scripts are marks that Python does not count among the letters.
_MARKS = _signs((0x0900, 0x0903), (0x093A, 0x094F), (0x0955, 0x0957), (0x0962, 0x0963), (0x0980, 0x0DFF))
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])(?:[^\W_]|[{_MARKS}]))+")
_LONGEST_WORD = 60


def search_words(text: str) -> str:
    """The words of a text as it is searched: folded, each once, between spaces.

    Where a script writes no spaces, each sign and each pair of signs is a word.
    """
    found: dict[str, None] = {}
    for run in _RUN.finditer(folded(text)):
        found.update(dict.fromkeys(_pieces(run.group()) if run["unspaced"] else [run.group()[:_LONGEST_WORD]]))
    return " ".join(found)


def sought(text: str, *, most: int) -> list[tuple[str, bool]]:
    """What somebody looks for, as words of `search_words`, each with whether it may be the beginning of one."""
    found: dict[tuple[str, bool], None] = {}
    for run in _RUN.finditer(folded(text)):
        signs = run.group()
        if not run["unspaced"]:
            found[signs[:_LONGEST_WORD], True] = None
        else:
            found.update(dict.fromkeys((piece, False) for piece in (_pairs(signs) if len(signs) > 1 else [signs])))
    return list(found)[:most]


def _pieces(signs: str) -> list[str]:
    return [*signs, *_pairs(signs)]


def _pairs(signs: str) -> list[str]:
    return [signs[place : place + 2] for place in range(len(signs) - 1)]


def words_of_message(text: str, details: dict[str, Any] | None) -> str:
    """The words of a message: what it says, and the names of its files."""
    files: Iterable[dict[str, Any]] = (details or {}).get("attachments") or []
    return search_words("\n".join([text, *(str(file.get("name", "")) for file in files)]))


def forget_deleted(connection: Connection) -> None:
    """Take the words of what was deleted out of the index of SQLite: it only marks them as gone until it is merged."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('optimize')")


@event.listens_for(Message, "after_insert")
def _add_message(_mapper: object, _connection: Connection, message: Message) -> None:
    if message.sender is not Sender.SYSTEM:
        _add(message, words_of_message(message.text, message.details), message_id=message.id)


@event.listens_for(Note, "after_insert")
def _add_note(_mapper: object, _connection: Connection, note: Note) -> None:
    _add(note, search_words(note.text), note_id=note.id)


@event.listens_for(Message, "after_update")
def _change_message(_mapper: object, connection: Connection, message: Message) -> None:
    if _has_changed(message, "text", "details", "conversation_id"):
        words = words_of_message(message.text, message.details)
        _change(connection, SearchText.message_id == message.id, message, words)


@event.listens_for(Note, "after_update")
def _change_note(_mapper: object, connection: Connection, note: Note) -> None:
    if _has_changed(note, "text", "conversation_id"):
        _change(connection, SearchText.note_id == note.id, note, search_words(note.text))


# Made once, as each message is added.
_ADDING = Prepared(insert(SearchText).inline(), ("workspace_id", "conversation_id", "message_id", "note_id", "words"))


def _add(
    of: Message | Note, words: str, *, message_id: uuid.UUID | None = None, note_id: uuid.UUID | None = None
) -> None:
    _ADDING.run(
        workspace_id=of.workspace_id,
        conversation_id=of.conversation_id,
        message_id=message_id,
        note_id=note_id,
        words=words,
    )


def _change(connection: Connection, which: Any, of: Message | Note, words: str) -> None:
    connection.execute(update(SearchText).where(which).values(conversation_id=of.conversation_id, words=words))


def _has_changed(row: Any, *names: str) -> bool:
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)
