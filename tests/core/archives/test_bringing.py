"""A workspace taken out and brought in again is the same, and does nothing by itself."""

from sqlalchemy import func, select

from core import archives, attachments, conversations, jobs
from core.archives import tables
from gateways.files import current_files
from models import Base, db
from models.agents import Agent
from models.audits import AuditEntry
from models.conversations import Conversation, Message, State
from models.files import Attachment
from models.jobs import JobStatus
from models.knowledge import Source
from models.teammates import Role, Teammate, Workspace
from tests.conftest import NOW, make_teammate
from tests.core.archives.copies import brought_in, count, picture, shape, taken_out, with_a_document
from tests.shops import make_shop

CHANGED = ("teammates", "conversations", "messages", "attachments")


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


def test_a_document_comes_along_and_is_the_copys_own(empty, workspace, agent, tmp_path):
    new, _nora = empty
    content, key = with_a_document(workspace, agent, tmp_path)
    assert brought_in(new, content, tmp_path).problem is None
    [copied] = db.session.scalars(select(Source).where(Source.workspace_id == new.id))
    assert copied.file_key != key
    assert current_files().read(copied.file_key) == current_files().read(key)
