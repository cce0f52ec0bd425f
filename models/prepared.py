"""Statements that each message of a chat asks: compiled once, and from then on given to the database's driver at once.

SQLAlchemy looks a statement up, binds and wraps it anew each time, which takes several times what SQLite takes to
answer it. Types, errors and listeners are the same here; there is no row object, and nothing that expands.
"""

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from models.base import db

Convert = Callable[[Any], Any]
_CONNECTION, _NONE = "connection", (None, None)


def connection() -> Connection:
    """The connection of the current session's transaction; asked again, at half the cost of the session's own."""
    session = db.session()
    begun, (transaction, known) = _innermost(session), session.info.get(_CONNECTION, _NONE)
    # A transaction that failed is refused by the session: what came after it would be outside of any.
    if begun is None or transaction is None or transaction() is not begun or not session.is_active:
        known = session.connection()
        # A transaction knows its session, which would stay in memory with what it keeps of it itself.
        session.info[_CONNECTION] = (weakref.ref(_innermost(session)), known)
    return cast(Connection, known)


def _innermost(session: Session) -> SessionTransaction | None:
    # A savepoint is made with the first that is asked of the session in it.
    return session.get_nested_transaction() or session.get_transaction()


class Prepared:
    """A statement, ready to be asked in the transaction of the current session.

    What the session has yet to flush is not seen, as by its connection.

    Args:
        statement: with a `bindparam` for each value that changes; lists of any length are not possible in it.
        columns: of an INSERT or UPDATE, the names of those to be written, each a value to be given.
    """

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete, columns: Sequence[str] = ()
    ) -> None:
        self._statement, self._columns = statement, columns
        self._compiled: dict[str, _Compiled] = {}

    def all(self, **values: object) -> list[tuple[Any, ...]]:
        """All rows that a SELECT finds."""
        used = connection()
        return self._for(used.dialect).execute(used, values)

    def first(self, **values: object) -> tuple[Any, ...] | None:
        """The first row that a SELECT finds."""
        return next(iter(self.all(**values)), None)

    def scalar(self, **values: object) -> Any:
        """The first column of the first row that a SELECT finds; None where there is no row."""
        row = self.first(**values)
        return row[0] if row else None

    def run(self, **values: object) -> None:
        """Do what an INSERT, UPDATE or DELETE says.

        Raises:
            sqlalchemy.exc.DBAPIError: as a session does.
        """
        used = connection()
        self._for(used.dialect).execute(used, values)

    def _for(self, dialect: Dialect) -> "_Compiled":
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _Compiled(self._statement, self._columns, dialect)
        return found


class _Bound(NamedTuple):
    """A place in a statement for a value."""

    name: str
    convert: Convert | None


class _Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: Any, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=list(columns) or None))
        self._sql, self._dialect = str(compiled), dialect
        self._given = {name: value for name, value in compiled.params.items() if value is not None}
        self._bound = [_Bound(name, _binder(bind.type, dialect)) for bind, name in compiled.bind_names.items()]
        self._order = compiled.positiontup
        self._types = [column["type"] for column in statement.column_descriptions] if statement.is_select else []
        self._readers: Sequence[Convert | None] | None = None

    def execute(self, connection: Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """What a SELECT finds; nothing of any other statement."""
        sql, parameters, driver = self._sql, self._parameters(values), connection.connection
        cursor: DBAPICursor | None = None
        try:
            cursor = driver.cursor()
            for listener in connection.dispatch.before_cursor_execute:
                listener(connection, cursor, sql, parameters, None, False)
            cursor.execute(sql, parameters)
            for listener in connection.dispatch.after_cursor_execute:
                listener(connection, cursor, sql, parameters, None, False)
            return self._read(cursor) if self._types else []
        except self._dialect.loaded_dbapi.Error as error:
            raise self._wrapped(error, connection, cursor) from error
        finally:
            if cursor is not None:
                cursor.close()

    def _read(self, cursor: DBAPICursor) -> list[tuple[Any, ...]]:
        if self._readers is None:
            self._readers = self._readers_of(cursor.description)
        readers = self._readers
        return [
            tuple([convert(value) if convert else value for value, convert in zip(row, readers, strict=True)])
            for row in cursor.fetchall()
        ]

    def _readers_of(self, description: Sequence[Sequence[Any]]) -> Sequence[Convert | None]:
        # Of a number, PostgreSQL's driver decides by what the column says that it is.
        return [
            kind.dialect_impl(self._dialect).result_processor(self._dialect, column[1])
            for kind, column in zip(self._types, description, strict=True)
        ]

    def _parameters(self, values: Mapping[str, object]) -> Any:
        given = {**self._given, **values}
        bound = {name: convert(given[name]) if convert else given[name] for name, convert in self._bound}
        return [bound[name] for name in self._order] if self._order is not None else bound

    def _wrapped(self, error: Exception, connection: Connection, cursor: DBAPICursor | None) -> BaseException:
        is_lost = self._dialect.is_disconnect(cast(Any, error), connection.connection, cursor)
        if is_lost:
            # Nobody is to have it again; to end its transaction would be refused, in this error's place.
            connection.invalidate(error)
        # With what it was asked, but not with the values: they are what customers write.
        return DBAPIError.instance(
            self._sql,
            None,
            error,
            self._dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_lost,
            dialect=self._dialect,
        )


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)
