"""Archives of workspaces: taken out, changed as a stranger might, and brought in."""

import io
import json
import zipfile

from PIL import Image
from sqlalchemy import func, select

from core import archives
from core.archives import lines, tables
from core.clock import utc_now
from models import db
from models.teammates import Workspace
from tests.conftest import NOW


def picture(colour="red"):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


def taken_out(workspace):
    """The bytes of an archive of a workspace."""
    archive = archives.request_export(db.session.get_one(Workspace, workspace.id), by=None, now=utc_now())
    db.session.refresh(archive)
    assert archive.finished_at
    assert archive.size
    return b"".join(archives.pieces_of(archive))


def brought_in(workspace, content, tmp_path):
    file = tmp_path / "archive.zip"
    file.write_bytes(content)
    archive = archives.request_import(db.session.get_one(Workspace, workspace.id), file, by=None, now=utc_now())
    db.session.refresh(archive)
    return archive


def rewritten(content, changes):
    """An archive with other parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def line_of(content, table):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read(f"tables/{table}.jsonl").splitlines()[0])


def count(table, workspace_id):
    belongs = tables.of_workspace(table, workspace_id)
    return db.session.scalar(select(func.count()).select_from(table).where(belongs))


def shape(content):
    """All rows without their ids, which a copy has others of, and without what a copy changes on purpose."""
    changed = {"is_on", "removed_at", "failing_since", "finished_at", "next_read_at", "read_every_hours", "status"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {}
        for name in archive.namelist():
            if name.startswith("tables/") and "audit" not in name:
                rows = [json.loads(line) for line in archive.read(name).splitlines()]
                found[name] = sorted(
                    lines.OUR_ID.sub(
                        "id", json.dumps({key: row[key] for key in row if key not in changed}, sort_keys=True)
                    )
                    for row in rows
                )
        return found


def with_a_document(workspace, agent, tmp_path):
    """An archive of a workspace with a file that its agent reads, and the key of the file."""
    from core.sources.handing_in import HandedIn, add_file

    source = add_file(agent, HandedIn(b"# Delivery\n\nTwo days.", "delivery.md"), by=None, now=NOW)
    return taken_out(workspace), source.file_key
