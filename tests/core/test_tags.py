"""Tags: on conversations, and of a workspace."""

import pytest
from sqlalchemy import select

from core import changes, tags
from core.changes import Change
from core.errors import Conflict, Invalid, NotFound
from models import db
from models.inbox import ConversationTag
from models.teammates import Role
from tests.conftest import NOW, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def olga(workspace):
    return make_teammate(workspace, "Olga", Role.OWNER)


def test_a_tag_is_put_on_taken_off_and_noted_once(conversation, workspace, sue):
    tag = tags.put_named(conversation, "  Repair ", by=sue, now=NOW)
    assert tags.put_named(conversation, "repair", by=sue, now=NOW) is tag
    assert tags.of(conversation) == [tag]
    for _twice in range(2):
        tags.take(conversation, tag, by=sue, now=NOW)
    assert tags.of(conversation) == []
    assert [change.kind for change in changes.of(conversation)] == [Change.TAGGED, Change.UNTAGGED]


def test_tags_have_one_name_each_within_a_workspace(workspace, other_workspace, olga):
    tag = tags.create(workspace, name="Grün", by=olga, now=NOW)
    with pytest.raises(Conflict, match="Grün"):
        tags.create(workspace, name="GRÜN", by=olga, now=NOW)
    tags.change(tag, name="grün", colour="green", by=olga, now=NOW)
    assert [(one.name, one.colour) for one in tags.listed(workspace)] == [("grün", "green")]
    with pytest.raises(NotFound):
        tags.find(other_workspace, tag.id)
    for name, colour in (("", "grey"), ("x" * 41, "grey"), ("fine", "ultraviolet")):
        with pytest.raises(Invalid):
            tags.create(workspace, name=name, colour=colour, by=olga, now=NOW)


def test_a_tag_that_is_deleted_leaves_every_conversation(conversation, workspace, olga):
    tag = tags.create(workspace, name="Gone", by=olga, now=NOW)
    tags.put(conversation, tag, by=olga, now=NOW)
    assert tags.uses(workspace) == {tag.id: 1}
    tags.delete(tag, by=olga, now=NOW)
    assert db.session.scalars(select(ConversationTag)).all() == []


def test_a_conversation_carries_a_bounded_number_of_tags(conversation, other_workspace, sue, monkeypatch):
    monkeypatch.setattr(tags, "MOST_ON_ONE", 1)
    tags.put_named(conversation, "one", by=sue, now=NOW)
    with pytest.raises(Conflict):
        tags.put_named(conversation, "two", by=sue, now=NOW)
    strange = tags.create(other_workspace, name="theirs", by=sue, now=NOW)
    with pytest.raises(NotFound):
        tags.put(conversation, strange, by=sue, now=NOW)
