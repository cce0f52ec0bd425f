"""Runs the migrations, inside Flask's command or at the start of the server."""

from alembic import context
from flask import current_app

import models

connectable = models.db.engine


def run() -> None:
    with connectable.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=models.Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit(f"Migrations run against a database; {current_app.name} has no offline mode.")
run()
