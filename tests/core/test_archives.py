"""A workspace taken out and brought in again is the same, and what a stranger has made of a file harms nobody."""

import io
import json
import uuid
import zipfile

import pytest
from PIL import Image
from sqlalchemy import func, select

from core import archives, attachments, conversations, jobs
from core.archives import lines, tables
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound
from gateways.files import FileStore, current_files, use_files
from models import Base, db, transaction
from models.agents import Agent
from models.archives import WorkspaceArchive
from models.audits import AuditEntry
from models.connections import Connection
from models.conversations import Conversation, Message, State
from models.files import Attachment
from models.jobs import Job, JobStatus
from models.knowledge import Source
from models.teammates import Role, Teammate, Workspace
from models.webhooks import Webhook
from tests.conftest import NOW, keep, make_teammate
from tests.shops import make_shop

CHANGED = ("teammates", "conversations", "messages", "attachments")


@pytest.fixture(autouse=True)
def files(app):
    from obstore.store import MemoryStore

    before = current_files()
    use_files(FileStore(MemoryStore()))
    yield
    use_files(before)


@pytest.fixture
def empty(app):
    """A new workspace with its owner, and the owner."""
    workspace = keep(Workspace(name="New", created_at=NOW))
    return workspace, make_teammate(workspace, "Nora", Role.OWNER)


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


def test_each_table_is_taken_or_left_out_for_a_reason():
    known = set(Base.metadata.tables)
    assert tables.TAKEN | set(tables.LEFT_OUT) == known
    assert not tables.TAKEN & set(tables.LEFT_OUT)
    assert all(tables.LEFT_OUT.values())


def test_nothing_sealed_and_no_password_is_in_it(app):
    shop = make_shop("Brambleby")
    connection = db.session.get_one(Connection, shop.id_of("connection"))
    with transaction():
        connection.url = "https://brambleby.example/mcp?key=let-me-in"
        webhook = db.session.get_one(Webhook, shop.id_of("webhook"))
        webhook.address = "https://brambleby.example/hook?token=let-me-in"
    content = taken_out(shop.workspace)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "https://brambleby.example/mcp?key=…" in everything
    assert "https://brambleby.example/hook?token=…" in everything
    for secret in (*shop.tokens.values(), "let-me-in"):
        assert secret not in everything
    assert "password_hash" not in everything
    assert "sealed" not in everything


def test_only_the_own_workspace_is_in_it(app):
    mine, theirs = make_shop("Brambleby"), make_shop("Quillfeather")
    content = taken_out(mine.workspace)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode().lower()
    assert mine.marker in everything
    assert theirs.marker not in everything


def test_a_round_trip_keeps_everything(empty, tmp_path, monkeypatch):
    # What an agent works out anew is no part of it.
    monkeypatch.setitem(jobs._handlers, "index", lambda _job: None)
    shop = make_shop("Brambleby")
    attachment = db.session.scalars(select(Attachment)).first()
    row = db.session.scalars(select(Attachment)).first()
    attachments.put_back(row, picture())
    db.session.commit()
    content = taken_out(shop.workspace)
    workspace, _nora = empty
    archive = brought_in(workspace, content, tmp_path)
    assert archive.problem is None
    for table in tables.taken():
        expected = count(table, shop.workspace.id) + (table.name == "teammates")
        if table.name != "audit_entries":
            assert (table.name, count(table, workspace.id)) == (table.name, expected)
    again = shape(taken_out(workspace))
    first = shape(content)
    # These change on purpose: people are not in the team, chats wait, parts of messages go, sizes are measured.
    for name in first.keys() - {f"tables/{other}.jsonl" for other in CHANGED}:
        assert again[name] == first[name], name
    searched = Base.metadata.tables["search_texts"]
    assert count(searched, workspace.id) == count(searched, shop.workspace.id)
    copied = db.session.scalars(
        select(Attachment).where(Attachment.workspace_id == workspace.id, Attachment.width == 8)
    ).one()
    assert copied.id != attachment.id
    assert attachments.content_of(copied)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "archive.brought")).one()
    assert entry.after["files"] == 2


def test_nothing_that_is_brought_in_acts_by_itself(empty, tmp_path):
    shop = make_shop("Brambleby")
    content = taken_out(shop.workspace)
    workspace, nora = empty
    brought_in(workspace, content, tmp_path)
    for table in ("connections", "language_models", "webhooks"):
        of_it = Base.metadata.tables[table]
        assert not db.session.scalars(
            select(of_it.c.is_on).where(of_it.c.workspace_id == workspace.id, of_it.c.is_on)
        ).all()
    active = select(Teammate).where(Teammate.workspace_id == workspace.id, Teammate.removed_at.is_(None))
    assert [teammate.id for teammate in db.session.scalars(active)] == [nora.id]
    owed = Base.metadata.tables["answers"]
    assert not db.session.scalars(
        select(owed.c.message_id).where(owed.c.workspace_id == workspace.id, owed.c.finished_at.is_(None))
    ).all()
    public = db.session.scalars(select(Agent.public_id)).all()
    assert len(set(public)) == len(public)


