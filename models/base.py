"""The database handle, the base of every table, and what a transaction is."""

import enum
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import structlog
import uuid_utils
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    TableClause,
    TypeDecorator,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always in UTC and always aware; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


log = structlog.get_logger()

Json = JSON().with_variant(JSONB(), "postgresql")


_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ANNOTATIONS: dict[Any, Any] = {
    datetime: UtcDateTime(),
    dict[str, Any]: Json,
    list[Any]: Json,
    # Stored as their own words, so that a new word needs no change of the table.
    enum.StrEnum: Enum(
        enum.StrEnum,
        native_enum=False,
        length=32,
        values_callable=lambda words: [word.value for word in words],
    ),
}


class Base(DeclarativeBase):
    # As a registry, because flask-sqlalchemy copies this class and a copied annotation map is refused.
    registry = registry(metadata=_METADATA, type_annotation_map=_ANNOTATIONS)


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


def new_id() -> uuid.UUID:
    """A time-ordered identifier (UUID version 7, RFC 9562): new rows land at the end of an index."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


class Beginning(threading.local):
    """What the transaction is for that this thread is about to begin; web/database.py chooses the statement by it."""

    is_write = is_made_again = False

    @contextmanager
    def writing(self, *, is_made_again: bool) -> Iterator[None]:
        self.is_write, self.is_made_again = True, is_made_again
        try:
            yield
        finally:
            self.is_write = self.is_made_again = False


beginning = Beginning()


def write_only_when(may_write: Callable[[], None]) -> None:
    """Have this session ask before each transaction; it waits, or raises, where nothing may be written."""
    db.session().info["may_write"] = may_write


@contextmanager
def transaction(*, is_made_again: bool = False) -> Iterator[None]:
    """Everything inside happens, or none of it; a transaction inside another joins it.

    Args:
        is_made_again: whether all of it would be made once more if the power failed just then, so that nobody has to
            wait for the disk. What was stored before is safe all the same.

    A read that came before is ended first: SQLite cannot turn a read of an older state into a write, and would
    refuse at once instead of waiting for its turn.
    """
    session = db.session()
    if session.info.get("writing"):
        yield
        # What follows finds ids and rows as it would after a transaction of its own.
        session.flush()
        return
    if session.in_transaction():
        session.commit()
    if (may_write := session.info.get("may_write")) is not None:
        may_write()
    later: list[Callable[[], None]] = []
    with _turn(session.get_bind()):
        with beginning.writing(is_made_again=is_made_again):
            connection = session.connection()
        if is_made_again and connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        session.info["writing"] = True
        session.info["later"] = later
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)
            session.info.pop("later", None)
    _run_all(later)


_turns: WeakKeyDictionary[Engine | Connection, threading.Lock] = WeakKeyDictionary()
_LONGEST_TURN = 15.0
"""Seconds after which SQLite is asked all the same; it waits as long again."""


@contextmanager
def _turn(bind: Engine | Connection) -> Iterator[None]:
    """Have the only turn to write in this process, where the database lets only one write.

    SQLite itself has who waits look again after 1, 2, 5 and up to 100 ms, however soon its turn has come.
    """
    if bind.dialect.name != "sqlite":
        yield
        return
    lock = _turns.setdefault(bind, threading.Lock())
    has_turn = lock.acquire(timeout=_LONGEST_TURN)
    try:
        yield
    finally:
        if has_turn:
            lock.release()


def _run_all(actions: list[Callable[[], None]]) -> None:
    # What was committed stays committed: one listener that cannot be told must not keep the others from it.
    for action in actions:
        try:
            action()
        except Exception:
            log.exception("after_commit_failed")


def insert_into(table: type[Base] | TableClause) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do when the row is there already, in the words of the database in use."""
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgres else sqlite.insert(table)


def after_commit(action: Callable[[], None]) -> None:
    """Do this once the current transaction has really happened; at once when there is none.

    What others are told must be true by the time they look.
    """
    later: list[Callable[[], None]] | None = db.session().info.get("later")
    if later is None:
        action()
    else:
        later.append(action)
