"""Rows that each message of a chat reads and stores, past most of what the session would do with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Column, insert, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, db
from models.prepared import Prepared, connection

Row = TypeVar("Row", bound=Base)


def write_row(table: type[Base], **values: Any) -> None:
    """Store a row, with the transaction that is open, that whoever stores it has no further use for.

    In the session it would cost several times what the statement does.

    Args:
        values: of its columns; one that is not given has the value that the table says.
    """
    # What it refers to may have been added just now.
    db.session.flush()
    given = {name: default.arg(None) if default.is_callable else default.arg for name, default in _defaults(table)}
    _adding(table).run(**{**dict.fromkeys(_names(table)), **given, **values})


def store_row(row: Base) -> None:
    """Store a new row by one statement, with the transaction that is open; the session then knows it as stored.

    A flush does the same with several times the work. Whoever listens to rows that are added is told.

    Args:
        row: with all its columns; one that is not set is stored as NULL.
    """
    session, table = db.session(), type(row)
    # What it refers to may have been added just now.
    session.flush()
    given = row.__dict__
    _adding(table).run(**{name: given.get(name) for name in _names(table)})
    make_transient_to_detached(row)
    session.add(row)
    mapper = inspect(table)
    mapper.dispatch.after_insert(mapper, connection(), inspect(row))


def row_of(table: type[Row], values: Sequence[Any]) -> Row:
    """A row as it was read just now, for the session to know: that takes half the time of its own reading.

    Args:
        values: of `columns_of` the table.
    """
    return _known(table, [values[place] for place in _key_places(table)], zip(_names(table), values, strict=True))


def copied(row: Row) -> Row:
    """A row as another session knows it, for this session to know.

    Args:
        row: with nothing about it that is yet to be stored.
    """
    # At once: a transaction of its own session that fails just now would take the values away one by one.
    known, identity = row.__dict__.copy(), cast(tuple[Any, ...], inspect(row).identity)
    return _known(type(row), identity, ((name, known[name]) for name in _names(type(row)) if name in known))


def note_read(row: Base, values: Sequence[Any]) -> None:
    """Have the session know a row as it was read just now.

    Args:
        row: one of the session, with nothing about it that is yet to be stored.
        values: of `columns_of` its table.
    """
    _note(row, zip(_names(type(row)), values, strict=True))


def _known(table: type[Row], identity: Sequence[Any], values: Iterable[tuple[str, Any]]) -> Row:
    session, mapper = db.session(), inspect(table)
    row = cast(Row | None, session.identity_map.get(mapper.identity_key_from_primary_key(tuple(identity))))
    if row is not None:
        _note(row, values)
        return row
    row = cast(Row, mapper.class_manager.new_instance())
    row.__dict__.update(values)
    # What is not among the values is loaded when it is asked for.
    make_transient_to_detached(row)
    session.add(row)
    return row


def _note(row: Base, values: Iterable[tuple[str, Any]]) -> None:
    known = row.__dict__
    for name, value in values:
        if name in known and known[name] == value:
            continue
        set_committed_value(row, name, value)
        # Whom it belonged to before is loaded with it.
        for relation in _relations(type(row)).get(name, ()):
            db.session.expire(row, [relation])


@cache
def columns_of(table: type[Base]) -> tuple[Column[Any], ...]:
    """All columns of a table, for a SELECT of a row for `row_of` or `note_read`."""
    return tuple(inspect(table).columns)


@cache
def _names(table: type[Base]) -> tuple[str, ...]:
    return tuple(column.key for column in columns_of(table))


@cache
def _defaults(table: type[Base]) -> tuple[tuple[str, Any], ...]:
    return tuple((column.key, column.default) for column in columns_of(table) if column.default is not None)


@cache
def _key_places(table: type[Base]) -> tuple[int, ...]:
    return tuple(place for place, column in enumerate(columns_of(table)) if column.primary_key)


@cache
def _relations(table: type[Base]) -> Mapping[str, Sequence[str]]:
    """What follows from each column that refers to another row."""
    found: dict[str, list[str]] = defaultdict(list)
    for relation in inspect(table).relationships:
        for column in relation.local_columns:
            found[str(column.key)].append(relation.key)
    return found


@cache
def _adding(table: type[Base]) -> Prepared:
    return Prepared(insert(table).inline(), _names(table))
