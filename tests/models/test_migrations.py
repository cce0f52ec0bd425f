"""The migrations go up and down, and end at what the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import Connection, Table, create_engine, inspect, text

from config.settings import ROOT
from models import Base, db
from models.search_texts import is_ours

_ID = "01890000000070008000000000000001"
_WHEN = "2026-01-02 03:04:05+00:00"
OLD_ROWS = (
    f"INSERT INTO workspaces (id, name, created_at) VALUES ('{_ID}', 'Shop', '{_WHEN}')",
    (
        "INSERT INTO agents (id, workspace_id, public_id, name, knowledge_revision, created_at)"
        f" VALUES ('{_ID}', '{_ID}', 'abcdefghijklmnopqrstuv', 'Ada', 0, '{_WHEN}')"
    ),
    (
        "INSERT INTO websites (id, agent_id, pattern, position, created_at)"
        f" VALUES ('{_ID}', '{_ID}', 'shop.example', 0, '{_WHEN}')"
    ),
    (
        "INSERT INTO identity_keys (id, workspace_id, sealed_key, is_required, created_at)"
        f" VALUES ('{_ID}', '{_ID}', 'x', true, '{_WHEN}')"
    ),
    (
        "INSERT INTO customers (id, workspace_id, standing, name, told_id, attributes, created_at, last_seen_at)"
        f" VALUES ('{_ID}', '{_ID}', 'identified', 'Élodie NOVÁK', 'C-1', '{{}}', '{_WHEN}', '{_WHEN}')"
    ),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'migrations.db'}"
    base = request.getfixturevalue("postgres_url")
    name = f"migrations_{tmp_path.name.replace('-', '_')}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    head, _, query = base.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


def app_of(database_url: str) -> Flask:
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    return app


def keys_in_sqlite(connection: Connection, table: Table) -> set[tuple[str, str, str, str]]:
    rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table.name})").mappings()
    return {(row["from"], row["table"], row["to"], row["on_delete"]) for row in rows}


def keys_of(table: Table) -> set[tuple[str, str, str, str]]:
    return {
        (key.parent.name, key.column.table.name, key.column.name, key.ondelete or "NO ACTION")
        for key in table.foreign_keys
    }


def test_they_go_up_to_the_models_and_down_to_nothing(empty_database):
    with app_of(empty_database).app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
            differences = compare_metadata(context, Base.metadata)
            if connection.dialect.name == "sqlite":
                # What SQLite tells of a key that stands beside its column lacks what happens on deletion.
                differences = [one for one in differences if one[0] not in ("remove_fk", "add_fk")]
                for table in Base.metadata.sorted_tables:
                    assert keys_in_sqlite(connection, table) == keys_of(table), table.name
            assert differences == []
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()


def test_rows_that_stand_already_come_through_and_back(empty_database):
    with app_of(empty_database).app_context():
        upgrade(revision="first_tables")
        with db.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                # As the product does: a table that is made anew would take what refers to it along.
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            for row in OLD_ROWS:
                connection.execute(text(row))
        upgrade()
        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT requires_verified FROM workspaces"))
            assert connection.scalar(text("SELECT allows_link FROM agents"))
            assert connection.scalar(text("SELECT search_text FROM customers")) == "elodie novak\nc-1\nvisitor 0001"
        downgrade(revision="first_tables")
        with db.engine.connect() as connection:
            for table in ("workspaces", "agents", "websites", "identity_keys", "customers"):
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table
            assert connection.scalar(text("SELECT is_required FROM identity_keys"))
        db.engine.dispose()
