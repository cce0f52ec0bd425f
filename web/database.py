"""How the two databases are opened."""

from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from config.settings import Settings
from models import db
from models.base import beginning

_NORMAL = 1
"""The level of `synchronous` at which a commit is whole whatever happens, and on the disk a little later."""


def engine_options(settings: Settings) -> dict[str, Any]:
    # What customers write is in the parameters, and an error would be logged with them.
    shared: dict[str, Any] = {"hide_parameters": True, "pool_size": 16, "max_overflow": 16}
    if settings.uses_sqlite:
        # A stream holds no connection, so few serve many; a write waits for its turn instead of failing. The one that
        # was used last is taken first: what it has read is still in its memory.
        return shared | {
            "pool_use_lifo": True,
            "connect_args": {"timeout": 15, "check_same_thread": False, "cached_statements": 512},
        }
    return shared | {"pool_pre_ping": True, "pool_recycle": 1800}


def prepare_sqlite(app: Flask, settings: Settings) -> None:
    """Give each SQLite connection its settings, and each transaction the right kind of BEGIN."""
    if not settings.uses_sqlite:
        return
    with app.app_context():
        event.listen(db.engine, "connect", _set_pragmas)
        # Not by a listener: once an engine has one, each statement looks for all kinds of them.
        db.engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # The driver would begin late and commit early on its own.
    cursor = connection.cursor()
    # What is erased is overwritten with zeros: some builds of SQLite only mark it as free.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: PoolProxiedConnection) -> None:
    driver: Any = connection.dbapi_connection
    if not beginning.is_write:
        driver.execute("BEGIN")
        return
    _wait_for_disk(connection, driver, is_needed=not beginning.is_made_again)
    driver.execute("BEGIN IMMEDIATE")


def _wait_for_disk(connection: PoolProxiedConnection, driver: Any, *, is_needed: bool) -> None:
    """Have the next commit wait until it is on the disk, or not (https://www.sqlite.org/pragma.html#pragma_synchronous)."""
    if is_needed and "synchronous" in connection.info:
        driver.execute(f"PRAGMA synchronous={connection.info.pop('synchronous')}")
    elif not is_needed and "synchronous" not in connection.info:
        [level] = driver.execute("PRAGMA synchronous").fetchone()
        if level > _NORMAL:
            connection.info["synchronous"] = level
            driver.execute(f"PRAGMA synchronous={_NORMAL}")
