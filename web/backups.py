"""Backups of the embedded default: the commands, and the one of each night."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
import structlog
from alembic.script import ScriptDirectory

from config.settings import ROOT
from core import backups
from core.clock import utc_now
from core.errors import Conflict, DomainError
from gateways.queue import current_queue
from models import db
from web import command_lines
from web.command_lines import bring_to_present, fail, show, tell

log = structlog.get_logger()

TASK = "backup"

_ELSEWHERE = """This server keeps its data in PostgreSQL, which has tools of its own for it:
  pg_dump --format=custom --file=porchlight.dump, and pg_restore to bring it back.
Copy `secret_key`, and the files of FILES_URL (or the folder `files` in DATA_DIR), too.
A single workspace can be taken out under Settings → Your data."""

Parameters = ParamSpec("Parameters")


def start_due(*, now: datetime) -> None:
    """Have the copy of the day made, apart from the sweep: it may take a while."""
    settings = command_lines.settings()
    if settings.uses_sqlite and settings.backup_keep and backups.is_due(settings.backup_dir, now=now):
        current_queue().add(TASK)


def make_daily() -> None:
    """Make the copy of the day, and delete the oldest."""
    settings = command_lines.settings()
    try:
        made = backups.make_daily(_house(), settings.backup_dir, keep=settings.backup_keep, now=utc_now())
    except (DomainError, OSError) as error:
        # Told again each hour, until there is room.
        log.error("backup_not_made", problem=str(error))
        return
    log.info("backup_made", file=str(made))


def _plainly(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            if not command_lines.settings().uses_sqlite:
                raise Conflict(_ELSEWHERE)
            command(*arguments, **options)
        except (DomainError, OSError) as error:
            fail(str(error))

    return run


@click.command("backup")
@click.option("--to", "path", type=Path, help="A file that is not there yet, or a folder; BACKUP_DIR when left out.")
@_plainly
def backup(path: Path | None) -> None:
    """Write a copy of everything on this server, which may go on running."""
    settings = command_lines.settings()
    if path is None:
        settings.backup_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    bring_to_present()
    made = backups.make(_house(), (path or settings.backup_dir).absolute(), now=utc_now())
    if settings.files_url:
        tell("The files lie where FILES_URL says and are not in it.")
    tell("It holds the secret key: keep it where nobody else can read it.")
    show({"file": str(made), "size": made.stat().st_size})


@click.command("restore")
@click.argument("path", type=Path)
@_plainly
def restore(path: Path) -> None:
    """Put everything back as it was in a copy; what is there now is kept as a copy of its own."""
    bring_to_present()
    # No connection of this process may stand in the way.
    db.session.remove()
    db.engine.dispose()
    before = backups.restore(_house(), path.absolute(), now=utc_now())
    bring_to_present()
    tell("Start the server anew now: what it holds in memory is of before.")
    show({"restored": str(path.absolute()), "before": str(before)})


def _house() -> backups.House:
    settings = command_lines.settings()
    revisions = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    return backups.House(
        database=Path(str(db.engine.url.database)),
        files=settings.files_dir,
        data=settings.data_dir,
        revisions=revisions,
    )
