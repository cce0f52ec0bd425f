"""Brings the database to the present."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade as migrate
from sqlalchemy import text

from config.settings import ROOT
from models import db

_LOCK = 7_061_726_368  # Any number, as long as every process uses the same one.


def upgrade(app: Flask) -> None:
    """Run the migrations that are missing; of several processes that start at once, one does it."""
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    with app.app_context(), db.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        else:
            connection.rollback()
        migrate()
