"""Writes an archive: all rows of a workspace as they were at one moment, and its files."""

import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from core import jobs
from core.archives import keeping, lines, tables
from core.clock import utc_now
from core.shown_addresses import without_keys
from gateways.files import current_files
from models import db, transaction
from models.archives import WorkspaceArchive
from models.jobs import Job
from models.teammates import Workspace

FORMAT = "porchlight-workspace"
VERSION = 1
_AT_ONCE = 500
_LEASE = timedelta(minutes=15)


def run_export(job: Job) -> None:
    """Make the archive that a job is about, and keep it; begun anew when it was broken off."""
    row = db.session.get(WorkspaceArchive, job.subject_id)
    if row is None or row.finished_at is not None:
        return
    archive_id, workspace_id = row.id, row.workspace_id
    db.session.commit()
    with tempfile.TemporaryDirectory(prefix="porchlight-") as folder:
        path = Path(folder) / "archive.zip"
        _write(path, job, workspace_id, now=utc_now())
        key = keeping.key_of(archive_id)
        current_files().write_from(key, path)
        size = path.stat().st_size
    with transaction():
        kept = db.session.get(WorkspaceArchive, archive_id, with_for_update=True)
        if kept is None:
            current_files().delete(key)
            return
        kept.file_key, kept.size, kept.finished_at = key, size, utc_now()


def _write(path: Path, job: Job, workspace_id: uuid.UUID, *, now: datetime) -> None:
    counts: dict[str, int] = {}
    keys: list[str] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, _snapshot() as connection:
        known = list(tables.taken())
        for number, table in enumerate(known):
            counts[table.name] = 0
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                for row in _rows(connection, table, workspace_id):
                    file.write(lines.written(table, _fit_to_leave(table.name, row)).encode())
                    counts[table.name] += 1
                    keys.extend(_file_of(table.name, row))
            _progress(job, number, len(known))
        workspace = connection.execute(select(Workspace.__table__).where(Workspace.id == workspace_id)).one()
        files = _copy_files(archive, keys, job)
        archive.writestr("manifest.json", json.dumps(_manifest(workspace, counts, files, now), indent=2))


def _snapshot() -> Connection:
    """A connection that sees everything as it is now, however long it reads."""
    if db.engine.dialect.name == "postgresql":
        return db.engine.connect().execution_options(isolation_level="REPEATABLE READ")
    # SQLite keeps what a read has begun with (WAL).
    return db.engine.connect()


def _rows(connection: Connection, table: Any, workspace_id: uuid.UUID) -> Iterator[Any]:
    query = (
        select(*tables.columns(table))
        .where(tables.of_workspace(table, workspace_id))
        .order_by(*table.primary_key.columns)
        .execution_options(yield_per=_AT_ONCE)
    )
    return iter(connection.execute(query).mappings())


def _fit_to_leave(name: str, row: Any) -> Any:
    """A row without the key that may stand in the address of another server: it lets somebody in."""
    column = {"connections": "url", "webhooks": "address"}.get(name)
    return {**row, column: without_keys(row[column])} if column else row


def _file_of(name: str, row: Any) -> list[str]:
    if name in ("attachments", "pictures"):
        return [f"{name}/{row['id']}"]
    return [row["file_key"]] if name == "sources" and row["file_key"] else []


def _copy_files(archive: zipfile.ZipFile, keys: list[str], job: Job) -> int:
    copied = 0
    for number, key in enumerate(keys):
        content = current_files().read(key)
        if content is not None:
            # Pictures and documents are packed already.
            archive.writestr(f"files/{key}", content, zipfile.ZIP_STORED)
            copied += 1
        if number % 50 == 0:
            _progress(job, number, len(keys))
    return copied


def _manifest(workspace: Any, counts: dict[str, int], files: int, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(),
        "workspace": {"name": workspace.name, "created_at": workspace.created_at.isoformat()},
        "tables": counts,
        "files": files,
    }


def _progress(job: Job, done: int, total: int) -> None:
    jobs.progress(job, done=done, total=total, lease=_LEASE)
