import pytest

from core import audits, canned_replies
from core.audits import Wanted
from core.errors import Conflict, Invalid, NotFound
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_customer, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue Reed", Role.SUPPORT)


def make_reply(workspace, by, **changes):
    words = {
        "shortcut": "hello",
        "title": "Hello",
        "text": "Hello {{customer.first_name|there}}, I am {{teammate.name}}.",
    }
    return canned_replies.add(workspace, **(words | changes), by=by, now=NOW)


@pytest.mark.parametrize(
    ("name", "greeting"), [("Priya Nair", "Hello Priya, I am Sue Reed."), (None, "Hello there, I am Sue Reed.")]
)
def test_variables_are_filled_with_what_is_known(workspace, agent, sue, name, greeting):
    reply = make_reply(workspace, sue)
    conversation = make_conversation(agent, make_customer(workspace.id, name))
    assert canned_replies.filled(reply, conversation, sue) == greeting


@pytest.mark.parametrize(
    "changes",
    [
        {"shortcut": "two words"},
        {"shortcut": ""},
        {"shortcut": "x" * 41},
        {"title": ""},
        {"text": " "},
        {"text": "x" * 4001},
        {"text": "Your {{customer.order}}."},
    ],
)
def test_what_cannot_be_used_is_refused(workspace, sue, changes):
    with pytest.raises(Invalid):
        make_reply(workspace, sue, **changes)
    assert not canned_replies.listed(workspace)


def test_a_shortcut_is_there_once_in_each_workspace(workspace, other_workspace, sue):
    make_reply(workspace, sue, shortcut="/Hello")
    with pytest.raises(Conflict, match="/hello already"):
        make_reply(workspace, sue)
    other = make_reply(workspace, sue, shortcut="bye")
    with pytest.raises(Conflict):
        canned_replies.change(other, shortcut="hello", title="Bye", text="Bye.", by=sue, now=NOW)
    assert make_reply(other_workspace, make_teammate(other_workspace, "Stan", Role.OWNER)).shortcut == "hello"


def test_what_is_typed_finds_the_shortcut_first_and_then_what_is_used_most(workspace, sue):
    make_reply(workspace, sue, shortcut="hours", title="When we are open", text="From 9 to 5.")
    often = make_reply(workspace, sue, shortcut="returns", title="Returns", text="Our opening hours do not matter.")
    canned_replies.note_use(workspace, often.id)
    make_reply(workspace, sue, shortcut="stores", title="Stores", text="Each has its own hours.")
    assert [reply.shortcut for reply in canned_replies.offered(workspace, "hours")] == ["hours", "returns", "stores"]
    assert [reply.shortcut for reply in canned_replies.offered(workspace, "")] == ["returns", "hours", "stores"]
    assert not canned_replies.offered(workspace, "%")


def test_a_strangers_reply_is_neither_found_nor_counted(workspace, other_workspace, sue):
    reply = make_reply(workspace, sue)
    with pytest.raises(NotFound):
        canned_replies.find(other_workspace, reply.id)
    canned_replies.note_use(other_workspace, reply.id)
    assert canned_replies.find(workspace, reply.id).used_count == 0


def test_each_change_is_in_the_audit_log(workspace, sue):
    reply = make_reply(workspace, sue)
    canned_replies.change(reply, shortcut="hi", title="Hi", text="Hi.", by=sue, now=NOW)
    canned_replies.remove(reply, by=sue, now=NOW)
    actions = {entry.action for entry in audits.page(workspace.id, Wanted()).entries}
    assert actions == {"canned_reply.add", "canned_reply.change", "canned_reply.remove"}
