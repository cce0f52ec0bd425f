"""Copies of a workspace are kept one at a time, for a week, and for their own people."""

import pytest
from sqlalchemy import select

from core import archives
from core.clock import utc_now
from core.errors import Conflict, NotFound
from gateways.files import FileStore, current_files
from models import db
from models.archives import WorkspaceArchive
from models.audits import AuditEntry
from models.jobs import Job
from models.teammates import Role
from models.webhooks import Webhook
from tests.conftest import NOW, keep, make_teammate
from tests.core.archives.copies import taken_out


def test_one_at_a_time_and_gone_after_a_week(workspace, monkeypatch):
    monkeypatch.setattr("core.jobs.start", lambda *_arguments, **_named: None)
    first = archives.request_export(workspace, by=None, now=NOW)
    monkeypatch.setattr("core.archives.keeping.is_under_way", lambda _archive: True)
    with pytest.raises(Conflict):
        archives.request_export(workspace, by=None, now=NOW)
    first.file_key = archives.keeping.key_of(first.id)
    current_files().write(first.file_key, b"x")
    db.session.commit()
    archives.clear_expired(now=NOW + archives.KEPT * 2)
    assert db.session.scalars(select(WorkspaceArchive)).all() == []
    assert current_files().keys("archives") == []


def test_what_cannot_be_brought_in_just_now_is_not_kept(workspace, tmp_path, monkeypatch):
    file = tmp_path / "archive.zip"
    file.write_bytes(b"PK")
    monkeypatch.setattr("core.archives.keeping.is_under_way", lambda _archive: True)
    monkeypatch.setattr("core.archives.keeping.listed", lambda _workspace: [None])
    with pytest.raises(Conflict):
        archives.request_import(workspace, file, by=None, now=NOW)
    assert current_files().keys("archives") == []


def test_a_copy_that_is_removed_while_it_is_made_leaves_no_file(workspace, monkeypatch):
    waiting = []
    monkeypatch.setattr("core.archives.keeping.jobs.start", lambda *told, now: waiting.append(told))
    archive = archives.request_export(workspace, by=None, now=NOW)
    write_from = FileStore.write_from

    def removed_meanwhile(store, key, path):
        write_from(store, key, path)
        archives.remove(db.session.get_one(WorkspaceArchive, archive.id), by=None, now=NOW)

    monkeypatch.setattr(FileStore, "write_from", removed_meanwhile)
    job = keep(Job(workspace_id=workspace.id, kind="archive", subject_id=archive.id, created_at=NOW, next_try_at=NOW))
    archives.run_export(job)
    assert current_files().keys("archives") == []
    assert sorted(db.session.scalars(select(AuditEntry.action))) == ["archive.make", "archive.remove"]
    archives.run_export(job)
    assert current_files().keys("archives") == []


def test_who_fetches_a_copy_is_on_record_and_one_that_is_gone_is_not_found(workspace):
    nora = make_teammate(workspace, "Nora", Role.OWNER)
    content = taken_out(workspace)
    archive = db.session.scalars(select(WorkspaceArchive)).one()
    assert not archives.is_under_way(archive)
    assert b"".join(archives.download(archive, by=nora, now=utc_now())) == content
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "archive.download")).one()
    assert entry.who == "Nora"
    current_files().delete(archive.file_key)
    with pytest.raises(NotFound):
        archives.download(archive, by=nora, now=utc_now())
    assert archives.find(workspace, archive.id) is archive


def test_files_that_nobody_knows_are_cleared(workspace):
    current_files().write("archives/lost", b"x")
    archives.clear_files_without_rows(now=utc_now())
    assert current_files().keys("archives") == []


def test_somebody_elses_is_not_found(workspace, other_workspace):
    archive = keep(WorkspaceArchive(workspace_id=other_workspace.id, created_at=NOW, expires_at=NOW))
    with pytest.raises(NotFound):
        archives.find(workspace, archive.id)
    assert db.session.scalars(select(Webhook)).all() == []
