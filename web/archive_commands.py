"""The commands that take a workspace out as a file, and bring one in; for what is too large for a browser."""

import time
from pathlib import Path

import click

from core import accounts, archives, jobs
from core.clock import utc_now
from core.errors import DomainError
from models import db
from models.archives import WorkspaceArchive
from models.teammates import Role, Teammate
from web.command_lines import bring_to_present, fail, show


@click.group("archive")
def archive_group() -> None:
    """A whole workspace as one file."""


@archive_group.command("export")
@click.argument("path", type=Path)
@click.option("--owner", required=True, help="The e-mail of an owner of the workspace.")
def export(path: Path, owner: str) -> None:
    """Write a copy of a workspace."""
    try:
        by = _owner(owner)
        if path.exists():
            fail(f"{path} is there already. Name another file.")
        archive = archives.request_export(by.workspace, by=by, now=utc_now())
        _work(archive)
        with path.open("xb") as file:
            for piece in archives.download(archive, by=by, now=utc_now()):
                file.write(piece)
        archives.remove(archive, by=by, now=utc_now())
    except (DomainError, OSError) as error:
        fail(str(error))
    show({"file": str(path), "size": path.stat().st_size})


@archive_group.command("import")
@click.argument("path", type=Path)
@click.option("--owner", required=True, help="The e-mail of an owner of the empty workspace.")
def bring_in(path: Path, owner: str) -> None:
    """Bring a copy into a workspace in which nobody has worked yet."""
    try:
        by = _owner(owner)
        archives.check(by.workspace)
        archive = archives.request_import(by.workspace, path, by=by, now=utc_now())
        _work(archive)
    except (DomainError, OSError) as error:
        fail(str(error))
    if archive.problem:
        fail(f"{archive.problem} Nothing was brought in.")
    show({"workspace_id": str(by.workspace_id), "imported": True})


def _owner(email: str) -> Teammate:
    bring_to_present()
    teammate = accounts.find_by_email(email)
    if teammate is None or teammate.role is not Role.OWNER:
        fail("No owner signs in with this e-mail.")
    return teammate


def _work(archive: WorkspaceArchive) -> None:
    """Do it here and now, unless a running server has taken it on: then wait for that."""
    job = archives.job_of(archive)
    while job is not None and not job.is_over:
        jobs.run(job.id.hex)
        time.sleep(0.2)
        db.session.rollback()
        db.session.refresh(job)
    db.session.refresh(archive)
    if archive.finished_at is None:
        fail("It could not be done; the log says why.")