def test_who_is_here_has_again_what_was_theirs(empty, conversation, tmp_path):
    workspace, nora = empty
    of_old = make_teammate(db.session.get_one(Workspace, conversation.workspace_id), "Nora of old", Role.OWNER)
    of_old.email = "nora@elsewhere.example"
    db.session.commit()
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    conversations.take_over(conversation, of_old, now=NOW)
    content = taken_out(db.session.get_one(Workspace, conversation.workspace_id))
    of_old.email = "gone@elsewhere.example"
    db.session.flush()
    nora.email = "nora@elsewhere.example"
    db.session.commit()
    brought_in(workspace, content, tmp_path)
    copied = db.session.scalars(select(Conversation).where(Conversation.workspace_id == workspace.id)).one()
    assert (copied.teammate_id, copied.state) == (nora.id, State.PERSON)


def test_a_workspace_in_use_takes_nothing_in(conversation, workspace, tmp_path):
    content = taken_out(workspace)
    archive = brought_in(workspace, content, tmp_path)
    assert "already" in archive.problem


def test_what_was_broken_off_goes_on_without_doubles(empty, conversation, tmp_path, monkeypatch):
    for number in range(5):
        conversations.ask(conversation, client_id=str(number), text="Hello", now=NOW)
    content = taken_out(db.session.get_one(Workspace, conversation.workspace_id))
    workspace, _nora = empty

    def stop(*_):
        raise KeyError

    monkeypatch.setattr("core.archives.bringing._Bringing._bring_files", stop)
    archive = brought_in(workspace, content, tmp_path)
    assert archive.finished_at is None
    monkeypatch.undo()
    job = archives.job_of(archive)
    assert job.status is JobStatus.WAITING
    archives.run_import(job)
    assert archive.problem is None
    of_it = select(func.count()).select_from(Message).where(Message.workspace_id == workspace.id)
    before = select(func.count()).select_from(Message).where(Message.workspace_id == conversation.workspace_id)
    assert db.session.scalar(of_it) == db.session.scalar(before)


@pytest.fixture
def small(conversation):
    """An archive with one conversation."""
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    return taken_out(db.session.get_one(Workspace, conversation.workspace_id))


def line_of(content, table):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read(f"tables/{table}.jsonl").splitlines()[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"manifest.json": None},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"format": "porchlight-workspace", "version": 99}'},
        {"tables/messages.jsonl": b"not json\n"},
        {"tables/messages.jsonl": b"[1]\n"},
        {"tables/messages.jsonl": b'{"id": NaN}\n'},
        {"tables/messages.jsonl": b"[" * 100_000},
        {"tables/messages.jsonl": b'{"id": "x"}\n'},
        {"tables/messages.jsonl": b"{}\n"},
        {"tables/messages.jsonl": b'{"a": "' + b"x" * lines.LONGEST_LINE + b'"}\n'},
    ],
)
def test_what_is_no_archive_is_refused_in_words_and_nothing_is_stored(empty, small, tmp_path, changes):
    workspace, _nora = empty
    archive = brought_in(workspace, rewritten(small, changes), tmp_path)
    assert archive.problem
    assert archive.finished_at
    assert count(Conversation.__table__, workspace.id) == 0


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"x" * 1000])
def test_what_is_no_file_of_ours_is_refused(empty, tmp_path, content):
    workspace, _nora = empty
    assert "cannot be read" in brought_in(workspace, content, tmp_path).problem


def test_an_empty_file_is_refused_at_once(empty, tmp_path):
    with pytest.raises(Invalid):
        brought_in(empty[0], b"", tmp_path)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", 5),
        ("text", "\x00"),
        ("text", "\ud800"),
        ("sender", "root"),
        ("seq", 2**70),
        ("seq", 2**31),
        ("seq", True),
        ("seq", "1"),
        ("created_at", "yesterday"),
        ("client_id", "x" * 10_000),
        ("details", {"a": 1e400}),
    ],
)
def test_each_value_has_to_fit_its_column(empty, small, tmp_path, column, value):
    workspace, _nora = empty
    line = json.dumps(line_of(small, "messages") | {column: value}).encode()
    archive = brought_in(workspace, rewritten(small, {"tables/messages.jsonl": line}), tmp_path)
    assert archive.problem
    assert count(Message.__table__, workspace.id) == 0


