"""What a stranger has made of an archive harms nobody."""

import json
import uuid

import pytest
from sqlalchemy import select

from core import attachments, conversations
from core.archives import lines
from core.errors import Invalid, NotFound
from models import db
from models.conversations import Conversation, Message
from models.files import Attachment
from models.knowledge import Source
from models.teammates import Workspace
from tests.conftest import NOW
from tests.core.archives.copies import brought_in, count, line_of, picture, rewritten, taken_out, with_a_document


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


@pytest.mark.parametrize("named", ["sources/../{key}", "sources/{other}", "archives/{other}", "sources/x"])
def test_nobody_names_the_file_of_somebody_else(empty, workspace, agent, tmp_path, named):
    new, _nora = empty
    content, key = with_a_document(workspace, agent, tmp_path)
    line = line_of(content, "sources") | {"file_key": named.format(key=key, other=uuid.uuid4())}
    archive = brought_in(new, rewritten(content, {"tables/sources.jsonl": json.dumps(line).encode()}), tmp_path)
    assert "file" in archive.problem
    assert not db.session.scalars(select(Source).where(Source.workspace_id == new.id)).all()
