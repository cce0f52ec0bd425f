"""Statements that each message of a chat asks: compiled once, and from then on given to the database's driver at once.

SQLAlchemy looks a statement up, binds and wraps it anew each time, which takes several times what SQLite takes to
answer it. Types, errors and listeners are the same here; there is no row object, and nothing that expands.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from models.base import db

Convert = Callable[[Any], Any]
_CONNECTION = "connection"


def connection() -> Connection:
    """The connection of the current session's transaction; asked again, it costs a tenth of `Session.connection`."""
    session = db.session()
    transaction, known = session.info.get(_CONNECTION, (None, None))
    # A transaction that failed is refused by the session: what came after it would be outside of any.
    if known is None or transaction is not session.get_transaction() or not session.is_active:
        known = session.connection()
        session.info[_CONNECTION] = (session.get_transaction(), known)
    return cast(Connection, known)


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
        compiled = self._for(used.dialect)
        cursor = compiled.execute(used, values)
        try:
            return [compiled.read(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

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
        self._for(used.dialect).execute(used, values).close()

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

    @cached_property
    def _readers(self) -> list[Convert | None]:
        return [kind.dialect_impl(self._dialect).result_processor(self._dialect, None) for kind in self._types]

    def execute(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """A cursor with what came of it; the caller closes it."""
        sql, parameters = self._sql, self._parameters(values)
        cursor = connection.connection.cursor()
        try:
            for listener in connection.dispatch.before_cursor_execute:
                listener(connection, cursor, sql, parameters, None, False)
            cursor.execute(sql, parameters)
            for listener in connection.dispatch.after_cursor_execute:
                listener(connection, cursor, sql, parameters, None, False)
        except self._dialect.loaded_dbapi.Error as error:
            cursor.close()
            raise self._wrapped(error) from error
        return cursor

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple([convert(value) if convert else value for value, convert in zip(row, self._readers, strict=True)])

    def _parameters(self, values: Mapping[str, object]) -> Any:
        given = {**self._given, **values}
        bound = {name: convert(given[name]) if convert else given[name] for name, convert in self._bound}
        return [bound[name] for name in self._order] if self._order is not None else bound

    def _wrapped(self, error: Exception) -> BaseException:
        # With what it was asked, but not with the values: they are what customers write.
        kind = self._dialect.loaded_dbapi.Error
        return DBAPIError.instance(self._sql, None, error, kind, hide_parameters=True, dialect=self._dialect)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)
