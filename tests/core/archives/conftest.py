"""A workspace to take out, and one to bring it into."""

import pytest

from core import conversations
from models import db
from models.teammates import Role, Workspace
from tests.conftest import NOW, keep, make_teammate
from tests.core.archives.copies import taken_out


@pytest.fixture(autouse=True)
def stored(files):
    """Files stay in memory."""


@pytest.fixture
def empty(app):
    """A new workspace with its owner, and the owner."""
    workspace = keep(Workspace(name="New", created_at=NOW))
    return workspace, make_teammate(workspace, "Nora", Role.OWNER)


@pytest.fixture
def small(conversation):
    """An archive with one conversation."""
    conversations.ask(conversation, client_id="1", text="Hello", now=NOW)
    return taken_out(db.session.get_one(Workspace, conversation.workspace_id))
