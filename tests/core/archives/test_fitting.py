"""What an archive brings is made fit for the workspace that it comes into, or refused in words."""

import json
import uuid

import pytest
from sqlalchemy import select

from core import blocks, conversations
from models import db
from models.conversations import Conversation, Message, State
from models.protection import Block
from models.teammates import Role, Workspace
from tests.conftest import NOW, make_teammate
from tests.core.archives.copies import brought_in, line_of, rewritten, taken_out


@pytest.fixture
def new(empty):
    return empty[0]


@pytest.fixture
def bring(conversation, new, tmp_path):
    """Brings a small archive into a new workspace, with other values in the first row of a table."""

    def brought(table, **values):
        content = taken_out(db.session.get_one(Workspace, conversation.workspace_id))
        line = json.dumps(line_of(content, table) | values).encode()
        return brought_in(new, rewritten(content, {f"tables/{table}.jsonl": line}), tmp_path)

    return brought


@pytest.mark.parametrize("details", [[], "masked", [{"sources": []}], 7, True])
def test_what_a_message_says_of_itself_has_names(bring, conversation, new, details):
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    assert bring("messages", details=details).problem == "“details” of messages cannot be read."
    assert not db.session.scalars(select(Message).where(Message.workspace_id == new.id)).all()


def test_a_list_is_no_object_and_an_object_no_list(bring, conversation, new):
    assert bring("conversations", given_to={}).problem == "“given_to” of conversations cannot be read."
    assert bring("conversations", told=[]).problem == "“told” of conversations cannot be read."
    assert bring("conversations", given_to=[]).problem is None


def test_a_block_of_no_address_is_refused(bring, conversation, new):
    workspace = db.session.get_one(Workspace, conversation.workspace_id)
    blocks.block_network(workspace, "203.0.113.0/24", reason="Spam", until=None, by=None, now=NOW)
    assert bring("blocks", network="203.0.113.5; DROP").problem == "A block is of no address."
    assert bring("blocks", network="203.0.113.0/24").problem is None
    assert len(blocks.active_for(new.id, addresses=["203.0.113.7"], now=NOW)) == 1
    assert db.session.scalars(select(Block.network).where(Block.workspace_id == new.id)).all() == ["203.0.113.0/24"]


def test_a_website_that_is_none_is_refused(bring, agent):
    assert bring("websites", pattern="javascript:alert(1)").problem == "A website is none."


def test_whom_nobody_here_has_taken_on_waits_again(bring, conversation, new):
    teammate = make_teammate(db.session.get_one(Workspace, conversation.workspace_id), "Elsewhere", Role.SUPPORT)
    conversations.take_over(conversation, teammate, now=NOW)
    assert bring("conversations").problem is None
    [copied] = db.session.scalars(select(Conversation).where(Conversation.workspace_id == new.id))
    assert (copied.state, copied.teammate_id) == (State.WAITING, None)
    assert copied.waiting_since is not None


def test_ids_that_are_none_are_refused(bring, conversation, new):
    assert "cannot be read" in bring("conversations", id="../../etc", agent_id=str(uuid.uuid4())).problem
    assert not db.session.scalars(select(Conversation).where(Conversation.workspace_id == new.id)).all()