def test_rows_of_others_cannot_be_reached(empty, small, tmp_path, conversation):
    """Whatever ids stand in it, its rows get ids of their own, and refer to rows of their own only."""
    workspace, _nora = empty
    line = line_of(small, "messages") | {
        "conversation_id": str(uuid.uuid4()),
        "workspace_id": str(conversation.workspace_id),
    }
    before = count(Message.__table__, conversation.workspace_id)
    brought_in(workspace, rewritten(small, {"tables/messages.jsonl": json.dumps(line).encode()}), tmp_path)
    assert count(Message.__table__, workspace.id) == 0
    assert count(Message.__table__, conversation.workspace_id) == before


def test_addresses_that_a_browser_would_run_are_dropped(empty, small, tmp_path):
    workspace, _nora = empty
    line = line_of(small, "messages")
    line["details"] = {"sources": [{"title": "A", "link": " JavaScript:alert(1)"}], "confirm": {"call": "x"}}
    brought_in(workspace, rewritten(small, {"tables/messages.jsonl": json.dumps(line).encode()}), tmp_path)
    message = db.session.scalars(select(Message).where(Message.workspace_id == workspace.id)).one()
    assert message.details == {"sources": [{"title": "A", "link": ""}]}


def test_a_file_is_checked_as_if_it_was_sent_now(empty, small, tmp_path, conversation):
    workspace, _nora = empty
    made = attachments.add(conversation, name="a.png", content=picture(), by=None, now=NOW)
    content = taken_out(db.session.get_one(Workspace, conversation.workspace_id))
    evil = {f"files/attachments/{made.id}": b"<!doctype html><script>alert(1)</script>", "files/../../evil": b"x"}
    brought_in(workspace, rewritten(content, evil), tmp_path)
    copied = db.session.scalars(select(Attachment).where(Attachment.workspace_id == workspace.id)).one()
    with pytest.raises(NotFound):
        attachments.content_of(copied)


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
    assert [entry.action for entry in db.session.scalars(select(AuditEntry))] == ["archive.make", "archive.remove"]
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


@pytest.mark.parametrize(
    "hostile",
    [
        {"routing": {"mode": "bogus", "minutes": 5}},
        {"routing": {"mode": "turns", "minutes": "soon"}},
        {"targets": {"is_on": True, "answer": {"normal": "x"}, "resolution": {"normal": 10**15}}},
        {"letters": {"minutes": 10**15}},
        {"letters": {"evil": 1}},
        {"rating": {"asked": ["x"]}},
    ],
)
def test_settings_that_nobody_could_have_made_upset_nothing(empty, small, tmp_path, hostile):
    from core import inbox_settings, letters, ratings, routing, targets

    workspace, nora = empty
    usual = {"routing": {}, "targets": {}, "rating": {}, "letters": {}, "updated_at": NOW.isoformat()}
    line = json.dumps(usual | hostile).encode()
    archive = brought_in(workspace, rewritten(small, {"tables/inbox_settings.jsonl": line}), tmp_path)
    assert archive.problem is None
    [conversation] = db.session.scalars(select(Conversation).where(Conversation.workspace_id == workspace.id))
    conversations.request_person(conversation, reason="asked", now=NOW)
    routing.give_waiting(workspace.id, now=NOW)
    targets.alert_late(now=NOW)
    conversations.resolve(conversation, by=nora, now=NOW)
    assert ratings.of(workspace.id) == ratings.Decisions()
    assert letters.settings.of(workspace.id) == letters.settings.LetterSettings()
    inbox_settings.change(workspace, "letters", {}, action="letters.change", by=nora, now=NOW)
    db.session.expire_all()
    inbox_settings.change(workspace, "routing", {"mode": "off"}, action="routing.change", by=nora, now=NOW)


def with_a_document(workspace, agent, tmp_path):
    """An archive of a workspace with a file that its agent reads, and the key of the file."""
    from core.sources.handing_in import HandedIn, add_file

    source = add_file(agent, HandedIn(b"# Delivery\n\nTwo days.", "delivery.md"), by=None, now=NOW)
    return taken_out(workspace), source.file_key


def test_a_document_comes_along_and_is_the_copys_own(empty, workspace, agent, tmp_path):
    new, _nora = empty
    content, key = with_a_document(workspace, agent, tmp_path)
    assert brought_in(new, content, tmp_path).problem is None
    [copied] = db.session.scalars(select(Source).where(Source.workspace_id == new.id))
    assert copied.file_key != key
    assert current_files().read(copied.file_key) == current_files().read(key)


@pytest.mark.parametrize("named", ["sources/../{key}", "sources/{other}", "archives/{other}", "sources/x"])
def test_nobody_names_the_file_of_somebody_else(empty, workspace, agent, tmp_path, named):
    new, _nora = empty
    content, key = with_a_document(workspace, agent, tmp_path)
    line = line_of(content, "sources") | {"file_key": named.format(key=key, other=uuid.uuid4())}
    archive = brought_in(new, rewritten(content, {"tables/sources.jsonl": json.dumps(line).encode()}), tmp_path)
    assert "file" in archive.problem
    assert not db.session.scalars(select(Source).where(Source.workspace_id == new.id)).all()
